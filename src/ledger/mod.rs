//! The record of runs as SQL: fixed statements, one a file, for the doors that keep it.
//!
//! What touches the ledger's tables runs as the extension's owner under `pg_catalog, pg_temp`; what touches a
//! user's table runs as the caller, in a statement of its own ([`written`]). No statement does both.
//! Every parameter is text; the casts stand in the SQL.

pub mod model;
mod reference;
pub mod state;
pub mod written;

pub use reference::{document_of_rows, rows_of_document};

/// Takes the lock on a schema until the transaction ends: `$1` schema.
pub const LOCK: &str = include_str!("../../sql/ledger/lock.sql");
/// Notes a run, returns its number: `$1` target, `$2` seed, `$3` as_of, `$4` arguments, `$5` algorithm version, `$6` OID of the calling role.
pub const BEGIN: &str = include_str!("../../sql/ledger/begin.sql");
/// Notes a table: `$1` run, `$2` step, `$3` name, `$4` OID, `$5` requested, `$6` inserted, `$7` by a model, `$8` reference, `$9` algorithms, `$10` row base, `$11` verdict, `$12` detail, `$13` milliseconds.
pub const TABLE: &str = include_str!("../../sql/ledger/table.sql");
/// Keeps a document: `$1` run, `$2` name, `$3` document.
pub const DOCUMENT: &str = include_str!("../../sql/ledger/document.sql");
/// Keeps a block of keys: `$1` run, `$2` table OID, `$3` table, `$4` first, `$5` last, `$6` increment.
pub const KEY_RANGE: &str = include_str!("../../sql/ledger/key_range.sql");
/// Keeps key values: `$1` run, `$2` table OID, `$3` table, `$4` JSON array of arrays of text.
pub const KEY_VALUES: &str = include_str!("../../sql/ledger/key_values.sql");
/// Notes the run as done: `$1` run.
pub const FINISH: &str = include_str!("../../sql/ledger/finish.sql");
/// Notes the run as ended early: `$1` run, `$2` failed or cancelled, `$3` message.
pub const FAIL: &str = include_str!("../../sql/ledger/fail.sql");
/// The row number behind the last one planned for a table: `$1` table OID.
pub const ROW_BASE: &str = include_str!("../../sql/ledger/row_base.sql");
/// Rows that runs inserted into a table: `$1` table OID.
pub const INSERTED_ROWS: &str = include_str!("../../sql/ledger/inserted_rows.sql");
/// Integer keys that runs wrote, as rows of step, residue, firsts, lasts: `$1` table OID.
pub const WRITTEN_RANGES: &str = include_str!("../../sql/ledger/written_ranges.sql");
/// Keys that runs wrote, as rows of a JSON array of at most 10,000 keys: `$1` table OID.
pub const WRITTEN_VALUES: &str = include_str!("../../sql/ledger/written_values.sql");
/// The primary key's columns as rows of quoted name, type, whether an integer: `$1` table OID. Run as the caller.
pub const KEY_COLUMNS: &str = include_str!("../../sql/ledger/key_columns.sql");
/// The rule documents stored for a target, as a JSON array: `$1` JSON array of schemas.
pub const RULES_GET: &str = include_str!("../../sql/ledger/rules_get.sql");
/// Stores a target's rule document: `$1` JSON array of schemas, `$2` document, `$3` role.
pub const RULES_PUT: &str = include_str!("../../sql/ledger/rules_put.sql");
/// Forgets a target's rule document: `$1` JSON array of schemas.
pub const RULES_DELETE: &str = include_str!("../../sql/ledger/rules_delete.sql");
/// The reference rows of a target, as a JSON array ([`document_of_rows`] turns it back): `$1` JSON array of schemas.
pub const REFERENCE_GET: &str = include_str!("../../sql/ledger/reference_get.sql");
/// Stores reference rows: `$1` JSON array of schemas, `$2` JSON array of rows ([`rows_of_document`]).
pub const REFERENCE_PUT: &str = include_str!("../../sql/ledger/reference_put.sql");
/// Forgets a target's reference rows: `$1` JSON array of schemas.
pub const REFERENCE_DELETE: &str = include_str!("../../sql/ledger/reference_delete.sql");
/// Keeps a role's list of words: `$1` name, `$2` CSV text, `$3` role.
pub const VOCABULARY_PUT: &str = include_str!("../../sql/ledger/vocabulary_put.sql");
/// A role's lists of words, as a JSON array of name and CSV text: `$1` role.
pub const VOCABULARY_GET: &str = include_str!("../../sql/ledger/vocabulary_get.sql");
