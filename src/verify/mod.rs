//! Counts what is broken in a schema, by SQL over the catalog's own text; used by every door.
//!
//! Shares no code with `engine`, so that a mistake made there is not repeated here: a door runs
//! [`OBJECTS`], hands the document to [`Objects::parse`], runs the probes it gets back under the caller's
//! own path with [`Probe::settings`] in force, and asks each probe what its row means.

mod check;
mod exclusion;
mod foreign_key;
mod invariant;
mod key;
mod objects;
mod probe;
mod rule;
mod sequence;
mod template;

pub use invariant::Invariant;
pub use objects::{Error, Objects};
pub use probe::{Finding, Kind, Probe, Verdict, problems_first};
pub use rule::rules;

/// The catalog query: one JSON document. `$1` is a JSON array of schema names; runs under `pg_catalog, pg_temp`.
pub const OBJECTS: &str = include_str!("../../sql/verify/objects.sql");

/// A document of a run: `$1` run, `$2` name; as the caller.
pub const RUN_DOCUMENT: &str = include_str!("../../sql/verify/run_document.sql");

/// What the plans of runs state: `$1` target, `$2` one run, or NULL for all of the target; as the caller.
pub const INVARIANTS: &str = include_str!("../../sql/verify/invariants.sql");

/// Target and status of a run: `$1` run; as the caller.
pub const RUN: &str = include_str!("../../sql/verify/run.sql");

/// The caller's last finished run on a target: `$1` target; as the caller.
pub const LATEST_RUN: &str = include_str!("../../sql/verify/latest_run.sql");

/// The probes of all tables, by table: rows first, then its keys, references and conditions.
pub fn probes(objects: &Objects) -> Vec<Probe> {
    let mut probes = Vec::new();
    for table in &objects.tables {
        if !table.derived {
            let rows = template::fill(include_str!("../../sql/verify/rows.sql"), &[("scanned", &table.source)]);
            probes.push(Probe::new(Kind::Rows, table.qualified.clone(), rows));
        }
        probes.extend(key::probes(table));
        probes.extend(foreign_key::probes(table));
        probes.extend(check::probes(table));
        probes.extend(exclusion::probes(table));
        probes.extend(sequence::probes(table));
    }
    probes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_statement_is_filled_to_the_end() {
        let part = json!({"expression": "k", "collation": null, "range": true, "operator": "operator(pg_catalog.&&)"});
        let plain = json!({"expression": "k", "range": false, "operator": "operator(pg_catalog.<>)"});
        let condition = json!([{"name": "c", "expression": "k > 0"}]);
        let pair = json!([{"child": "k", "parent": "k", "operator": "="}]);
        let reference =
            |full: bool| json!({"name": "f", "full": full, "period": false, "referenced_oid": 1, "referenced": "only s.t", "pairs": pair});
        let objects = Objects::parse(&json!({"schemas": ["s"], "tables": [{
            "oid": 1, "schema": "s", "name": "t", "qualified": "s.t", "source": "only s.t", "derived": false,
            "columns": [{"name": "k", "quoted": "k", "type": "s.d", "category": "N", "not_null": true,
                         "domains": [{"name": "s.d", "not_null": true, "base": "int4", "checks": condition}]}],
            "keys": [{"name": "u", "primary": true, "nulls_not_distinct": false, "predicate": "k > 1", "parts": [part]}],
            "foreign_keys": [reference(false), reference(true)], "checks": condition, "partition_bound": "k > 2",
            "exclusions": [{"name": "x", "predicate": null, "parts": [part]}, {"name": "y", "predicate": "k > 3", "parts": [plain]}],
            "sequences": [{"name": "s.q", "column": "k", "increment": 1, "cycles": false}]}]}))
        .expect("the document is complete");
        let rules = rules(
            &objects,
            &json!({"rules": [
            {"id": "a", "on": "t.k", "choice": ["1"]}, {"id": "b", "on": "t.k", "range": [1, 2]},
            {"id": "c", "on": "t.k", "normal": {"mean": 1, "sd": 2, "min": 0}}, {"id": "d", "on": "t.k", "template": "x{digits:2}"},
            {"id": "e", "on": "t.k", "null": 0.5}, {"id": "f", "on": "t.k", "when": "k under 'x'", "lognormal": {"median": 1, "sigma": 2}}],
            "relations": [{"id": "g", "on": "t.k", "children": {"zipf": 1.0, "max": 3}}]}),
        );

        let statements: Vec<String> = probes(&objects).into_iter().chain(rules).map(|probe| probe.statement).collect();

        assert_eq!(statements.len(), 19);
        for statement in statements {
            let left = statement.replace("{2}", "");
            assert!(!left.contains(['{', '}']) && !left.contains("not checked"), "{statement}");
        }
    }
}
