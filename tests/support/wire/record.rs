//! A ledger and an observer in memory: a test reads from them what a run told and noted.

use serde_json::Value as Json;
use synthgen::engine::error::Error;
use synthgen::engine::model::{Access, Dialogue, Mode};
use synthgen::engine::port::{Database, LanguageModel, Ledger, Observer, Path, RunStart, TableOutcome, WrittenKeys};

use super::Wire;

/// What a run told and noted. No earlier run is known.
#[derive(Default)]
pub(crate) struct Record {
    /// The report, line by line.
    pub(crate) notices: Vec<String>,
    /// Tables, in the order they were done.
    pub(crate) outcomes: Vec<TableOutcome>,
    /// Keys written, by table.
    pub(crate) keys: Vec<(String, WrittenKeys)>,
    /// Documents, by name.
    pub(crate) documents: Vec<(String, Json)>,
    /// The rule document that the test stored.
    pub(crate) rules: Option<Json>,
    /// The reference rows that the test stored.
    pub(crate) reference: Option<Json>,
}

impl Observer for Wire {
    fn notice(&mut self, text: &str) {
        self.record.notices.push(text.to_owned());
    }

    fn interrupted(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

impl Ledger for Wire {
    fn lock(&mut self, _schema: &str) -> Result<(), Error> {
        Ok(())
    }

    fn begin(&mut self, _run: &RunStart) -> Result<i64, Error> {
        Ok(1)
    }

    fn table(&mut self, _run_id: i64, outcome: &TableOutcome) -> Result<(), Error> {
        self.record.outcomes.push(outcome.clone());
        Ok(())
    }

    fn document(&mut self, _run_id: i64, name: &str, document: &Json) -> Result<(), Error> {
        self.record.documents.push((name.to_owned(), document.clone()));
        Ok(())
    }

    fn keys(&mut self, _run_id: i64, _table_oid: u32, table_name: &str, keys: &WrittenKeys) -> Result<(), Error> {
        self.record.keys.push((table_name.to_owned(), keys.clone()));
        Ok(())
    }

    fn finish(&mut self, _run_id: i64) -> Result<(), Error> {
        Ok(())
    }

    fn row_base(&mut self, _table_oid: u32) -> Result<i64, Error> {
        Ok(0)
    }

    fn foreign_rows(&mut self, _table_oid: u32, table_name: &str, _key_columns: &[String]) -> Result<i64, Error> {
        let count = Database::document(self, Path::Caller, &format!("select pg_catalog.to_json(count(*)) from {table_name}"), &[])?;
        Ok(count.as_i64().expect("a count is a number"))
    }

    fn stored_rules(&mut self, _target: &str) -> Result<Option<Json>, Error> {
        Ok(self.record.rules.clone())
    }

    fn stored_reference(&mut self, _target: &str) -> Result<Option<Json>, Error> {
        Ok(self.record.reference.clone())
    }
}

impl LanguageModel for Wire {
    fn access(&mut self, _wanted: Option<&str>) -> Result<Access, Error> {
        Ok(Access::None("no model is asked by these tests".to_owned()))
    }

    fn stored(&mut self, keys: &[String]) -> Result<Vec<bool>, Error> {
        Ok(vec![false; keys.len()])
    }

    fn converse(&mut self, _run_id: i64, _mode: Mode, _model: &str, _dialogue: &mut dyn Dialogue) -> Result<(), Error> {
        panic!("there is no model to converse with")
    }
}
