//! The few traits through which the engine touches the world; each door implements them.

use serde_json::Value as Json;

use crate::engine::error::Error;
use crate::engine::model::{Access, Dialogue, Mode};

/// Whose `search_path` a statement runs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// `pg_catalog, pg_temp`: introspection and whatever else holds only our own SQL.
    Pinned,
    /// The caller's own path and settings: whatever runs users' code.
    Caller,
}

/// What the database said when it refused.
#[derive(Debug, Clone, Default, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseError {
    /// Five characters.
    pub sqlstate: String,
    /// The primary message.
    pub message: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
    /// CONTEXT.
    pub context: Option<String>,
    /// Name of the violated constraint.
    pub constraint: Option<String>,
    /// Name of the column concerned.
    pub column: Option<String>,
    /// Name of the table concerned.
    pub table: Option<String>,
    /// Line of the COPY input that was refused, from 1.
    pub line: Option<u64>,
}

/// A row of text fields as the database prints them; `None` is NULL.
pub type Fields<'a> = [Option<&'a str>];

/// The database that is read and filled.
pub trait Database {
    /// Runs a query of one row and one column of JSON. Parameters are sent as text: cast them in the SQL (`$1::text`).
    fn document(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<Json, Error>;
    /// Runs a query and hands over its rows one by one as text, in bounded memory. Returns how many there were.
    fn rows(
        &mut self,
        path: Path,
        sql: &str,
        parameters: &Fields,
        each: &mut dyn FnMut(&Fields) -> Result<(), Error>,
    ) -> Result<u64, Error>;
    /// Runs a statement; returns the number of rows it processed.
    fn execute(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<u64, Error>;
    /// Opens a savepoint; they nest.
    fn savepoint(&mut self) -> Result<(), Error>;
    /// Keeps what was done since the innermost savepoint and closes it.
    fn release(&mut self) -> Result<(), Error>;
    /// Undoes what was done since the innermost savepoint and closes it. Must be called after any error inside it.
    fn rollback(&mut self) -> Result<(), Error>;
}

/// Where a table's rows go.
#[derive(Debug, Clone)]
pub struct CopyTarget {
    /// OID of the table.
    pub oid: u32,
    /// Its name, quoted and schema-qualified.
    pub name: String,
    /// The columns, unquoted, in the order of the fields of each row.
    pub columns: Vec<String>,
}

/// A table's rows as COPY text (tab, `\N`, newline; UTF-8), pulled in pieces.
pub trait RowSource {
    /// Appends some rows (at most a few hundred) to `buffer`; returns how many, 0 at the end.
    /// May return `Error::Cancelled`; never runs SQL.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<u64, Error>;
}

/// Takes a table's rows.
pub trait RowSink {
    /// Sends all rows of the source into the table by COPY; returns how many the database stored.
    fn copy(&mut self, target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error>;
}

/// Whom the run reports to.
pub trait Observer {
    /// A line of the report.
    fn notice(&mut self, text: &str);
    /// `Err(Cancelled)` when the user wants to stop. Cheap; asked at least every 5 ms of the engine's own work.
    fn interrupted(&mut self) -> Result<(), Error>;
    /// Milliseconds since the call began, for the report alone: no time reaches the data.
    fn elapsed_ms(&mut self) -> f64 {
        0.0
    }
}

/// The keys a run wrote into a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenKeys {
    /// A block of a sequence: first key, last key, increment. A single integer key column.
    Range {
        /// First key.
        first: i64,
        /// Last key.
        last: i64,
        /// Distance between two keys.
        increment: i64,
    },
    /// Key values as stored, in primary-key column order, as a JSON array of arrays of text.
    Values(Vec<Vec<String>>),
}

/// What is written of a run as it begins.
#[derive(Debug, Clone)]
pub struct RunStart {
    /// The call's target, as given.
    pub target: String,
    /// Seed.
    pub seed: i64,
    /// `as_of` in ISO 8601, UTC.
    pub as_of: String,
    /// The call's arguments.
    pub arguments: Json,
    /// Version of the algorithms that make the rows.
    pub algorithm_version: i32,
}

/// One of some words. By this name serde does not take it for a piece of the text that is read.
type Word = &'static str;

/// What is written of a table when it is done; a line of `generate`'s result too.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct TableOutcome {
    /// Order of loading, from 1.
    pub step: i32,
    /// Schema-qualified, quoted where SQL needs it.
    pub table_name: String,
    /// OID of the table.
    pub oid: u32,
    /// Rows asked for, or planned.
    pub requested: i64,
    /// Rows inserted in all.
    pub inserted: i64,
    /// Of these, rows the model wrote.
    pub llm_rows: i64,
    /// Of these, reference rows.
    pub reference_rows: i64,
    /// Of these, rows made by algorithms.
    pub algorithmic_rows: i64,
    /// Row number at which this run's rows begin.
    pub row_base: i64,
    /// filled | short | by trigger | existing | skipped | refused
    #[serde(deserialize_with = "known_verdict")]
    pub verdict: Word,
    /// Why, or what is worth knowing.
    pub detail: String,
    /// Milliseconds spent on the table.
    pub elapsed_ms: f64,
}

fn known_verdict<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    const KNOWN: [&str; 6] = ["filled", "short", "by trigger", "existing", "skipped", "refused"];
    let word = <String as serde::Deserialize>::deserialize(deserializer)?;
    KNOWN.into_iter().find(|known| *known == word).ok_or_else(|| serde::de::Error::unknown_variant(&word, &KNOWN))
}

