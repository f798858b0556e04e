//! How a header of a reference file was read: a line of `load_reference`'s result.

use serde::Serialize;

/// A header and the column it was mapped to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The section's title as written.
    pub section: String,
    /// Line of the section's title.
    pub line: u64,
    /// The header as written.
    pub header: String,
    /// The table, qualified and quoted where needed.
    pub table_name: String,
    /// The column; `None` where the header is left out or holds weights.
    pub column_name: Option<String>,
    /// Rows of the section.
    pub row_count: u64,
    /// How the header was mapped.
    pub note: String,
}
