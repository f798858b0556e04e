//! Rows that the database refused however they were drawn: no other row names them, and what hangs under them goes too.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::remember::LAST_RESORT;
use crate::engine::rows::row::Rows;

impl Rows<'_> {
    /// Draws a row anew: `step` redraws further.
    pub(crate) fn redraw(&mut self, table: TableId, position: u64, step: u32) {
        let slot = self.layouts[table].slot(position);
        *self.layouts[table].attempts.entry(slot).or_insert(0) += step;
        self.forget(table);
    }

    /// Takes back that a table was given up, and all that was learned of its rows on the way.
    pub(crate) fn begin_again(&mut self, table: TableId) {
        let layout = &mut self.layouts[table];
        layout.lost = false;
        layout.left_out.clear();
        layout.learned.clear();
        layout.attempts.retain(|_, attempt| *attempt < LAST_RESORT);
        self.forget(table);
    }

    /// Leaves out the rows whose mandatory keys name rows that are not there and can name no others.
    pub(crate) fn leave_orphans_out(&mut self, table: TableId) {
        let plan = self.plan;
        let keys = &plan.catalog.tables[table].foreign_keys;
        let torn: Vec<ForeignKeyId> =
            (0..keys.len()).filter(|&key| keys[key].mandatory && !self.layouts[keys[key].referenced_table].left_out.is_empty()).collect();
        if torn.is_empty() {
            return;
        }
        let layout = &self.layouts[table];
        let (stored, made) = (layout.stored, layout.made);
        for position in 0..made {
            if torn.iter().any(|&key| self.reference(table, stored + position, key).is_none()) {
                self.layouts[table].left_out.insert(position);
            }
        }
    }

    /// The picked row if it is there, else another one of its table; the owner has no other.
    pub(super) fn present(&self, table: TableId, foreign_key: ForeignKeyId, picked: RowIndex) -> Option<RowIndex> {
        let key = &self.plan.catalog.tables[table].foreign_keys[foreign_key];
        let target = &self.layouts[key.referenced_table];
        if target.holds(picked) {
            return Some(picked);
        }
        if !key.mandatory || self.is_owner(table, foreign_key) || key.columns.len() > 1 {
            return None;
        }
        let rows = target.rows();
        (1..rows).map(|step| (picked + step) % rows).find(|&row| target.holds(row))
    }
}