/// The record of runs, kept by each door with its own rights.
pub trait Ledger {
    /// Takes the lock under which two runs into one schema wait for each other (until the transaction ends).
    fn lock(&mut self, schema: &str) -> Result<(), Error>;
    /// Notes a run as running; returns its number.
    fn begin(&mut self, run: &RunStart) -> Result<i64, Error>;
    /// Notes a table of the run.
    fn table(&mut self, run_id: i64, outcome: &TableOutcome) -> Result<(), Error>;
    /// Keeps a document of the run under a name (schema_ir, plan, ..).
    fn document(&mut self, run_id: i64, name: &str, document: &Json) -> Result<(), Error>;
    /// Keeps the keys the run wrote into a table.
    fn keys(&mut self, run_id: i64, table_oid: u32, table_name: &str, keys: &WrittenKeys) -> Result<(), Error>;
    /// Whether a run commits as it goes. Then what it began from is kept, it commits now and then, and may end there.
    fn commits(&self) -> bool {
        false
    }
    /// Keeps what a run began from.
    fn keep_begun(&mut self, _run_id: i64, _begun: &str) -> Result<(), Error> {
        Ok(())
    }
    /// Keeps how far a run is, and commits; no savepoint is open. `Err(Paused)` where the run is to go on another time.
    fn commit(&mut self, _run_id: i64, _progress: &str) -> Result<(), Error> {
        Ok(())
    }
    /// Notes the run as done.
    fn finish(&mut self, run_id: i64) -> Result<(), Error>;
    /// The greatest `row_base + requested` of earlier runs on the table, 0 if none.
    fn row_base(&mut self, table_oid: u32) -> Result<i64, Error>;
    /// How many rows of the table no run of ours wrote. `key_columns` are quoted, in primary-key order; a table
    /// without a primary key counts all its rows less those that runs inserted.
    fn foreign_rows(&mut self, table_oid: u32, table_name: &str, key_columns: &[String]) -> Result<i64, Error>;
    /// The rule document stored for the target schemas, merged; `None` where there is none.
    fn stored_rules(&mut self, target: &str) -> Result<Option<Json>, Error>;
    /// The lists of words that the caller has loaded: name and CSV text, by name.
    fn vocabularies(&mut self) -> Result<Vec<(String, String)>, Error> {
        Ok(Vec::new())
    }
    /// The reference rows stored for the target, as `reference::Reference` serialises.
    fn stored_reference(&mut self, target: &str) -> Result<Option<Json>, Error>;
}

/// The language model, with the rights and limits of the session. Each door has its own.
pub trait LanguageModel {
    /// The model of this session; `wanted` must be one of those allowed. Calls nothing.
    fn access(&mut self, wanted: Option<&str>) -> Result<Access, Error>;
    /// Of each question's key: whether its reply is stored. Calls nothing.
    fn stored(&mut self, keys: &[String]) -> Result<Vec<bool>, Error>;
    /// Carries out a dialogue: looks up stored replies, asks for the others, keeps each paid reply before it is read,
    /// records every exchange with the run. Cancellation ends it within 100 ms.
    ///
    /// `run_id` 0 (always with `Mode::Replay`) is a forecast or a preview: nothing is recorded, and a question without
    /// a stored reply is no error, its failure (`NotStored`) goes to the dialogue, which asks on.
    fn converse(&mut self, run_id: i64, mode: Mode, model: &str, dialogue: &mut dyn Dialogue) -> Result<(), Error>;
}

/// Everything a run needs of the world at once.
pub trait World: Database + RowSink + Observer + Ledger + LanguageModel {}
impl<T: Database + RowSink + Observer + Ledger + LanguageModel> World for T {}
