//! Tests only: a database that answers from a script, in order.

use std::collections::VecDeque;

use serde_json::Value as Json;

use crate::engine::error::Error;
use crate::engine::port::{Database, Fields, Path};

/// Rows of text fields.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// Answers each statement with the next of its results, and notes what was asked.
#[derive(Default)]
pub(crate) struct FakeDatabase {
    answers: VecDeque<Result<Rows, Error>>,
    /// The statements, savepoints among them, in order.
    pub(crate) asked: Vec<String>,
}

impl FakeDatabase {
    /// Answers the next statement with rows; `""` is NULL.
    pub(crate) fn answer(mut self, rows: &[&[&str]]) -> Self {
        let field = |text: &&str| (!text.is_empty()).then(|| (*text).to_owned());
        self.answers.push_back(Ok(rows.iter().map(|row| row.iter().map(field).collect()).collect()));
        self
    }

    /// Answers the next statement with an error.
    pub(crate) fn fail(mut self, error: impl Into<Error>) -> Self {
        self.answers.push_back(Err(error.into()));
        self
    }

    fn next(&mut self, sql: &str, parameters: &Fields) -> Result<Rows, Error> {
        let parameters: Vec<&str> = parameters.iter().map(|field| field.unwrap_or("null")).collect();
        self.asked.push(format!("{sql} {}", parameters.join(", ")).trim().to_owned());
        self.answers.pop_front().unwrap_or_else(|| panic!("no answer is left for: {sql}"))
    }
}

impl Database for FakeDatabase {
    fn document(&mut self, _path: Path, sql: &str, parameters: &Fields) -> Result<Json, Error> {
        let rows = self.next(sql, parameters)?;
        let text = rows.first().and_then(|row| row.first()).and_then(Option::as_deref).unwrap_or("null");
        Ok(serde_json::from_str(text).expect("the script holds JSON"))
    }

    fn rows(
        &mut self,
        _path: Path,
        sql: &str,
        parameters: &Fields,
        each: &mut dyn FnMut(&Fields) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let rows = self.next(sql, parameters)?;
        for row in &rows {
            each(&row.iter().map(Option::as_deref).collect::<Vec<_>>())?;
        }
        Ok(rows.len() as u64)
    }

    fn execute(&mut self, _path: Path, sql: &str, parameters: &Fields) -> Result<u64, Error> {
        Ok(self.next(sql, parameters)?.len() as u64)
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.asked.push("savepoint".to_owned());
        Ok(())
    }

    fn release(&mut self) -> Result<(), Error> {
        self.asked.push("release".to_owned());
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Error> {
        self.asked.push("rollback".to_owned());
        Ok(())
    }
}
