//! The reference document: rows by the names of tables and columns, as `reference_ir` stores them.
//!
//! By names, not ids: the catalog may change between loading and use.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Header of the column of weights.
pub(super) const WEIGHT: &str = "Weight";

/// Reference rows of any number of tables.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Sections in file order; a table may have several.
    pub sections: Vec<Section>,
}

/// A section: rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Line of its title in the file it came from.
    pub line: u64,
    /// The columns that are given.
    pub columns: Vec<String>,
    /// Rows in file order.
    pub rows: Vec<Row>,
}

/// A reference row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its line in the file it came from.
    pub line: u64,
    /// How often it is drawn, relative to the others of its table; 0: never.
    pub weight: f64,
    /// As many as there are columns. `None`: the column's default if it is NOT NULL, else NULL.
    pub cells: Vec<Option<String>>,
}

impl Reference {
    /// This document with the tables of a newer one replaced by what that holds of them.
    #[must_use]
    pub fn replaced_by(mut self, newer: Self) -> Self {
        let same = |a: &Section, b: &Section| a.schema == b.schema && a.table == b.table;
        self.sections.retain(|old| !newer.sections.iter().any(|new| same(old, new)));
        self.sections.extend(newer.sections);
        self
    }
}

/// Prints a file that reads back as the same sections.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, section) in self.sections.iter().enumerate() {
            f.write_str(if index > 0 { "\n" } else { "" })?;
            write!(f, "{section}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# [{}.{}]", part(&self.schema), part(&self.table))?;
        // A row of nothing but defaults would print as a blank line, which is no row.
        let weighted = self.rows.iter().any(|row| (row.weight - 1.0).abs() > 0.0 || row.cells.iter().all(Option::is_none));
        let weight = weighted.then(|| WEIGHT.to_owned());
        record(f, self.columns.iter().cloned().chain(weight))?;
        for row in &self.rows {
            let cells = row.cells.iter().map(|cell| cell.clone().unwrap_or_default());
            record(f, cells.chain(weighted.then(|| row.weight.to_string())))?;
        }
        Ok(())
    }
}

/// A part of a dotted name, quoted where it must be.
fn part(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn record(f: &mut fmt::Formatter<'_>, fields: impl Iterator<Item = String>) -> fmt::Result {
    for (index, field) in fields.enumerate() {
        f.write_str(if index > 0 { "," } else { "" })?;
        // A first field that begins like a comment or title is quoted, and whatever CSV itself wants quoted.
        if field.contains([',', '"', '\n', '\r', ';', '\t', '#']) || field.trim() != field {
            write!(f, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            f.write_str(&field)?;
        }
    }
    f.write_str("\n")
}
