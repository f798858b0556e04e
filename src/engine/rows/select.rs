//! Re-owned rows: which of the possible owners get one (which delivered items are reviewed).

use std::collections::{BinaryHeap, HashSet};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{Owner, Pick, RowIndex, Source};
use crate::engine::rows::remember::Probe;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;
use crate::engine::vocabulary::StatusClass;

/// Candidates kept per wanted row: some share their references with another and fall away.
const SPARE: usize = 3;

impl<'p> Rows<'p> {
    /// `count` eligible parents, those with the least hashes, no two with the same references; ascending numbers.
    ///
    /// Memory is O(count), however many parents there are.
    pub(super) fn selected(
        &mut self,
        table: TableId,
        owner: &Owner,
        count: u64,
        parents: std::ops::Range<RowIndex>,
        probe: Probe,
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
            if candidate && self.layouts[owner.table].holds(parent) && self.is_done(owner.table, parent) {
                least.push((hash, (parent - parents.start) as u32));
                if least.len() > keep {
                    least.pop();
                }
            }
        }
        let mut seen = HashSet::new();
        let mut chosen: Vec<u32> = Vec::with_capacity(count as usize);
        let sorted: Vec<u32> = least.into_sorted_vec().into_iter().map(|(_, parent)| parent).collect();
        let taken = self.taken_along(table, owner.table, parents.start, &sorted, probe)?;
        for (&parent, _) in sorted.iter().zip(&taken).filter(|(_, taken)| !**taken) {
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

    /// Whether the references of a row under each of these parents are a unique key that the table has.
    fn taken_along(&mut self, table: TableId, owner: TableId, first: RowIndex, parents: &[u32], probe: Probe) -> Result<Vec<bool>, Error> {
        let plan = self.plan;
        let mut taken = vec![false; parents.len()];
        if plan.tables[table].existing == 0 {
            return Ok(taken);
        }
        for key in &plan.tables[table].remembered {
            let ways: Option<Vec<_>> = key.columns.iter().map(|&column| self.way_along(table, column)).collect();
            let Some(ways) = ways else { continue };
            let values = parents.iter().map(|&parent| {
                let named = |(hops, referenced): &(&[ForeignKeyId], ColumnId)| {
                    let found = self.follow(owner, first + u64::from(parent), hops);
                    found.map_or(Value::Null, |(target, row)| self.cell(target, row, *referenced))
                };
                ways.iter().map(named).collect()
            });
            let candidates: Vec<Vec<Value>> = values.collect();
            for (place, found) in probe(key, &candidates)?.into_iter().enumerate() {
                taken[place] |= found;
            }
        }
        Ok(taken)
    }

    /// From the owner to the row that a column of a re-owned row names, and the column it takes there.
    fn way_along(&self, table: TableId, column: ColumnId) -> Option<(&'p [ForeignKeyId], ColumnId)> {
        let plan = self.plan;
        let Source::Key { foreign_key, referenced } = plan.tables[table].columns[column].source else { return None };
        match &plan.tables[table].picks[foreign_key].pick {
            Pick::Along(hops) => Some((hops, referenced)),
            _ => None,
        }
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
