//! A cell of a list, read once: its alternatives found, its placeholders parsed.

use crate::engine::rules::template::Template;

/// What a list's cell says.
#[derive(Debug)]
pub struct Cell {
    text: Box<str>,
    words: Words,
}

/// How a cell's text is drawn.
#[derive(Debug)]
pub enum Words {
    /// As it stands.
    Plain,
    /// One of these, byte ranges of the text.
    OneOf(Box<[(u32, u32)]>),
    /// Composed from the row's facts.
    Composed(Template),
}

impl Cell {
    /// Reads a cell. A text with placeholders is one template, whatever bars its filters hold; one that is no template
    /// stands as it is.
    pub(super) fn new(text: &str) -> Self {
        let words = if text.contains('{') {
            Template::parse(text).map_or(Words::Plain, Words::Composed)
        } else if text.contains('|') {
            let start = |part: &str| (part.as_ptr() as usize - text.as_ptr() as usize) as u32;
            Words::OneOf(text.split('|').map(|part| (start(part), start(part) + part.len() as u32)).collect())
        } else {
            Words::Plain
        };
        Self { text: text.into(), words }
    }

    /// The text as it stands in the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is drawn.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The alternative at a place of a cell that has several.
    pub fn part(&self, range: (u32, u32)) -> &str {
        &self.text[range.0 as usize..range.1 as usize]
    }
}
