//! Primary keys and unique indexes: rows beyond the first of each group of equal keys.

use super::objects::{Key, KeyPart, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each unique index.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    table.keys.iter().map(|key| probe(table, key)).collect()
}

fn probe(table: &Table, key: &Key) -> Probe {
    let parts: Vec<String> = key.parts.iter().map(compared).collect();
    let keys = parts.join(", ");
    let named: Vec<String> = parts.iter().enumerate().map(|(place, part)| format!("{part} as part_{place}")).collect();
    let places: Vec<String> = (0..parts.len()).map(|place| (place + 2).to_string()).collect();
    let statement = fill(
        include_str!("../../sql/verify/unique.sql"),
        &[
            ("scanned", &table.source),
            ("parts", &(0..parts.len()).map(|place| format!("part_{place}")).collect::<Vec<_>>().join(", ")),
            ("named", &named.join(", ")),
            ("places", &places.join(", ")),
            ("predicate", &predicate(key, &keys)),
        ],
    );
    let kind = if key.primary { Kind::PrimaryKey } else { Kind::Unique };
    Probe::new(kind, format!("{}: {}", table.qualified, key.name), statement)
}

fn compared(part: &KeyPart) -> String {
    match &part.collation {
        Some(collation) => format!("(({}) collate {collation})", part.expression),
        None => format!("({})", part.expression),
    }
}

fn predicate(key: &Key, keys: &str) -> String {
    let partial = key.predicate.as_ref().map(|predicate| format!("({predicate})"));
    let distinct_nulls = (!key.nulls_not_distinct).then(|| format!("num_nulls({keys}) = 0"));
    let terms: Vec<String> = partial.into_iter().chain(distinct_nulls).collect();
    if terms.is_empty() { "true".into() } else { terms.join(" and ") }
}
