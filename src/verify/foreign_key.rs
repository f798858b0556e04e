//! Foreign keys: children without a parent.

use super::objects::{ForeignKey, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each foreign key.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    table.foreign_keys.iter().map(|key| probe(table, key)).collect()
}

fn probe(table: &Table, key: &ForeignKey) -> Probe {
    let object = format!("{}: {}", table.qualified, key.name);
    if key.period {
        return Probe::unjudged(Kind::ForeignKey, object, "verify does not add up the periods of the parents");
    }
    let children: Vec<String> = key.pairs.iter().map(|pair| format!("child.{}", pair.child)).collect();
    let equal: Vec<String> =
        key.pairs.iter().map(|pair| format!("parent.{} {} child.{}", pair.parent, pair.operator, pair.child)).collect();
    let template =
        if key.full { include_str!("../../sql/verify/foreign_key_full.sql") } else { include_str!("../../sql/verify/foreign_key.sql") };
    let statement = fill(
        template,
        &[
            ("scanned", &table.source),
            ("referenced", &key.referenced),
            ("children", &children.join(", ")),
            ("width", &key.pairs.len().to_string()),
            ("equal", &equal.join(" and ")),
        ],
    );
    Probe::new(Kind::ForeignKey, object, statement)
}
