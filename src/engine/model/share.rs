//! How much of the database a prompt may hold.

/// Levels of `synthgen.llm_share`, each with all below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Names and types of tables and columns; what synthgen itself made up.
    Names,
    /// And comments, constraints, rules.
    Structure,
    /// And reference rows.
    Reference,
    /// And rows that were there before.
    Rows,
}

impl Share {
    /// The level of a word; of an unknown one the least.
    pub fn of(word: &str) -> Self {
        match word {
            "structure" => Self::Structure,
            "reference" => Self::Reference,
            "rows" => Self::Rows,
            _ => Self::Names,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Structure => "structure",
            Self::Reference => "reference",
            Self::Rows => "rows",
        }
    }
}
