//! What columns mean and which words they hold: data, and the code that reads it.
//!
//! `meaning` and `matching` tell what a column is from its name, type and surroundings;
//! `list` draws joint tuples from the CSV files in `data/`; `status` orders the words of
//! life cycles. Nothing here makes a row: that is `rows`, which asks this module.

mod alias;
mod catalogue;
mod cell;
mod error;
mod key;
mod list;
mod locale;
mod matching;
mod meaning;
mod named;
mod own;
mod pattern;
mod spelling;
mod status;
mod symbol;
mod validator;
mod words;

pub use catalogue::{filters_some_list, provider_of, vocabularies, vocabulary};
pub use cell::{Cell, Words};
pub use error::VocabularyError;
pub use list::{Fitting, KeyValue, KeyValues, LineRef, Vocabulary};
pub use locale::{Locale, locale, locales};
pub use matching::{ColumnContext, Match, meaning_of};
pub use meaning::{Meaning, TypeClass, meaning, meanings};
pub use own::{Lists, check as check_list};
pub use spelling::{NameFit, NameIndex};
pub(crate) use status::squeezed;
pub use status::{StatusClass, StatusPart, StatusWord, status_of};
pub use symbol::Symbol;
pub use validator::Validator;
pub use words::{fold, phrase_words as words_of_phrase, singular, words};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod triples_test;
