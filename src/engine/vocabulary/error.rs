//! What can be wrong with a vocabulary or with the registry of meanings.

use thiserror::Error;

/// Why a CSV of words or meanings could not be read.
#[derive(Debug, Error)]
pub enum VocabularyError {
    /// The text is not CSV.
    #[error("cannot read vocabulary {name}")]
    Csv {
        /// The vocabulary's name.
        name: String,
        /// What the CSV reader said.
        #[source]
        source: csv::Error,
    },
    /// A line's weight is no number, or below zero.
    #[error("vocabulary {name}, line {line}: weight {found:?} is not a number of at least 0")]
    Weight {
        /// The vocabulary's name.
        name: String,
        /// 1-based line, the header being line 1.
        line: usize,
        /// What stood there.
        found: String,
    },
    /// The file has no column that could be drawn.
    #[error("vocabulary {name} has no column of values")]
    NoValues {
        /// The vocabulary's name.
        name: String,
    },
    /// The name is none that a template could hold.
    #[error("{found:?} is no name for a vocabulary")]
    Name {
        /// The name as given.
        found: String,
    },
    /// The file holds a header only.
    #[error("vocabulary {name} has no line")]
    Empty {
        /// The vocabulary's name.
        name: String,
    },
    /// A cell holds braces that are no placeholder.
    #[error("vocabulary {name}, line {line}: {found:?} is no template")]
    Template {
        /// The vocabulary's name.
        name: String,
        /// 1-based line, the header being line 1.
        line: usize,
        /// What stood there.
        found: String,
    },
    /// More keys than the index can hold.
    #[error("vocabulary {name} has {found} keys, at most {limit} are possible")]
    TooManyKeys {
        /// The vocabulary's name.
        name: String,
        /// How many it has.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A cell of the registry of meanings does not say what its column asks for.
    #[error("meaning {meaning}: {column} {found:?} is not understood")]
    Meaning {
        /// The meaning's id.
        meaning: String,
        /// The registry's column.
        column: &'static str,
        /// What stood there.
        found: String,
    },
}
