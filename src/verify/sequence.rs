//! Sequences: whether the application's next INSERT would take a number that is there already.

use super::objects::{Sequence, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each sequence that numbers a column and does not reuse its values.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    table.sequences.iter().filter(|sequence| !sequence.cycles).map(|sequence| probe(table, sequence)).collect()
}

fn probe(table: &Table, sequence: &Sequence) -> Probe {
    let (extreme, passed) = if sequence.increment > 0 { ("max", "<=") } else { ("min", ">=") };
    let statement = fill(
        include_str!("../../sql/verify/sequence.sql"),
        &[
            ("scanned", &table.source),
            ("sequence", &sequence.name),
            ("column", &sequence.column),
            ("increment", &sequence.increment.to_string()),
            ("extreme", extreme),
            ("passed", passed),
        ],
    );
    Probe::new(Kind::Sequence, format!("{}.{}: {}", table.qualified, sequence.column, sequence.name), statement)
}
