//! Rings: the first rows of tables whose mandatory keys form a cycle. They name one another, and go in together.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{Pick, RowIndex};
use crate::engine::rows::random::{Draws, permute};
use crate::engine::rows::row::Rows;

/// Rows of a ring, by table.
const RING: u64 = 25;

impl Rows<'_> {
    /// How many rows of each of its tables a ring has.
    pub(crate) fn ring_size(&self, ring: &[TableId]) -> u64 {
        // While the cycle's later tables are not laid out, their planned counts stand for them.
        let rows = |&table: &TableId| {
            let made = self.layouts[table].made;
            if made == 0 && !self.layouts[table].ready { self.plan.tables[table].count } else { made }
        };
        ring.iter().map(rows).min().unwrap_or(0).div_ceil(4).min(RING)
    }

    /// The row that a key inside a ring names; `None` where it is no such key, or the row may name any.
    pub(super) fn ring_pick(&self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, draws: &mut Draws) -> Option<RowIndex> {
        let plan = self.plan;
        let target = plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let pick = &plan.tables[table].picks[foreign_key];
        let ring = plan.rings.iter().find(|ring| ring.contains(&table) && ring.contains(&target))?;
        let size = self.ring_size(ring);
        let position = self.layouts[table].position(index)?;
        let stored = self.layouts[target].stored;
        if position < size {
            // In a hierarchy a row names one before it; the first itself.
            let place = if target == table { position / 2 } else { permute(position, size, pick.key.bits(0)) };
            return Some(stored + place);
        }
        (pick.pick == Pick::Ring && size > 0).then(|| stored + draws.below(size))
    }
}
