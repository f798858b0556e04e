//! Invariants: statements that the plan of a run states about its rows.

use serde::Deserialize;
use serde_json::Value as Json;

use super::probe::{Kind, Probe};
use super::template::fill;

/// An invariant as the plan's document holds it.
#[derive(Debug, Deserialize)]
struct Invariant {
    /// Its name.
    id: String,
    /// What it speaks of.
    object: String,
    /// A SELECT of one row: rows checked, rows that break it.
    statement: String,
}

/// A probe for each invariant of a plan document (`invariants`: id, object, statement); none where there are none.
pub fn invariants(plan: &Json) -> Vec<Probe> {
    let listed = plan.get("invariants").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    listed.iter().filter_map(|invariant| Invariant::deserialize(invariant).ok()).map(|invariant| probe(&invariant)).collect()
}

fn probe(invariant: &Invariant) -> Probe {
    let stated = invariant.statement.trim().trim_end_matches(';');
    let statement = fill(include_str!("../../sql/verify/invariant.sql"), &[("statement", stated)]);
    Probe::new(Kind::Invariant, format!("{}: {}", invariant.object, invariant.id), statement)
}
