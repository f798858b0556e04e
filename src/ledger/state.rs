//! The part of the record by which a run that commits as it goes is taken up again.

/// Keeps what a run began from: `$1` run, `$2` what it began from.
pub const BEGIN: &str = include_str!("../../sql/ledger/state_begin.sql");
/// Keeps how far a run is, returns how often it was saved: `$1` run, `$2` how far.
pub const SAVE: &str = include_str!("../../sql/ledger/state_save.sql");
/// Takes a run's lock and tells how often it was saved; NULL where another session has it: `$1` run.
pub const STEPS: &str = include_str!("../../sql/ledger/state_steps.sql");
/// The number of the latest run that the same call began and did not end: `$1` OID of the role, `$2` arguments.
pub const FIND: &str = include_str!("../../sql/ledger/state_find.sql");
/// What a run began from and how far it is: `$1` run, `$2` OID of the role.
pub const GET: &str = include_str!("../../sql/ledger/state_get.sql");
/// The target of a run: `$1` run, `$2` OID of the role.
pub const TARGET: &str = include_str!("../../sql/ledger/state_target.sql");
