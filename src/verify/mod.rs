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

pub use invariant::invariants;
pub use objects::{Error, Objects};
pub use probe::{Finding, Kind, Probe, Verdict, problems_first};
pub use rule::rules;

/// The catalog query: one JSON document. `$1` is a JSON array of schema names; runs under `pg_catalog, pg_temp`.
pub const OBJECTS: &str = include_str!("../../sql/verify/objects.sql");

/// A document of a run: `$1` run, `$2` name; as the caller.
pub const RUN_DOCUMENT: &str = include_str!("../../sql/verify/run_document.sql");

/// The caller's last finished run on a target: `$1` target; as the caller.
pub const LATEST_RUN: &str = include_str!("../../sql/verify/latest_run.sql");

/// The probes of all tables, by table: rows first, then its keys, references and conditions.
pub fn probes(objects: &Objects) -> Vec<Probe> {
    let mut probes = Vec::new();
    for table in &objects.tables {
        if !table.derived {
            let rows = template::fill(include_str!("../../sql/verify/rows.sql"), &[("source", &table.source)]);
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
