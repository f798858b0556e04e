//! Learned domains at work: their columns take accepted values, several columns those of one tuple.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::random::StreamKey;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

/// Accepted values of some columns together.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Learned {
    /// The first position that takes them: rows before it are stored.
    pub from: u64,
    /// The columns.
    pub columns: Vec<ColumnId>,
    /// Tuples of their values, one value a column.
    pub tuples: Vec<Vec<Value>>,
    /// A unique key is among the columns: each row takes the next tuple.
    pub different: bool,
}

impl Rows<'_> {
    /// From now on the columns of a table take these values.
    pub(crate) fn learn(&mut self, table: TableId, learned: Learned) {
        self.layouts[table].learned.push(learned);
        self.forget(table);
    }

    /// The learned value of a cell, where its column has any.
    pub(super) fn learned(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Option<Value> {
        let plan = self.plan;
        let layout = &self.layouts[table];
        let position = layout.position(index)?;
        let learned = layout.learned.iter().rev().find(|learned| learned.columns.contains(&column) && learned.from <= position)?;
        let place = learned.columns.iter().position(|own| *own == column)?;
        let (first, count) = (learned.columns[0], learned.tuples.len() as u64);
        let purpose = format!("\u{1}learned {}", plan.catalog.tables[table].columns[first].name);
        let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, &purpose);
        let chosen = if learned.different {
            let attempts = u64::from(self.state(table, index).attempt / 1_000);
            (position.wrapping_add(attempts) % count) as usize
        } else {
            self.draws(table, index, key, true).below(count) as usize
        };
        let learned =
            self.layouts[table].learned.iter().rev().find(|learned| learned.columns.contains(&column) && learned.from <= position)?;
        learned.tuples.get(chosen)?.get(place).cloned()
    }
}
