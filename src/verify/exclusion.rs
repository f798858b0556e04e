//! Exclusion constraints: rows that conflict with another, each counted once.

use super::objects::{Exclusion, ExclusionPart, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each exclusion constraint.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    table.exclusions.iter().map(|exclusion| probe(table, exclusion)).collect()
}

fn probe(table: &Table, exclusion: &Exclusion) -> Probe {
    let parts = || exclusion.parts.iter().enumerate();
    let list = |each: &dyn Fn(usize, &ExclusionPart) -> String, between: &str| {
        parts().map(|(place, part)| each(place, part)).collect::<Vec<_>>().join(between)
    };
    let range = one_range(&exclusion.parts);
    let (template, entry) = match range {
        Some(_) => (include_str!("../../sql/verify/exclusion_ranges.sql"), "suspected"),
        None => (include_str!("../../sql/verify/exclusion.sql"), "entry"),
    };
    let equal: Vec<String> = parts().filter(|(place, _)| Some(*place) != range).map(|(place, _)| format!("part_{place}")).collect();
    let statement = fill(
        template,
        &[
            ("scanned", &table.source),
            ("named", &list(&|place, part| format!("({}) as part_{place}", part.expression), ", ")),
            ("expressions", &list(&|_, part| format!("({})", part.expression), ", ")),
            ("predicate", exclusion.predicate.as_deref().unwrap_or("true")),
            ("range", &range.map(|place| format!("part_{place}")).unwrap_or_default()),
            ("partition", &if equal.is_empty() { "true".to_owned() } else { equal.join(", ") }),
            ("conflict", &list(&|place, part| format!("other.part_{place} {} {entry}.part_{place}", part.operator), " and ")),
        ],
    );
    Probe::new(Kind::Exclusion, format!("{}: {}", table.qualified, exclusion.name), statement)
}

/// The place of the only range, where it must not overlap and all else must not be equal: such rows need not be
/// compared each with each.
fn one_range(parts: &[ExclusionPart]) -> Option<usize> {
    let place = parts.iter().position(|part| part.range && part.operator == "operator(pg_catalog.&&)")?;
    let others_equal = parts.iter().enumerate().all(|(other, part)| other == place || part.operator == "operator(pg_catalog.=)");
    others_equal.then_some(place)
}
