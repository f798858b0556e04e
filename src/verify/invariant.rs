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
    let named = invariant.id.contains(&invariant.object);
    let object = if named { invariant.id.clone() } else { format!("{}: {}", invariant.object, invariant.id) };
    Probe::new(Kind::Invariant, object, statement)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_invariant_is_asked_as_the_plan_states_it() {
        let probes = invariants(&json!({"invariants": [
            {"id": "sum", "object": "s.t", "statement": "select 3, 1;"},
            {"id": "same parent: s.t", "object": "s.t", "statement": "select 3, 1"}]}));

        assert_eq!(probes.iter().map(|probe| probe.object.as_str()).collect::<Vec<_>>(), ["s.t: sum", "same parent: s.t"]);
        assert!(probes[0].statement.contains("from (select 3, 1) as stated"), "{}", probes[0].statement);
        assert_eq!(invariants(&Json::Null).len(), 0);
    }
}
