//! How a text is felt, by a published lexicon (tests/data/sentiment): an opinion that is not the engine's own.

use std::collections::HashMap;

use super::repository_file;

/// What turns the words after it around, as far as the next comma.
const DENIALS: [&str; 12] = ["not", "no", "never", "nor", "without", "hardly", "neither", "none", "nothing", "cannot", "barely", "seldom"];

/// How many words a denial reaches, and what it makes of their valence (as in VADER).
const REACH: usize = 3;
const DENIED: f64 = -0.74;

pub(crate) struct Lexicon(HashMap<String, f64>);

impl Lexicon {
    pub(crate) fn published() -> Self {
        let text = repository_file("tests/data/sentiment/lexicon.csv");
        Self(csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(|line| line.expect("word and valence")).collect())
    }

    /// The sum of the words' valences. Words of `about` (the name of what is spoken of) count nothing: a love story may be
    /// a bad one.
    pub(crate) fn net(&self, text: &str, about: &str) -> f64 {
        let named: Vec<String> = words(about).collect();
        let clauses = text.split([',', '.', ';', ':', '!', '?', '(', ')']);
        clauses.map(|clause| self.clause(&words(clause).collect::<Vec<_>>(), &named)).sum()
    }

    fn clause(&self, words: &[String], named: &[String]) -> f64 {
        let denies = |word: &String| DENIALS.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t");
        let felt = words.iter().enumerate().filter(|(_, word)| !denies(word) && !named.contains(word)).map(|(at, word)| {
            let valence = self.0.get(word).copied().unwrap_or(0.0);
            if words[at.saturating_sub(REACH)..at].iter().any(denies) { valence * DENIED } else { valence }
        });
        felt.sum()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’' | '-'))
        .map(|word| word.trim_matches(['\'', '’', '-']).to_lowercase())
        .filter(|word| !word.is_empty())
}
