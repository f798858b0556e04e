//! Re-owned rows: which of the possible owners get one (which delivered items are reviewed).

use std::collections::{BinaryHeap, HashSet};

use crate::engine::catalog::TableId;
use crate::engine::error::Error;
use crate::engine::plan::{Owner, Pick, RowIndex};
use crate::engine::rows::row::Rows;
use crate::engine::vocabulary::StatusClass;

/// Candidates kept per wanted row: some share their references with another and fall away.
const SPARE: usize = 3;

impl Rows<'_> {
    /// `count` eligible parents, those with the least hashes, no two with the same references; ascending numbers.
    ///
    /// Memory is O(count), however many parents there are.
    pub(super) fn selected(
        &mut self,
        table: TableId,
        owner: &Owner,
        count: u64,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<u32>, Error> {
        let keep = count as usize * SPARE + SPARE;
        let mut least: BinaryHeap<(u64, u32)> = BinaryHeap::new();
        for parent in parents.clone() {
            if parent % 1024 == 0 {
                interrupted()?;
            }
            let identity = if self.is_made(owner.table, parent) { self.state(owner.table, parent).identity } else { parent };
            let hash = owner.key.bits(identity);
            let candidate = least.len() < keep || least.peek().is_some_and(|greatest| hash < greatest.0);
            if candidate && self.is_done(owner.table, parent) {
                least.push((hash, (parent - parents.start) as u32));
                if least.len() > keep {
                    least.pop();
                }
            }
        }
        let mut seen = HashSet::new();
        let mut chosen: Vec<u32> = Vec::with_capacity(count as usize);
        for (_, parent) in least.into_sorted_vec() {
            if chosen.len() as u64 == count {
                break;
            }
            if seen.insert(self.references_along(table, owner.table, parents.start + u64::from(parent))) {
                chosen.push(parent);
            }
        }
        chosen.sort_unstable();
        Ok(chosen)
    }

    /// The rows that a re-owned row under this parent would refer to.
    fn references_along(&mut self, table: TableId, owner: TableId, parent: RowIndex) -> Vec<Option<RowIndex>> {
        let plan = self.plan;
        let mut named = Vec::new();
        for pick in &plan.tables[table].picks {
            if let Pick::Along(hops) = &pick.pick {
                named.push(self.follow(owner, parent, hops).map(|(_, row)| row));
            }
        }
        named
    }

    /// Whether the lifecycle above a row ended well.
    fn is_done(&mut self, table: TableId, index: RowIndex) -> bool {
        let plan = self.plan;
        if plan.tables[table].lifecycle.is_some() {
            return self.lifecycle(table, index).is_some_and(|state| self.class_of(table, state.current) == StatusClass::Done);
        }
        let Some(owner) = &plan.tables[table].owner else { return true };
        let parent = if self.is_made(table, index) { self.state(table, index).owner } else { None };
        parent.is_some_and(|parent| self.is_done(owner.table, parent))
    }
}
