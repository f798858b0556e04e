//! Exclusion constraints: rows that conflict with another, each counted once.

use super::objects::{Exclusion, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each exclusion constraint.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    table.exclusions.iter().map(|exclusion| probe(table, exclusion)).collect()
}

fn probe(table: &Table, exclusion: &Exclusion) -> Probe {
    let parts = || exclusion.parts.iter().enumerate();
    let named: Vec<String> = parts().map(|(place, part)| format!("({}) as part_{place}", part.expression)).collect();
    let conflict: Vec<String> = parts().map(|(place, part)| format!("other.part_{place} {} entry.part_{place}", part.operator)).collect();
    let statement = fill(
        include_str!("../../sql/verify/exclusion.sql"),
        &[
            ("source", &table.source),
            ("named", &named.join(", ")),
            ("predicate", exclusion.predicate.as_deref().unwrap_or("true")),
            ("conflict", &conflict.join(" and ")),
        ],
    );
    Probe::new(Kind::Exclusion, format!("{}: {}", table.qualified, exclusion.name), statement)
}
