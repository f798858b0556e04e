//! Lists that users bring along (`load_vocabulary`), before those that come with the engine.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use super::cell::Words;
use super::error::VocabularyError;
use super::list::Vocabulary;
use super::symbol::Symbol;
use super::{provider_of, vocabulary};

/// Longest name of a list.
const LONGEST_NAME: usize = 63;

/// The lists of one call: a user's own by name, else the engine's.
#[derive(Debug, Clone, Default)]
pub struct Lists(Vec<&'static Vocabulary>);

impl Lists {
    /// Reads lists of name and CSV text.
    pub fn read(loaded: impl IntoIterator<Item = (String, String)>) -> Result<Self, VocabularyError> {
        loaded.into_iter().map(|(name, csv)| kept(name, csv)).collect::<Result<_, _>>().map(Self)
    }

    /// The list of a name.
    pub fn get(&self, name: &str) -> Option<&'static Vocabulary> {
        self.0.iter().find(|list| list.name() == name).copied().or_else(|| vocabulary(name))
    }

    /// The list whose lines give a meaning's value.
    pub fn provider(&self, meaning: Symbol) -> Option<&'static Vocabulary> {
        let own = self.0.iter().find(|list| list.value_columns().any(|column| column == meaning)).copied();
        own.or_else(|| provider_of(meaning).map(|list| self.get(list.name()).filter(|own| own.knows(meaning)).unwrap_or(list)))
    }
}

/// Checks a list that is about to be stored: its name, its CSV, its templates.
pub fn check(name: &str, csv: &str) -> Result<usize, VocabularyError> {
    let fine = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if name.is_empty()
        || name.len() > LONGEST_NAME
        || !name.starts_with(|letter: char| letter.is_ascii_lowercase())
        || !name.chars().all(fine)
    {
        return Err(VocabularyError::Name { found: name.to_owned() });
    }
    let list = Vocabulary::parse(name, csv)?;
    if list.is_empty() {
        return Err(VocabularyError::Empty { name: name.to_owned() });
    }
    let columns: Vec<usize> = list.value_columns().filter_map(|column| list.column(column)).collect();
    for line in list.lines() {
        let mut cells = columns.iter().filter_map(|&column| line.words(column));
        if let Some(cell) = cells.find(|cell| cell.text().contains('{') && !matches!(cell.words(), Words::Composed(_))) {
            let found = cell.text().to_owned();
            return Err(VocabularyError::Template { name: name.to_owned(), line: line.line() + 2, found });
        }
    }
    Ok(list.len())
}

/// A list, parsed once for each text: rows refer to lists as long as the process lives.
fn kept(name: String, csv: String) -> Result<&'static Vocabulary, VocabularyError> {
    static KEPT: OnceLock<Mutex<HashMap<(String, String), &'static Vocabulary>>> = OnceLock::new();
    let mut kept = KEPT.get_or_init(Mutex::default).lock().expect("no holder of the lock panics");
    if let Some(list) = kept.get(&(name.clone(), csv.clone())) {
        return Ok(list);
    }
    let list: &'static Vocabulary = Box::leak(Box::new(Vocabulary::parse(&name, &csv)?));
    kept.insert((name, csv), list);
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_list_stands_before_the_engines() {
        let own = Lists::read([("first_names".to_owned(), "person.first_name\nZaphod\n".to_owned())]).expect("a list");
        assert_eq!(own.get("first_names").map(Vocabulary::len), Some(1));
        assert_eq!(own.provider(Symbol::new("person.first_name")).map(Vocabulary::len), Some(1));
        assert!(own.get("last_names").is_some_and(|list| list.len() > 500));
        assert!(Lists::default().get("first_names").is_some_and(|list| list.len() > 500));
    }

    #[test]
    fn what_cannot_serve_is_refused() {
        assert_eq!(check("planets", "planet,weight\nEarth,2\nMars,1\n").expect("a list"), 2);
        let message = |name: &str, csv: &str| check(name, csv).expect_err("refused").to_string();
        assert_eq!(message("My list", "a\nb\n"), "\"My list\" is no name for a vocabulary");
        assert_eq!(message("planets", "planet\n"), "vocabulary planets has no line");
        assert_eq!(message("planets", "planet\n{dice:6}\n"), "vocabulary planets, line 2: \"{dice:6}\" is no template");
        assert!(message("planets", "planet,weight\nEarth,much\n").contains("is not a number"));
    }
}
