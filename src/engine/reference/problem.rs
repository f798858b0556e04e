//! What is wrong with a reference file, line by line.

use serde::Serialize;

use crate::engine::error::{Error, Report, sqlstate};

/// Most lines of a detail; beyond them only their number is told.
const MAX_LINES: usize = 100;

/// What helps where nothing more particular does.
pub(super) const MEND: &str = "Mend these lines and load the file again; nothing was stored.";

/// A problem of a reference file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line in the file, from 1.
    pub line: u64,
    /// SQLSTATE it is raised with.
    pub sqlstate: &'static str,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl Problem {
    /// A fault of the file's form.
    pub(super) fn form(line: u64, message: impl Into<String>) -> Self {
        Self::new(line, sqlstate::BAD_FILE_FORMAT, message)
    }

    pub(super) fn new(line: u64, sqlstate: &'static str, message: impl Into<String>) -> Self {
        Self { line, sqlstate, message: message.into(), hint: None }
    }

    /// An error of the engine, told of a line.
    pub(super) fn of(line: u64, error: Error) -> Self {
        match error {
            Error::Report(report) => Self { line, sqlstate: report.sqlstate, message: report.message, hint: report.hint.or(report.detail) },
            other => Self::form(line, other.to_string()),
        }
    }

    /// The same problem with a hint.
    pub(super) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }
}

/// The error that a file with problems raises: the first as its message, all of them in its detail.
pub fn refusal(problems: &[Problem]) -> Option<Error> {
    let first = problems.first()?;
    let told = |problem: &Problem| format!("line {}: {}", problem.line, problem.message);
    let message = match problems.len() {
        1 => format!("the reference rows cannot be used: {}", told(first)),
        count => format!("the reference rows cannot be used, {count} errors, the first: {}", told(first)),
    };
    let mut lines: Vec<String> = problems.iter().take(MAX_LINES).map(told).collect();
    if problems.len() > MAX_LINES {
        lines.push(format!("and {} more", problems.len() - MAX_LINES));
    }
    let hint = first.hint.clone().unwrap_or_else(|| MEND.to_owned());
    Some(Error::Report(Box::new(Report { sqlstate: first.sqlstate, message, detail: Some(lines.join("\n")), hint: Some(hint) })))
}
