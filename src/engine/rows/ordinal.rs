//! A row's number among its siblings.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{OwnerKind, RowIndex};
use crate::engine::rows::extend::EXTENDED;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

/// More siblings are numbered in their owner's order: to count who came before takes a look at each.
const MOST_COUNTED: u64 = 1_024;

impl Rows<'_> {
    /// A row's number among its siblings, in the order in which they came; of a row without an owner, among all of its table.
    pub(super) fn number_among_siblings(&mut self, table: TableId, index: RowIndex, column: ColumnId, first: i64) -> i64 {
        let first = self.next_beside(table, index, column, first);
        let slot = self.ordinal(table, index, false);
        let drawn_anew = self.ordinal(table, index, self.plan.tables[table].columns[column].redrawn) - slot;
        let place = if self.plan.tables[table].owner.is_none() { index } else { self.place_in_time(table, index).unwrap_or(slot) };
        first + (place + drawn_anew) as i64
    }

    /// How many of a row's siblings came before it, where rows are not in their owners' order.
    fn place_in_time(&mut self, table: TableId, index: RowIndex) -> Option<u64> {
        let owner = self.state(table, index).owner?;
        let Some(OwnerKind::ForeignKey(key)) = self.plan.tables[table].owner.as_ref().map(|owner| &owner.kind) else { return None };
        let group = self.group(table, *key, owner);
        self.layouts[table].ranking.as_ref().filter(|_| group.is_children() && group.len() <= MOST_COUNTED)?;
        Some((0..group.len()).filter(|&place| self.member(table, group, place) < index).count() as u64)
    }

    /// The number after those of the rows that stood there.
    fn next_beside(&mut self, table: TableId, index: RowIndex, column: ColumnId, first: i64) -> i64 {
        let there = self.rows_beside(table, index).into_iter();
        let numbers = there.filter_map(|row| match self.cell(table, row, column) {
            Value::Int(number) => Some(number + 1),
            _ => None,
        });
        numbers.max().unwrap_or(first).max(first)
    }

    /// A row's place under its owner; one beyond all siblings' where the column was drawn anew.
    pub(super) fn ordinal(&mut self, table: TableId, index: RowIndex, redrawn: bool) -> u64 {
        let row = self.state(table, index);
        row.ordinal + if redrawn { u64::from(row.attempt / 1_000 % EXTENDED) } else { 0 }
    }
}
