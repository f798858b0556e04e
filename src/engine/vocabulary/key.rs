//! One key of a vocabulary: the facts it asks for and the values it knows.

use std::borrow::Cow;
use std::collections::HashSet;

use super::alias::canonical;
use super::words::{phrase, phrase_words};

/// Longest run of words of a fact that is compared with a key.
const LONGEST_RUN: usize = 5;

/// A `key:` column: a line is drawn only where its value agrees with the row's fact.
#[derive(Debug)]
pub(super) struct Key {
    /// Meanings asked in this order; the first is also the cell's own meaning.
    pub(super) sources: Vec<String>,
    /// Column of the file that holds the key's cells.
    pub(super) column: usize,
    /// Every value some line names, as a [`phrase`].
    known: HashSet<String>,
    /// Some line has no value: it is for whatever the other lines do not name.
    blank: bool,
}

impl Key {
    /// The key of a header cell's text behind `key:`.
    pub(super) fn new(sources: &str, column: usize) -> Self {
        let sources = sources.split('|').map(|source| source.trim().to_owned()).collect();
        Self { sources, column, known: HashSet::new(), blank: false }
    }

    /// Notes the values of a line's cell and returns them; none means the line fits any fact.
    pub(super) fn learn(&mut self, cell: &str) -> Vec<String> {
        let values: Vec<String> = cell.split('|').map(phrase).filter(|value| !value.is_empty()).collect();
        self.known.extend(values.iter().cloned());
        self.blank |= values.is_empty();
        values
    }

    /// The key's value for a row, or none where no fact of the row says anything known; a fact that no line
    /// names is for the lines without a value, where there are any.
    pub(super) fn value_of<'f>(&self, facts: &dyn Fn(&str) -> Option<Cow<'f, str>>) -> Option<String> {
        let known = self.sources.iter().find_map(|source| self.resolve(&facts(source)?));
        known.or_else(|| self.sources.iter().find_map(|source| facts(source)).filter(|_| self.blank).map(|fact| phrase(&fact)))
    }

    /// The known value that a fact names: the whole fact, else its longest, then last, run of words.
    fn resolve(&self, fact: &str) -> Option<String> {
        let words = phrase_words(fact);
        let whole = words.join(" ");
        if let Some(found) = self.recognise(&whole) {
            return Some(found);
        }
        (1..words.len().min(LONGEST_RUN + 1))
            .rev()
            .find_map(|length| words.windows(length).rev().find_map(|run| self.recognise(&run.join(" "))))
    }

    /// The known value that a phrase is or is another spelling of.
    fn recognise(&self, phrase: &str) -> Option<String> {
        if let Some(value) = self.known.get(phrase) {
            return Some(value.clone());
        }
        let value = canonical(self.sources.first()?, phrase)?;
        self.known.get(value).cloned()
    }
}
