//! What a row takes over from the sibling before it.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{OwnerKind, RowIndex, Source};
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

/// A row after when it came.
pub(super) type Coming = (Option<i64>, RowIndex);

/// From so many siblings on they are kept in order rather than looked through by each of them.
const MANY_SIBLINGS: u64 = 16;

impl Rows<'_> {
    /// What the sibling before a row has in another column; the first sibling's own value.
    pub(super) fn carried(
        &mut self,
        table: TableId,
        index: RowIndex,
        column: ColumnId,
        (of, first): (ColumnId, &Source),
        draws: &mut Draws,
    ) -> Value {
        match self.sibling_before(table, index) {
            Some(before) => self.cell(table, before, of),
            None => self.produce(table, index, column, first, draws),
        }
    }

    /// The sibling that came last before a row.
    fn sibling_before(&mut self, table: TableId, index: RowIndex) -> Option<RowIndex> {
        let Some(OwnerKind::ForeignKey(key)) = self.plan.tables[table].owner.as_ref().map(|owner| owner.kind.clone()) else {
            return None;
        };
        let owner = self.state(table, index).owner?;
        let own = (self.birth(table, index), index);
        let group = self.group(table, key, owner);
        if group.len() < MANY_SIBLINGS {
            let mut before = None;
            for place in 0..group.len() {
                let row = self.member(table, group, place);
                let other = (self.birth(table, row), row);
                before = before.max((other < own).then_some(other));
            }
            return before.map(|(_, row)| row);
        }
        if !self.in_order[table].contains_key(&owner) {
            let mut rows = Vec::with_capacity(group.len() as usize);
            for place in 0..group.len() {
                let row = self.member(table, group, place);
                rows.push((self.birth(table, row), row));
            }
            rows.sort_unstable();
            self.in_order[table].insert(owner, rows);
        }
        let rows = &self.in_order[table][&owner];
        rows[..rows.partition_point(|row| *row < own)].last().map(|(_, row)| *row)
    }
}
