//! Which row a foreign key names.

use std::collections::HashMap;

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{Distinct, OwnerKind, Pick, PickPlan, Plan, RowIndex};
use crate::engine::rows::random::{Draws, StreamKey, permute};
use crate::engine::rows::row::Rows;
use crate::engine::rows::suit::OfTenant;
use crate::engine::value::Value;

/// How much of the popularity curve is level: without it the first of a hundred would be named by a fifth of the rows.
const LEVEL: f64 = 0.12;

/// Up to so many siblings look for partners that are valid, where others take theirs from a permutation.
const FEW_SIBLINGS: u64 = 16;

/// Share of roots in a hierarchy.
const ROOTS: f64 = 0.15;

/// Share of rows that are where their owner is at home.
const AT_HOME: f64 = 0.93;

/// Draws before a pick falls back to a plain uniform one.
pub(super) const TRIES: u32 = 12;

/// The rows that may be named: `first..first + count` of the referenced table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidates {
    pub(super) table: TableId,
    pub(super) first: RowIndex,
    pub(super) count: u64,
    /// Of these, the ones at the front that are old enough.
    pub(super) allowed: u64,
}

impl Rows<'_> {
    pub(super) fn pick(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let plan = self.plan;
        let pick = &plan.tables[table].picks[foreign_key];
        let mut draws = self.pick_draws(table, index, foreign_key);
        let absent = pick.null_fraction > 0.0 && draws.unit() < pick.null_fraction;
        if !self.key_is_set(table, index, foreign_key).unwrap_or(!absent) {
            return None;
        }
        if let Some(row) = self.ring_pick(table, index, foreign_key, &mut draws) {
            return Some(row);
        }
        if let (true, Some(hops)) = (pick.surely, &pick.follows)
            && let Some((_, row)) = self.follow(table, index, hops)
        {
            return Some(row);
        }
        if let Some(kin) = &pick.kin
            && !pick.apart
            && let Some(group) = self.reference(table, index, kin.by)
            && let Some(fitting) = kin.rows.get(&group)
        {
            let target = draws.unit() * fitting.last().map_or(0.0, |(_, sum)| *sum);
            return fitting.get(fitting.partition_point(|(_, sum)| *sum <= target)).or(fitting.last()).map(|(row, _)| *row);
        }
        if let Some(who) = pick.fellow {
            return self.earlier_fellow(table, index, who, &mut draws);
        }
        match &pick.pick {
            Pick::Nothing(_) | Pick::Ring | Pick::Later => None,
            Pick::Owner => self.state(table, index).owner,
            Pick::Along(hops) => self.pick_along(table, index, hops),
            Pick::Within { base, inner } => {
                let picked = self.pick_within(table, index, foreign_key, *base, *inner, &mut draws);
                // A row that must name one names any, where the group is empty.
                let key = &plan.catalog.tables[table].foreign_keys[foreign_key];
                let must = key.columns.len() == 1 && (key.mandatory || self.key_is_set(table, index, foreign_key) == Some(true));
                if picked.is_none() && must { self.pick_free(table, index, foreign_key, Distinct::No, &mut draws) } else { picked }
            }
            Pick::Free { distinct } if !pick.shared.is_empty() => self.pick_sharing(table, index, foreign_key, *distinct, &mut draws),
            Pick::Free { distinct: Distinct::No } if pick.member.is_some() => {
                let member = self.member_named(table, index, foreign_key);
                let key = &plan.catalog.tables[table].foreign_keys[foreign_key];
                let must = key.mandatory || self.key_is_set(table, index, foreign_key) == Some(true);
                if pick.member.as_ref().is_some_and(|known| known.only) && !must {
                    return member;
                }
                member.or_else(|| self.pick_free(table, index, foreign_key, Distinct::No, &mut draws))
            }
            Pick::Free { distinct: distinct @ Distinct::PerOwner { .. } } if pick.member.is_some() => {
                let member = self.member_apart(table, index, foreign_key);
                member.or_else(|| self.pick_free(table, index, foreign_key, *distinct, &mut draws))
            }
            Pick::Free { distinct } => {
                let own = self.pick_free(table, index, foreign_key, *distinct, &mut draws);
                if pick.sorted.is_none() { own } else { self.in_order(table, index, foreign_key, own) }
            }
            Pick::Tree => self.pick_tree(table, index, foreign_key, &mut draws),
            Pick::State => self.lifecycle_row(table, index),
        }
    }

    /// The earlier or the later of this key's row and that of the key it is compared with, each drawn by itself.
    fn in_order(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, own: Option<RowIndex>) -> Option<RowIndex> {
        let (other, lower) = self.plan.tables[table].picks[foreign_key].sorted?;
        let mut draws = self.pick_draws(table, index, other);
        let others = self.pick_free(table, index, other, Distinct::No, &mut draws);
        match (own, others) {
            (Some(own), Some(other)) => Some(if lower { own.min(other) } else { own.max(other) }),
            (own, _) => own,
        }
    }

    pub(crate) fn pick_draws(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Draws {
        let pick = &self.plan.tables[table].picks[foreign_key];
        if let Some(shared) = self.siblings_draws(table, index, pick.key, pick.alike) {
            return shared;
        }
        let redrawn = self.links[table][foreign_key].redrawn;
        self.draws(table, index, self.plan.tables[table].picks[foreign_key].key, redrawn)
    }

    fn pick_along(&mut self, table: TableId, index: RowIndex, hops: &[ForeignKeyId]) -> Option<RowIndex> {
        let owner = self.plan.tables[table].owner.as_ref()?;
        let owner_row = self.state(table, index).owner?;
        self.follow(owner.table, owner_row, hops).map(|(_, row)| row)
    }

    /// Among the rows of one group: the addresses of this order's user.
    fn pick_within(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        base: ForeignKeyId,
        inner: ForeignKeyId,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let plan = self.plan;
        let group = self.reference(table, index, base)?;
        let target = self.links[table][foreign_key].target;
        let group = self.group(target, inner, group);
        let mut members = self.scratch.pop().unwrap_or_default();
        members.clear();
        members.extend((0..group.len()).map(|place| self.member(target, group, place)));
        let pick = &plan.tables[table].picks[foreign_key];
        self.keep_old_enough(table, index, pick, target, &mut members);
        self.keep_preferred(pick, target, &mut members);
        let picked = self.drawn_of(target, &members, draws);
        self.scratch.push(members);
        picked
    }

    /// One of some rows by weight; made rows have all the same.
    fn drawn_of(&self, target: TableId, members: &[RowIndex], draws: &mut Draws) -> Option<RowIndex> {
        if members.is_empty() {
            return None;
        }
        let unit = draws.unit();
        if members.iter().all(|&row| self.is_made(target, row)) {
            let place = (unit * members.len() as f64) as usize;
            return Some(members[place.min(members.len() - 1)]);
        }
        let weights: Vec<f64> = members.iter().map(|&row| self.weight(target, row)).collect();
        weighted(&weights, unit).map(|at| members[at])
    }

    /// Leaves those of the preferred kind, if there is any.
    fn keep_preferred(&mut self, pick: &PickPlan, target: TableId, members: &mut Vec<RowIndex>) {
        let Some((column, wanted)) = &pick.prefers else { return };
        // The preferred ones move to the front, in their order.
        let mut preferred = 0;
        for at in 0..members.len() {
            if self.known(target, members[at], *column) == wanted {
                members[preferred..=at].rotate_right(1);
                preferred += 1;
            }
        }
        if preferred > 0 || pick.surely {
            members.truncate(preferred);
        }
    }

    /// The row of a stored list in which a row has its home.
    pub(super) fn home(&mut self, table: TableId, index: RowIndex, list: TableId) -> Option<RowIndex> {
        let plan = self.plan;
        if !self.is_made(table, index) {
            return None;
        }
        let key = *self.home_keys.entry((table, list)).or_insert_with(|| {
            let purpose = format!("\u{1}home {}", plan.catalog.tables[list].qualified);
            StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, &purpose)
        });
        let unit = self.draws(table, index, key, false).unit();
        self.stored_by_weight(list, 0, unit)
    }

    /// Most rows are where the row they hang under is at home.
    fn owners_home(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, draws: &mut Draws) -> Option<RowIndex> {
        let plan = self.plan;
        if !plan.tables[table].picks[foreign_key].at_home || draws.unit() >= AT_HOME {
            return None;
        }
        let owner = plan.tables[table].owner.as_ref()?.table;
        let row = self.state(table, index).owner?;
        self.home(owner, row, plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table)
    }

    pub(super) fn weight(&self, table: TableId, index: RowIndex) -> f64 {
        self.plan.tables[table].stored.weights.get(index as usize).copied().unwrap_or(1.0)
    }

    fn pick_free(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        distinct: Distinct,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let mut candidates = self.candidates(table, index, foreign_key);
        if candidates.allowed == 0 {
            // The oldest row is too young: a mandatory key names it all the same, siblings the next ones.
            if !self.plan.catalog.tables[table].foreign_keys[foreign_key].mandatory || candidates.count == 0 {
                return None;
            }
            candidates.allowed = if matches!(distinct, Distinct::PerOwner { permuted: true, .. }) { candidates.count } else { 1 };
        }
        if let Some(row) = self.owners_home(table, index, foreign_key, draws) {
            return Some(row);
        }
        if distinct == Distinct::No
            && let Some(row) = self.one_of_kind(table, index, foreign_key, candidates, draws)
        {
            return Some(row);
        }
        if distinct == Distinct::No
            && let Some(row) = self.suiting(table, index, foreign_key, draws)
        {
            return Some(row);
        }
        if distinct == Distinct::No && self.plan.tables[table].picks[foreign_key].tenant.is_some() {
            let must = self.plan.catalog.tables[table].foreign_keys[foreign_key].mandatory;
            match self.tenants_own(table, index, foreign_key, &[], draws) {
                Some(OfTenant::Row(row)) => return Some(row),
                Some(OfTenant::Nobody) if !must && self.key_is_set(table, index, foreign_key) != Some(true) => return None,
                _ => {}
            }
        }
        match distinct {
            Distinct::No if self.plan.tables[table].picks[foreign_key].apart && candidates.allowed == candidates.count => {
                let key = stream_bits(self.plan.tables[table].picks[foreign_key].key);
                let place = self.state(table, index).slot % candidates.count;
                Some(candidates.first + permute(place, candidates.count, key))
            }
            Distinct::No if self.plan.tables[table].picks[foreign_key].counted => {
                Some(self.one_apart(table, index, foreign_key, candidates, draws))
            }
            Distinct::No if self.plan.tables[table].picks[foreign_key].akin.is_some() => {
                let akin = self.one_akin(table, index, foreign_key, candidates, draws);
                akin.or_else(|| Some(self.somebody_else(table, index, foreign_key, candidates, draws)))
            }
            Distinct::No => Some(self.somebody_else(table, index, foreign_key, candidates, draws)),
            Distinct::PerOwner { permuted: false, .. }
                if self.plan.tables[table].picks[foreign_key].is_limited() && self.state(table, index).ordinal == 0 =>
            {
                self.valid_one(table, index, foreign_key, candidates, draws).or_else(|| Some(self.popular(candidates, draws)))
            }
            Distinct::Globally => {
                // The row's place in time follows from what it names, not the other way round.
                let slot = self.state(table, index).slot;
                let key = stream_bits(self.plan.tables[table].picks[foreign_key].key);
                // Rows that were there before name some of the stored rows: their places are passed over.
                let made_only = candidates.first >= self.layouts[candidates.table].stored;
                let place = if made_only { slot } else { self.own_number(table, index) % candidates.count };
                (slot < candidates.count).then(|| candidates.first + permute(place, candidates.count, key))
            }
            Distinct::PerOwner { not_owner, permuted: false } => {
                self.distinct_sibling(table, index, foreign_key, not_owner, candidates, draws)
            }
            Distinct::PerOwner { not_owner, .. } if self.compares_siblings(table, index, foreign_key) => {
                self.distinct_sibling(table, index, foreign_key, not_owner, candidates, draws)
            }
            Distinct::PerOwner { not_owner, permuted: true } => self.permuted_sibling(table, index, foreign_key, not_owner, candidates),
        }
    }

    /// Whether partners are looked for among what siblings leave, though some rows have many: all siblings do, or none.
    fn compares_siblings(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> bool {
        let pick = &self.plan.tables[table].picks[foreign_key];
        pick.below.is_some() || pick.is_limited() && self.siblings(table, index) <= FEW_SIBLINGS
    }

    /// The rows of a table that keys may name.
    pub(super) fn nameable(&self, table: TableId) -> (RowIndex, RowIndex) {
        let (stored, made) = (self.layouts[table].stored, self.layouts[table].made);
        let inserted = self.plan.tables[table].stored.inserted as u64;
        (if made > 0 { stored - inserted } else { 0 }, stored + made)
    }

    /// Rows the key may name: the made ones (and reference rows of this call), else those that were there.
    fn candidates(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Candidates {
        let plan = self.plan;
        let target = self.links[table][foreign_key].target;
        let stored = self.layouts[target].stored;
        let (first, end) = self.nameable(target);
        let count = end - first;
        let mut allowed = count;
        if plan.tables[table].picks[foreign_key].not_after
            && first == stored
            && let (Some(limit), Some(births)) = (self.moment(table, index), &self.layouts[target].births)
        {
            allowed = births.partition_point(|&birth| birth <= limit) as u64;
        }
        Candidates { table: target, first, count, allowed }
    }

    /// One candidate by weight (stored rows) or on the popularity curve (made rows).
    pub(super) fn popular(&mut self, candidates: Candidates, draws: &mut Draws) -> RowIndex {
        let stored = self.layouts[candidates.table].stored;
        if candidates.first < stored {
            let share = (stored - candidates.first) as f64 / candidates.count as f64;
            if (share >= 1.0 || draws.unit() < share)
                && let Some(row) = self.stored_by_weight(candidates.table, candidates.first, draws.unit())
            {
                return row;
            }
        }
        let key = self.keys[candidates.table].popularity;
        for _ in 0..TRIES {
            let rank = popular_rank(candidates.count, draws.unit());
            let row = permute(rank.min(candidates.count - 1), candidates.count, key);
            if row < candidates.allowed && candidates.first + row >= stored.min(candidates.first + candidates.count - 1) {
                return candidates.first + row;
            }
        }
        candidates.first + draws.below(candidates.allowed)
    }

    /// A popular candidate; a valid one, of rows that were there.
    pub(super) fn one_of(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> RowIndex {
        let was_there = candidates.first < self.layouts[candidates.table].stored;
        if self.plan.tables[table].picks[foreign_key].not_after
            && was_there
            && let Some(valid) = self.valid_one(table, index, foreign_key, candidates, draws)
        {
            return valid;
        }
        self.popular(candidates, draws)
    }

    /// A candidate of the kind that the key is named after, if a few draws find one.
    fn one_of_kind(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let pick = &self.plan.tables[table].picks[foreign_key];
        pick.prefers.as_ref()?;
        (0..TRIES).find_map(|_| {
            let row = self.one_of(table, index, foreign_key, candidates, draws);
            self.is_of_kind(pick, candidates.table, row).then_some(row)
        })
    }

    pub(super) fn is_of_kind(&mut self, pick: &PickPlan, target: TableId, row: RowIndex) -> bool {
        pick.prefers.as_ref().is_none_or(|(column, wanted)| self.known(target, row, *column) == wanted)
    }

    /// A popular candidate that no sibling names, neither an earlier one nor one that is there, if a few draws find one.
    fn one_apart(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> RowIndex {
        let (ordinal, slot) = {
            let row = self.state(table, index);
            (row.ordinal, row.slot)
        };
        let beside = self.rows_beside(table, index);
        let mut row = self.one_of(table, index, foreign_key, candidates, draws);
        for _ in 0..TRIES {
            let is_taken = (slot - ordinal..slot).any(|sibling| {
                let sibling = self.layouts[table].index_of_slot(sibling);
                self.reference(table, sibling, foreign_key) == Some(row)
            }) || beside.iter().any(|&sibling| self.reference(table, sibling, foreign_key) == Some(row));
            if !is_taken {
                break;
            }
            row = self.one_of(table, index, foreign_key, candidates, draws);
        }
        row
    }

    /// A stored row from `first` on, by weight; `None` where none has any.
    fn stored_by_weight(&self, table: TableId, first: RowIndex, unit: f64) -> Option<RowIndex> {
        let sums = &self.weight_sums[table];
        let (from, total) = (*sums.get(first as usize)?, *sums.last()?);
        if total <= from {
            return None;
        }
        let target = from + unit * (total - from);
        let row = sums.partition_point(|sum| *sum <= target).saturating_sub(1);
        Some((row as u64).min(sums.len() as u64 - 2))
    }

    /// A parent in the same table: an earlier sibling where the rows have an owner, else an earlier row.
    fn pick_tree(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, draws: &mut Draws) -> Option<RowIndex> {
        let (slot, ordinal, owner) = {
            let row = self.state(table, index);
            (row.slot, row.ordinal, row.owner)
        };
        let earlier = if owner.is_some() { ordinal } else { slot };
        if earlier == 0 || draws.unit() < ROOTS {
            let stored = self.layouts[table].stored;
            let above = (stored > 0 && owner.is_none() && draws.unit() < 0.5).then(|| draws.below(stored));
            let above = above.filter(|&row| self.agrees(table, index, foreign_key, row));
            let mandatory = self.plan.catalog.tables[table].foreign_keys[foreign_key].mandatory;
            // Where the key is NOT NULL a root names itself.
            return above.or_else(|| mandatory.then_some(index));
        }
        let root = self.plan.catalog.tables[table].foreign_keys[foreign_key].mandatory.then_some(index);
        for _ in 0..TRIES {
            let row = self.layouts[table].index_of_slot(slot - earlier + draws.below(earlier));
            if self.plan.tables[table].picks[foreign_key].shared.is_empty() || self.agrees(table, index, foreign_key, row) {
                return Some(row);
            }
        }
        root
    }

    /// The row that a stored row's key names, found by value: all of a key's at once, for there are few stored rows.
    pub(super) fn stored_reference(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let plan = self.plan;
        let found = self.stored_references[table][foreign_key].get_or_insert_with(|| references_of_stored(plan, table, foreign_key));
        found[index as usize]
    }

    /// Whether the table hangs under rows that are not named by a key of its own.
    pub(super) fn is_reowned(&self, table: TableId) -> bool {
        self.plan.tables[table].owner.as_ref().is_some_and(|owner| owner.kind == OwnerKind::Reowned)
    }
}

/// By stored row of a table the stored row that its key names.
fn references_of_stored(plan: &Plan, table: TableId, foreign_key: ForeignKeyId) -> Vec<Option<RowIndex>> {
    let key = &plan.catalog.tables[table].foreign_keys[foreign_key];
    let rows = plan.tables[key.referenced_table].stored.rows.iter().enumerate();
    let known: HashMap<Vec<u8>, RowIndex> =
        rows.filter_map(|(at, row)| Some((key_text(row, &key.referenced_columns)?, at as u64))).collect();
    let own = plan.tables[table].stored.rows.iter();
    own.map(|row| key_text(row, &key.columns).and_then(|wanted| known.get(&wanted).copied())).collect()
}

/// The place on the popularity curve, from `unit`: the first tenth is named by 45% of the rows, the first of a hundred by 9%.
fn popular_rank(count: u64, unit: f64) -> u64 {
    let tail = unit * unit * unit * libm::sqrt(unit);
    (count as f64 * ((tail + LEVEL * unit) / (1.0 + LEVEL))) as u64
}

/// A place among `count`, on the popularity curve of a key.
pub(super) fn skewed(count: u64, key: StreamKey, draws: &mut Draws) -> u64 {
    permute(popular_rank(count, draws.unit()).min(count - 1), count, stream_bits(key))
}

pub(super) fn key_text(row: &[Value], columns: &[usize]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    for &column in columns {
        if row[column] == Value::Null {
            return None;
        }
        row[column].write_copy(&mut text);
        text.push(b'\t');
    }
    Some(text)
}

/// The place of `unit * total` in running weights; `None` where all weights are 0.
pub(super) fn weighted(weights: &[f64], unit: f64) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let mut rest = unit * total;
    for (at, weight) in weights.iter().enumerate() {
        if rest < *weight {
            return Some(at);
        }
        rest -= weight;
    }
    weights.iter().rposition(|&weight| weight > 0.0)
}

pub(super) fn stream_bits(key: StreamKey) -> u64 {
    key.bits(0)
}

#[cfg(test)]
mod tests {
    use super::popular_rank;

    #[test]
    fn few_are_named_by_many() {
        let draws = 20_000_u32;
        let mut named = [0_u32; 100];
        for draw in 0..draws {
            named[popular_rank(100, (f64::from(draw) + 0.5) / f64::from(draws)) as usize] += 1;
        }
        let share = |rows: u32| f64::from(rows) / f64::from(draws);
        let (first, tenth) = (share(named[0]), share(named[..10].iter().sum()));
        assert!((0.07..0.11).contains(&first) && (0.42..0.48).contains(&tenth), "{first} {tenth}");
        assert!(named.windows(2).all(|pair| pair[0] + 2 >= pair[1]) && named[99] > 0);
    }
}
