//! A pattern of column names: words, with `*` for any words between or around them; after `=` the table's words come first.

use super::words::{singular, words};

/// Shortest word that is looked for inside a compound (`kundenstrasse` ends with `strasse`).
pub(super) const SHORTEST_COMPOUND_PART: usize = 5;

/// One name under which a meaning appears.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The pattern as the registry spells it, for reasons shown to people.
    pub text: String,
    /// A homonym: it holds only where the meaning's context is present.
    pub needs_context: bool,
    /// It is compared with the table's name and the column's in one: what a bare `name` names, its table says.
    pub of_table: bool,
    /// It does not hold with the table's own name in front: a house's number is not the number of its people.
    pub(super) whole: bool,
    parts: Vec<Part>,
    /// The literal words without blanks, so that `firstname` is found by `first_name`.
    joined: String,
    wild: bool,
}

/// What every name that a pattern fits has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor<'p> {
    /// All its letters.
    Whole(&'p str),
    /// Its last word, or the end of it.
    Last(&'p str),
    /// Its first word.
    First(&'p str),
    /// Nothing.
    Anywhere,
}

/// A word that must be there, or any number of words.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Word(String),
    Any,
}

impl Pattern {
    /// Reads a pattern; a `?` in front marks a homonym, a `=` the name of a table's column with its table's, a `!` a name that
    /// is the column's whole name.
    pub(super) fn new(text: &str) -> Self {
        let (needs_context, text) = match text.strip_prefix('?') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (of_table, text) = match text.strip_prefix('=') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let mut parts = Vec::new();
        for piece in text.split('_').filter(|piece| !piece.is_empty()) {
            match piece {
                "*" => parts.push(Part::Any),
                word => parts.extend(words(word).iter().map(|word| Part::Word(singular(word)))),
            }
        }
        let joined = parts.iter().map(Part::text).collect();
        let wild = parts.contains(&Part::Any);
        Self { text: text.to_owned(), needs_context, of_table, whole, parts, joined, wild }
    }

    /// Whether it names the whole column and needs nothing around it.
    pub(super) fn is_plain(&self) -> bool {
        self.of_table || !self.wild && !self.needs_context
    }

    /// Whether it is this name without blanks, whatever stands around it.
    pub(super) fn is_alone(&self, name: &str) -> bool {
        !self.needs_context && !self.of_table && !self.wild && self.joined == name
    }

    /// Where a name must be looked at to see whether the pattern may fit it.
    pub(super) fn anchor(&self) -> Anchor<'_> {
        match (self.wild, self.parts.first(), self.parts.last()) {
            (false, ..) => Anchor::Whole(&self.joined),
            (true, _, Some(Part::Word(last))) => Anchor::Last(last),
            (true, Some(Part::Word(first)), _) => Anchor::First(first),
            (true, ..) => Anchor::Anywhere,
        }
    }

    /// How well a name (singular words) fits, from 0 to 1; none where it does not.
    ///
    /// 1 is the exact name; a wildcard counts by the share of letters that the pattern spells out.
    pub(super) fn fit(&self, name: &[String]) -> Option<f64> {
        let letters: usize = name.iter().map(String::len).sum();
        if letters == 0 {
            return None;
        }
        if !self.wild {
            let same = letters == self.joined.len() && name.iter().flat_map(|word| word.bytes()).eq(self.joined.bytes());
            return same.then_some(1.0);
        }
        let share = self.joined.len() as f64 / letters as f64;
        if matches(&self.parts, name) {
            return Some(0.5 + 0.4 * share);
        }
        self.ends_compound(name).then_some(0.3 + 0.3 * share)
    }

    /// Whether the name's last word ends with the pattern's only word, as German compounds do.
    fn ends_compound(&self, name: &[String]) -> bool {
        match (self.parts.as_slice(), name.last()) {
            ([Part::Any, Part::Word(part)], Some(last)) => part.len() >= SHORTEST_COMPOUND_PART && last.ends_with(part.as_str()),
            _ => false,
        }
    }
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Any => "",
        }
    }
}

/// Whether the words of a name follow the parts; `*` stands for any number, none included.
fn matches(parts: &[Part], name: &[String]) -> bool {
    match parts.split_first() {
        None => name.is_empty(),
        Some((Part::Any, rest)) => (0..=name.len()).any(|skipped| matches(rest, &name[skipped..])),
        Some((Part::Word(word), rest)) => name.first() == Some(word) && matches(rest, &name[1..]),
    }
}
