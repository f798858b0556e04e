//! What the tables hold before a run: row counts, the state of sequences, existing rows, missing rights.

mod counts;
mod privileges;
mod reserve;
mod rows;
mod sequences;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::engine::catalog::{Catalog, ColumnId, Table, TableId};
use crate::engine::error::Error;
use crate::engine::port::{Database, Path};

pub use privileges::privileges;
pub use reserve::reserve;
pub use rows::{StoredRows, rows};

/// What the tables hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survey {
    /// The current user, as stored (unquoted).
    pub user: String,
    /// By `TableId`.
    pub tables: Vec<TableSurvey>,
}

/// What a table holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TableSurvey {
    /// Number of rows that the current user sees; `None` where it may not read them (or a foreign server fails).
    pub rows: Option<u64>,
    /// The state of the table's sequences, by column.
    pub sequences: Vec<SequenceSurvey>,
}

/// The state of a column's sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SequenceSurvey {
    /// The column.
    pub column: ColumnId,
    /// The key present that lies farthest in the sequence's direction: the highest, or the lowest of a descending one.
    pub furthest: Option<i64>,
    /// The value the sequence gives next; `None` where it may not be read.
    pub next: Option<i64>,
    /// The current user may read and set it (`SELECT` and `UPDATE`): blocks are reserved in one step.
    pub may_set: bool,
    /// The current user may draw from it (`USAGE`, or `UPDATE`): blocks are drawn value by value.
    pub may_draw: bool,
}

/// Counts the rows of all tables and looks at their sequences.
pub fn read(database: &mut dyn Database, catalog: &Catalog) -> Result<Survey, Error> {
    let user = database.document(Path::Pinned, "select pg_catalog.to_json(current_user::text)", &[])?;
    let mut survey = Survey { user: user.as_str().unwrap_or_default().to_owned(), tables: catalog.tables.iter().map(unseen).collect() };
    counts::read(database, catalog, &mut survey)?;
    sequences::read(database, catalog, &mut survey)?;
    Ok(survey)
}

/// A table of which only the catalog's facts are known.
fn unseen(table: &Table) -> TableSurvey {
    let columns = table.columns.iter().enumerate().filter(|(_, column)| column.sequence.is_some());
    let sequences = columns.map(|(column, _)| SequenceSurvey { column, ..SequenceSurvey::default() }).collect();
    TableSurvey { rows: None, sequences }
}

impl Survey {
    /// The state of a column's sequence.
    pub fn sequence(&self, table: TableId, column: ColumnId) -> Option<&SequenceSurvey> {
        self.tables.get(table)?.sequences.iter().find(|sequence| sequence.column == column)
    }

    /// The farthest key of all columns that share the sequence of this OID: what a new block must lie beyond.
    pub fn furthest(&self, catalog: &Catalog, sequence_oid: u32) -> Option<i64> {
        let tables = self.tables.iter().zip(&catalog.tables);
        let keys = tables.flat_map(|(survey, table)| {
            survey.sequences.iter().filter_map(|state| Some((table.columns[state.column].sequence.as_ref()?, state.furthest?)))
        });
        keys.filter(|(sequence, _)| sequence.oid == sequence_oid)
            .map(|(sequence, key)| (key, sequence.increment.signum()))
            .max_by_key(|(key, direction)| i128::from(*key) * i128::from(*direction))
            .map(|(key, _)| key)
    }
}

/// The table as a `FROM` item: without the rows of tables that inherit from it.
fn source(table: &Table) -> String {
    if table.kind == "p" { table.qualified.clone() } else { format!("only {}", table.qualified) }
}

/// Policies and foreign servers' options are users' code: they run under the caller's path.
fn path(table: &Table) -> Path {
    if table.row_security || table.kind == "f" { Path::Caller } else { Path::Pinned }
}
