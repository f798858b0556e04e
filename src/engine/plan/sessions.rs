//! Things that last hours: a class, a visit, a shift. Which words of tables say so is data (`data/sessions.csv`: word, hours,
//! planned, ahead): usual hours; whether somebody plans them, so that they begin on the quarter of an hour (`period`: where a
//! stamp tells a beginning of its own, which that of a parcel's event does not); and how many days before it half of them are
//! entered. What is done on the way there is in `data/before_begin.csv` (word, unit, least, most): parts of the `way` from the
//! entry to the beginning, or `minutes` from the beginning. How long a thing of a kind lasts, where a column says which it is,
//! is in `data/stay_hours.csv` (word, hours): an inpatient stays for days.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::engine::catalog::ColumnId;
use crate::engine::catalog::names::{normalise, singular};
use crate::engine::plan::{ColumnPlan, Lag, Source};
use crate::engine::value::Value;

/// How long rows of a table last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Session {
    hours: f64,
    /// It begins and ends on the quarter of an hour.
    pub(super) planned: bool,
    /// It is one only where a stamp tells that it begins.
    pub(super) by_period: bool,
    /// Half of them are entered so many days before they begin, at least.
    pub(super) ahead: f64,
}

/// When something is done before a thing begins, or about then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Before {
    /// A part of the way from its entry to its beginning.
    Way(f64, f64),
    /// Minutes from its beginning.
    Minutes(f64, f64),
}

#[derive(Deserialize)]
struct Step {
    word: String,
    unit: String,
    least: f64,
    most: f64,
}

#[derive(Deserialize)]
struct Line {
    word: String,
    hours: f64,
    planned: String,
    ahead: f64,
}

impl Session {
    /// The lag of its end after its beginning.
    pub(super) fn lag(self) -> Lag {
        let days = self.hours / 24.0;
        Lag { median: days, sigma: 0.3, max: days * 3.0, future: false }
    }
}

/// What a table's name says; the last of its words that says something.
pub(super) fn session(table: &str) -> Option<Session> {
    let words = normalise(table);
    let pairs = words.windows(2).map(<[String]>::concat);
    let known = |word: &str| sessions().iter().find(|line| line.word == singular(word));
    let found = words.iter().rev().find_map(|word| known(word)).or_else(|| pairs.rev().find_map(|word| known(&word)))?;
    Some(Session { hours: found.hours, planned: found.planned != "no", by_period: found.planned == "period", ahead: found.ahead })
}

/// From so many hours on somebody stays.
const STAYS: f64 = 4.0;

/// By the labels of a kind, how many days a thing of that kind lasts, where one of them says that somebody stays.
fn days_by_label(labels: &[Value]) -> Vec<(Value, f64)> {
    let hours = |label: &Value| match label {
        Value::Text(text) => {
            let words = normalise(text);
            let pairs = words.windows(2).map(<[String]>::concat);
            let known = |word: &str| stays().iter().find(|line| line.0 == word).map(|line| line.1);
            pairs.into_iter().find_map(|pair| known(&pair)).or_else(|| words.iter().find_map(|word| known(word)))
        }
        _ => None,
    };
    let found: Vec<(Value, f64)> = labels.iter().filter_map(|label| Some((label.clone(), hours(label)? / 24.0))).collect();
    let stays = found.iter().any(|(_, days)| days * 24.0 > STAYS);
    if stays && found.len() * 2 >= labels.len() { found } else { Vec::new() }
}

/// The kinds of rows that last hours or days, of a table of this name, and how long each does.
pub(super) fn lasts(table: &str, columns: &[ColumnPlan]) -> Option<(ColumnId, Vec<(Value, f64)>)> {
    session(table)?;
    columns.iter().enumerate().find_map(|(column, planned)| {
        let Source::Choice { values, .. } = &planned.source else { return None };
        let days = days_by_label(values);
        (!days.is_empty()).then_some((column, days))
    })
}

fn stays() -> &'static [(String, f64)] {
    static STAYS: OnceLock<Vec<(String, f64)>> = OnceLock::new();
    STAYS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/stay_hours.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

/// What a stamp's name says of the way to a beginning: its first pair of words that says something, else its first word.
pub(super) fn before_begin(column: &str) -> Option<Before> {
    let words: Vec<String> = normalise(column);
    let pairs = words.windows(2).map(<[String]>::concat);
    let known = |word: &str| steps().iter().find(|step| step.word == word || step.word == singular(word));
    let step = pairs.into_iter().find_map(|pair| known(&pair)).or_else(|| words.iter().find_map(|word| known(word)))?;
    Some(if step.unit == "minutes" { Before::Minutes(step.least, step.most) } else { Before::Way(step.least, step.most) })
}

fn steps() -> &'static [Step] {
    static STEPS: OnceLock<Vec<Step>> = OnceLock::new();
    STEPS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/before_begin.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

fn sessions() -> &'static [Line] {
    static SESSIONS: OnceLock<Vec<Line>> = OnceLock::new();
    SESSIONS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/sessions.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_sessions_are_known_by_their_words() {
        let hours = |table: &str| session(table).map(|session| session.hours);
        assert_eq!(hours("class_sessions"), Some(1.2));
        assert_eq!(hours("check_ins"), Some(1.3));
        assert_eq!(hours("EmployeeShifts"), Some(8.0));
        assert_eq!(hours("contracts"), None);
    }

    #[test]
    fn what_somebody_stays_for_lasts_days() {
        let days = |labels: &[&str]| days_by_label(&labels.iter().map(|label| Value::text(*label)).collect::<Vec<_>>());
        assert_eq!(days(&["inpatient", "office_visit"])[0], (Value::text("inpatient"), 4.0));
        assert_eq!(days(&["Day case", "Inpatient", "other"]).len(), 2);
        assert_eq!(days(&["video", "virtual"]), []);
    }

    #[test]
    fn what_is_done_before_a_beginning_is_known_by_its_words() {
        assert_eq!(before_begin("sales_end_at"), Some(Before::Way(0.86, 1.0)));
        assert_eq!(before_begin("booked_at"), Some(Before::Way(0.0, 0.0)));
        assert_eq!(before_begin("doors_open_at"), Some(Before::Minutes(-90.0, -30.0)));
        assert_eq!(before_begin("starts_at"), None);
    }
}
