//! What is wrong with a rule document: every problem with the JSON pointer that leads to it.

use std::fmt;

use serde::Serialize;
use serde_json::Value as Json;

use crate::engine::error::{Error, Report, sqlstate};

/// A problem of a rule document; a line of `check_rules`' result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// JSON pointer into the document.
    pub path: String,
    /// Id of the rule or relation it is about, where there is one.
    pub rule: Option<String>,
    /// How grave it is.
    pub severity: Severity,
    /// SQLSTATE it is raised with.
    pub sqlstate: &'static str,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// It can, but not as written.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Problem {
    /// The same problem with a hint.
    pub(super) fn hint(&mut self, text: impl Into<String>) -> &mut Self {
        self.hint = Some(text.into());
        self
    }

    /// The same problem with another SQLSTATE.
    pub(super) fn state(&mut self, sqlstate: &'static str) -> &mut Self {
        self.sqlstate = sqlstate;
        self
    }
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    pub(super) fn error(&mut self, path: &str, message: impl Into<String>) -> &mut Problem {
        self.push(path, Severity::Error, sqlstate::INVALID_PARAMETER, message.into())
    }

    pub(super) fn unsupported(&mut self, path: &str, message: impl Into<String>) -> &mut Problem {
        self.push(path, Severity::Error, sqlstate::NOT_SUPPORTED, message.into())
    }

    pub(super) fn warning(&mut self, path: &str, message: impl Into<String>) -> &mut Problem {
        self.push(path, Severity::Warning, "01000", message.into())
    }

    pub(super) fn note(&mut self, path: &str, message: impl Into<String>) -> &mut Problem {
        self.push(path, Severity::Note, "00000", message.into())
    }

    /// How many there are so far.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// How many errors there are so far.
    pub(super) fn errors(&self) -> usize {
        self.list.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// All of them, errors first, otherwise as found, each with the id of its rule in the document.
    pub(super) fn into_sorted(mut self, document: &Json) -> Vec<Problem> {
        for problem in &mut self.list {
            problem.rule = rule(document, &problem.path);
        }
        self.list.sort_by_key(|problem| problem.severity);
        self.list
    }

    fn push(&mut self, path: &str, severity: Severity, sqlstate: &'static str, message: String) -> &mut Problem {
        let at = self.list.len();
        self.list.push(Problem { path: path.to_owned(), rule: None, severity, sqlstate, message, hint: None });
        &mut self.list[at]
    }
}

/// The id of the rule or relation that a pointer leads into.
fn rule(document: &Json, path: &str) -> Option<String> {
    let mut steps = path.match_indices('/').map(|(at, _)| at);
    let end = steps.nth(2).unwrap_or(path.len());
    let id = document.pointer(&format!("{}/id", &path[..end]))?;
    id.as_str().map(str::to_owned)
}

/// A problem with where it is: by the rule's id, for a document may be merged from several.
fn told(problem: &Problem) -> String {
    match &problem.rule {
        Some(rule) => format!("rule \"{rule}\", {}: {}", problem.path, problem.message),
        None if problem.path.is_empty() => problem.message.clone(),
        None => format!("{}: {}", problem.path, problem.message),
    }
}

/// The error that a document with errors raises: the first as its message, all of them in its detail.
pub fn refusal(problems: &[Problem]) -> Option<Error> {
    let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    let first = errors.first()?;
    let message = match errors.len() {
        1 => format!("the rules cannot be used: {}", told(first)),
        count => format!("the rules cannot be used, {count} errors, the first: {}", told(first)),
    };
    let lines: Vec<String> = errors.iter().map(|problem| told(problem)).collect();
    let hint = first.hint.clone().unwrap_or_else(|| "check_rules tells all that is wrong with a document, and stores nothing.".to_owned());
    Some(Error::Report(Box::new(Report { sqlstate: first.sqlstate, message, detail: Some(lines.join("\n")), hint: Some(hint) })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_refuse_and_all_are_told() {
        let mut problems = Problems::default();
        problems.warning("/w", "odd");
        assert!(refusal(&problems.into_sorted(&Json::Null)).is_none());
        let mut problems = Problems::default();
        problems.note("/n", "known");
        problems.unsupported("/a", "one").hint("help");
        problems.error("/rules/1/when", "two");
        problems.error("", "three");
        let document = serde_json::json!({"rules": [{"id": "x"}, {"id": "y"}]});
        let Some(Error::Report(report)) = refusal(&problems.into_sorted(&document)) else { panic!("errors refuse") };
        assert_eq!(report.sqlstate, "0A000");
        assert_eq!(report.message, "the rules cannot be used, 3 errors, the first: /a: one");
        assert_eq!(report.detail.as_deref(), Some("/a: one\nrule \"y\", /rules/1/when: two\nthree"));
        assert_eq!(report.hint.as_deref(), Some("help"));
    }
}
