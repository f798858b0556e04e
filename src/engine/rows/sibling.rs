//! Partners that differ among siblings: what a unique key over the owner and another key asks.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{Below, RowIndex};
use crate::engine::rows::pick::{Candidates, TRIES, stream_bits};
use crate::engine::rows::random::{Draws, mix, permute};
use crate::engine::rows::remember::STRIDE;
use crate::engine::rows::row::Rows;
use crate::engine::rows::suit::OfTenant;
use crate::engine::rows::valid::MOST_WALKED;

impl Rows<'_> {
    /// A partner that no earlier sibling has: drawn again while one has it, then the next free one.
    pub(super) fn distinct_sibling(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        not_owner: bool,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let (owner, ordinal, slot) = {
            let row = self.state(table, index);
            (row.owner, row.ordinal, row.slot)
        };
        let mut taken = self.scratch.pop().unwrap_or_default();
        taken.clear();
        for sibling in slot - ordinal..slot {
            let sibling = self.layouts[table].index_of_slot(sibling);
            taken.extend(self.reference(table, sibling, foreign_key));
        }
        taken.extend(if not_owner { owner } else { None });
        for row in self.rows_beside(table, index) {
            taken.extend(self.reference(table, row, foreign_key));
        }
        let picked = self.not_taken(table, index, foreign_key, &taken, candidates, draws);
        self.scratch.push(taken);
        picked
    }

    fn not_taken(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        taken: &[RowIndex],
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let pick = &self.plan.tables[table].picks[foreign_key];
        // Elsewhere the row's own time follows from what it names.
        let moment = if pick.not_after { self.moment(table, index) } else { None };
        let amount = self.amount_to_spend(table, index, pick);
        if let Some(below) = &pick.below
            && let Some(owner) = self.state(table, index).owner
        {
            let mut own = self.of_the_same_tenant(table, index, foreign_key).unwrap_or_default();
            own.retain(|&row| !taken.contains(&row) && self.goes_into(below, candidates.table, row, owner));
            if !own.is_empty() {
                return Some(own[draws.below(own.len() as u64) as usize]);
            }
            return self.a_part(below, owner, taken, candidates, draws);
        }
        // What goes with a thing is of another class, though the classes are what things hang under.
        if pick.near.as_ref().is_some_and(|near| near.told.is_some())
            && let Some(row) = self.near_one(table, index, foreign_key, taken, moment, draws)
        {
            return Some(row);
        }
        if pick.tenant.is_some()
            && let Some(OfTenant::Row(row)) = self.tenants_own(table, index, foreign_key, taken, draws)
        {
            return Some(row);
        }
        if let Some(row) = self.near_one(table, index, foreign_key, taken, moment, draws) {
            return Some(row);
        }
        for _ in 0..TRIES {
            let row = self.popular(candidates, draws);
            if !taken.contains(&row)
                && self.is_of_kind(pick, candidates.table, row)
                && self.is_valid(pick, candidates.table, row, moment, amount)
            {
                return Some(row);
            }
        }
        let start = draws.below(candidates.allowed);
        let free = |row: &RowIndex| !taken.contains(row);
        if pick.is_limited() {
            let walk = (0..candidates.allowed.min(MOST_WALKED)).map(|step| candidates.first + (start + step) % candidates.allowed);
            let valid = walk.filter(free).find(|&row| self.is_valid(pick, candidates.table, row, moment, amount));
            if valid.is_some() {
                return valid;
            }
        }
        // A key that must name a row names one that is too young rather than one that a sibling has.
        let old_enough = (0..candidates.allowed).map(|step| candidates.first + (start + step) % candidates.allowed).find(free);
        old_enough.or_else(|| (candidates.first..candidates.first + candidates.count).find(free))
    }

    /// A row that goes into the owner and that no sibling names; any other, where there is none.
    fn a_part(
        &mut self,
        below: &Below,
        owner: RowIndex,
        taken: &[RowIndex],
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        for _ in 0..TRIES {
            let row = self.popular(candidates, draws);
            if !taken.contains(&row) && self.goes_into(below, candidates.table, row, owner) {
                return Some(row);
            }
        }
        let start = draws.below(candidates.count);
        let walk = |step: u64| candidates.first + (start + step) % candidates.count;
        let free = || (0..candidates.count).map(walk).filter(|row| !taken.contains(row));
        free().find(|&row| self.goes_into(below, candidates.table, row, owner)).or_else(|| free().next())
    }

    /// What siblings name: those made before the row, and those that are there.
    pub(super) fn partners_taken(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, not_owner: bool) -> Vec<RowIndex> {
        let (owner, ordinal, slot) = {
            let row = self.state(table, index);
            (row.owner, row.ordinal, row.slot)
        };
        let siblings: Vec<RowIndex> = (slot - ordinal..slot).map(|slot| self.layouts[table].index_of_slot(slot)).collect();
        let siblings = siblings.into_iter().chain(self.rows_beside(table, index));
        let mut taken: Vec<RowIndex> = siblings.into_iter().filter_map(|sibling| self.reference(table, sibling, foreign_key)).collect();
        taken.extend(if not_owner { owner } else { None });
        taken
    }

    /// The ordinal's place in a permutation keyed by the owner: for owners with many children.
    pub(super) fn permuted_sibling(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        not_owner: bool,
        candidates: Candidates,
    ) -> Option<RowIndex> {
        let (owner, ordinal, redrawn) = {
            let row = self.state(table, index);
            (row.owner?, row.ordinal, u64::from(row.attempt / 1_000))
        };
        let excluded = if not_owner { owner.checked_sub(candidates.first) } else { None };
        let pick = &self.plan.tables[table].picks[foreign_key];
        let key = stream_bits(pick.key) ^ mix(self.owner_identity(table, index)?);
        if let Some((column, wanted)) = pick.prefers.as_ref().filter(|_| !not_owner && candidates.allowed == candidates.count) {
            let of_kind = self.agreeing(candidates.table, &[(*column, *column)], std::slice::from_ref(wanted));
            // All siblings, or none: else two could name the same row.
            if self.siblings(table, index) <= of_kind.len() as u64 {
                let place = permute((ordinal + redrawn * STRIDE) % of_kind.len() as u64, of_kind.len() as u64, key);
                return Some(u64::from(of_kind[place as usize]));
            }
        }
        if excluded.is_none() && redrawn == 0 && candidates.allowed == candidates.count {
            let members = self.of_the_same_tenant(table, index, foreign_key).unwrap_or_default();
            if !members.is_empty() {
                return tenants_first(&members, candidates, ordinal, key);
            }
        }
        let among = |from: u64, until: u64, ordinal: u64| {
            let excluded = excluded.filter(|at| (from..until).contains(at));
            let size = until - from - u64::from(excluded.is_some());
            if ordinal >= size {
                return Err(size);
            }
            let place = from + permute((ordinal + redrawn * STRIDE) % size, size, key);
            Ok(candidates.first + place + u64::from(excluded.is_some_and(|at| place >= at)))
        };
        match among(0, candidates.allowed, ordinal) {
            Ok(row) => Some(row),
            // A key that must name a row names one that is too young rather than none.
            Err(old_enough) if self.plan.catalog.tables[table].foreign_keys[foreign_key].mandatory => {
                among(candidates.allowed, candidates.count, ordinal - old_enough).ok()
            }
            Err(_) => None,
        }
    }
}

/// The n-th of a permutation of all candidates that begins with some of them, in their order.
fn tenants_first(members: &[RowIndex], candidates: Candidates, ordinal: u64, key: u64) -> Option<RowIndex> {
    let (count, own) = (candidates.count, members.len() as u64);
    if ordinal < own {
        return Some(members[permute(ordinal, own, key) as usize]);
    }
    let others = count.checked_sub(own).filter(|&others| ordinal - own < others)?;
    let mut row = candidates.first + permute(ordinal - own, others, key);
    for &member in members {
        row += u64::from(member <= row);
    }
    Some(row)
}
