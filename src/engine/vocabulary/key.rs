//! One key of a vocabulary: the facts it asks for and the values it knows.

use foldhash::{HashMap, HashMapExt};

use super::alias::canonical;
use super::symbol::Symbol;
use super::words::{phrase, phrase_words};

/// Longest run of words of a fact that is compared with a key.
const LONGEST_RUN: usize = 5;

/// A `key:` column: a line is drawn only where its value agrees with the row's fact.
#[derive(Debug)]
pub(super) struct Key {
    /// Meanings asked in this order; the first is also the cell's own meaning.
    pub(super) sources: Vec<Symbol>,
    /// Column of the file that holds the key's cells.
    pub(super) column: usize,
    /// The numbers, from 1, of the values that lines name, by [`phrase`].
    known: HashMap<String, u16>,
    /// Some line has no value: it is for whatever the other lines do not name.
    pub(super) blank: bool,
}

impl Key {
    /// The key of a header cell's text behind `key:`.
    pub(super) fn new(sources: &str, column: usize) -> Self {
        let sources = sources.split('|').map(|source| Symbol::new(source.trim())).collect();
        Self { sources, column, known: HashMap::new(), blank: false }
    }

    /// Notes the values of a line's cell and returns their numbers; 0 means the line fits any fact.
    pub(super) fn learn(&mut self, cell: &str) -> Vec<u16> {
        let mut numbers = Vec::new();
        for value in cell.split('|').map(phrase).filter(|value| !value.is_empty()) {
            // A list with more values is refused when it has been read; until then they share the last number.
            let next = u16::try_from(self.known.len() + 1).unwrap_or(u16::MAX);
            let number = *self.known.entry(value).or_insert(next);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        if numbers.is_empty() {
            self.blank = true;
            numbers.push(0);
        }
        numbers
    }

    /// How many values lines name.
    pub(super) fn values(&self) -> usize {
        self.known.len()
    }

    /// The known value that a fact names: the whole fact, else its longest, then last, run of words.
    pub(super) fn resolve(&self, fact: &str) -> Option<u16> {
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
    fn recognise(&self, phrase: &str) -> Option<u16> {
        if let Some(&number) = self.known.get(phrase) {
            return Some(number);
        }
        let value = canonical(self.sources.first()?.as_str(), phrase)?;
        self.known.get(value).copied()
    }
}
