//! Things that last hours: a class, a visit, a shift. Which words of tables say so is data (`data/sessions.csv`: word, hours,
//! planned): usual hours, and whether somebody plans them, so that they begin on the quarter of an hour.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::plan::Lag;

/// How long rows of a table last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Session {
    hours: f64,
    /// It begins and ends on the quarter of an hour.
    pub(super) planned: bool,
}

#[derive(Deserialize)]
struct Line {
    word: String,
    hours: f64,
    planned: String,
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
    Some(Session { hours: found.hours, planned: found.planned == "yes" })
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
}
