//! A row's shape at work: which of its cells are NULL, constants, or anything else.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::constraint::CellShape;
use crate::engine::plan::RowIndex;
use crate::engine::rows::random::StreamKey;
use crate::engine::rows::row::Rows;

impl<'p> Rows<'p> {
    /// What the row's shape says of a column; `None` where it says nothing.
    pub(super) fn shape_of(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Option<&'p CellShape> {
        let plan = self.plan;
        let shapes = &plan.tables[table].shapes;
        // Every shape speaks of the same columns.
        let place = shapes.first()?.iter().position(|(named, _)| *named == column)?;
        let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, "\u{1}shape");
        let sums = &plan.tables[table].shape_sums;
        let target = self.draws(table, index, key, true).unit() * sums.last()?;
        let chosen = sums.partition_point(|sum| *sum <= target).min(shapes.len() - 1);
        shapes[chosen].get(place).map(|(_, state)| state)
    }

    /// Whether a foreign key of a row names a row, where its shape says so.
    pub(super) fn key_is_set(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<bool> {
        let plan = self.plan;
        if plan.tables[table].shapes.is_empty() {
            return None;
        }
        let columns = &plan.catalog.tables[table].foreign_keys[foreign_key].columns;
        let states: Vec<&CellShape> = columns.iter().filter_map(|&column| self.shape_of(table, index, column)).collect();
        (!states.is_empty()).then(|| states.iter().all(|state| **state != CellShape::Null))
    }
}
