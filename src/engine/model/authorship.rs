//! Who wrote what, for the ledger and for people.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::model::batch::Batches;
use crate::engine::model::writing::Tally;
use crate::engine::plan::RowIndex;
use crate::engine::rows::Rows;

/// The rows of a run that a model was to write.
#[derive(Debug, Default)]
pub struct Authorship {
    tables: Vec<TableAuthorship>,
    answered: Vec<String>,
}

#[derive(Debug)]
struct TableAuthorship {
    table: TableId,
    rows: Vec<(RowIndex, Vec<ColumnId>)>,
    further: u64,
    tally: Tally,
}

impl Authorship {
    pub(super) fn new(batches: Batches, tallies: Vec<Tally>, answered: Vec<String>) -> Self {
        let mut tables = Vec::new();
        for (table, tally) in batches.tables.into_iter().zip(tallies) {
            let rows = batches.batches[table.batches.clone()].iter().flat_map(|batch| &batch.rows).map(|row| {
                let columns = table.columns.iter().zip(&row.empty).filter(|(_, empty)| !**empty).map(|(content, _)| content.column);
                (row.index, columns.collect())
            });
            tables.push(TableAuthorship { table: table.table, rows: rows.collect(), further: table.further, tally });
        }
        Self { tables, answered }
    }

    /// Keys of the questions whose replies were taken, by which the same rows are written again.
    pub fn answered(&self) -> &[String] {
        &self.answered
    }

    /// Whether no table is written by a model.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Rows of a table all of whose written columns are the model's own.
    pub fn llm_rows(&self, rows: &Rows, table: TableId) -> u64 {
        let Some(own) = self.tables.iter().find(|own| own.table == table) else { return 0 };
        let whole =
            |index: &RowIndex, columns: &Vec<ColumnId>| columns.iter().all(|&column| rows.written.cell(table, *index, column).is_some());
        own.rows.iter().filter(|(index, columns)| whole(index, columns)).count() as u64
    }

    /// What is worth knowing of a table's rows; empty where the model wrote them all.
    pub fn detail(&self, rows: &Rows, table: TableId) -> String {
        let Some(own) = self.tables.iter().find(|own| own.table == table) else { return String::new() };
        let mut told = Vec::new();
        let lacking = own.rows.len() as u64 - self.llm_rows(rows, table);
        if lacking > 0 {
            let reason = if own.tally.reason.is_empty() { "not asked" } else { own.tally.reason.as_str() };
            told.push(format!("{lacking} of {} rows not by the model: {reason}", own.rows.len()));
        }
        if own.further > 0 {
            let how = if own.tally.composed.is_empty() { "by algorithms" } else { "composed of the model's vocabulary" };
            told.push(format!("rows beyond {} {how}", own.rows.len()));
        }
        told.join("; ")
    }
}
