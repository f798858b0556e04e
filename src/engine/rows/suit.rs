//! Picks that follow other facts of the row.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{RowIndex, Tenant};
use crate::engine::rows::group::Group;
use crate::engine::rows::pick::Candidates;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::valid::MOST_WALKED;
use crate::engine::value::Value;

/// Share of rows that name what the row they hang under names.
const FOLLOWS: f64 = 0.94;

/// Share of rows that name what goes with where their owner is at home.
const NATIVE: f64 = 0.92;

/// Of the responses that would be by the author, so many are.
const BY_ITS_AUTHOR: f64 = 0.3;

/// Shares of partners of the owner's own group, and of that or one beside it.
const OWN_GROUP: f64 = 0.7;
const NEAR_GROUP: f64 = 0.95;

/// Of what goes with a row, not in its stead, so much is of its own group all the same.
const COMPLEMENT_OF_OWN_GROUP: f64 = 0.35;

/// Larger trees are not walked for the neighbours of a row.
const MOST_GROUPS: u64 = 500;

/// Draws for a partner in a group before another way is tried.
const TRIES: u32 = 12;

/// Redraws after which a row does not name the one it hangs under, though there is no other of its tenant.
const REFUSED_ALONE: u32 = 4;

/// More rows of one tenant are not compared with each other.
const MOST_OF_A_TENANT: u64 = 4_096;

/// Who of a tenant's own rows is named.
pub(super) enum OfTenant {
    Row(RowIndex),
    Nobody,
}

impl Rows<'_> {
    /// The row that the owner names, else the one that goes with where it is at home; `None` where chance has it otherwise.
    pub(super) fn suiting(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, draws: &mut Draws) -> Option<RowIndex> {
        let plan = self.plan;
        let pick = &plan.tables[table].picks[foreign_key];
        if let Some(hops) = &pick.follows
            && draws.unit() < FOLLOWS
            && let Some((_, row)) = self.follow(table, index, hops)
        {
            return Some(row);
        }
        let native = pick.native.as_ref()?;
        if draws.unit() >= NATIVE {
            return None;
        }
        let (head, row) = self.follow(table, index, &native.up)?;
        let home = self.home(head, row, native.list)?;
        native.rows.get(&home).copied()
    }

    /// One of the candidates: where the row responds to what somebody made, seldom its author.
    pub(super) fn somebody_else(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> RowIndex {
        let row = self.one_of(table, index, foreign_key, candidates, draws);
        let Some(hops) = &self.plan.tables[table].picks[foreign_key].unlike else { return row };
        let Some((_, author)) = self.follow(table, index, hops) else { return row };
        // What is decided about somebody is decided by another.
        if row == author && hops.len() > 1 && draws.unit() < BY_ITS_AUTHOR {
            return row;
        }
        let mut others = (0..TRIES).map(|_| self.one_of(table, index, foreign_key, candidates, draws));
        if row == author { others.find(|&other| other != author).unwrap_or(row) } else { row }
    }

    /// A candidate whose words go with those of the row that another key names, if some draws find one.
    pub(super) fn one_akin(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let plan = self.plan;
        let akin = plan.tables[table].picks[foreign_key].akin?;
        let (head, row) = self.follow(table, index, &[akin.by])?;
        let Value::Text(wanted) = self.cell(head, row, akin.column) else { return None };
        let list = plan.tables[candidates.table].tuples[akin.tuple].vocabulary;
        if !list.lines().any(|line| line.words(akin.cell).is_some_and(|cell| *cell.text() == *wanted)) {
            return None;
        }
        let goes = |rows: &mut Self, row: RowIndex| {
            let line = rows.line(candidates.table, row, akin.tuple);
            line.and_then(|line| line.words(akin.cell)).is_some_and(|cell| *cell.text() == *wanted)
        };
        for _ in 0..TRIES {
            let row = self.one_of(table, index, foreign_key, candidates, draws);
            if goes(self, row) {
                return Some(row);
            }
        }
        let start = draws.below(candidates.allowed);
        let walk = (0..candidates.allowed.min(MOST_WALKED)).map(|step| candidates.first + (start + step) % candidates.allowed);
        walk.into_iter().find(|&row| goes(self, row))
    }

    /// The rows that belong to the same row further up as this one, in their order; `None` where that cannot be told, or there are
    /// too many to compare.
    pub(super) fn of_the_same_tenant(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<Vec<RowIndex>> {
        let plan = self.plan;
        let tenant = plan.tables[table].picks[foreign_key].tenant.as_ref()?;
        let (_, head) = self.follow(table, index, &tenant.up)?;
        let target = plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        self.rows_of_a_tenant(target, tenant, head)
    }

    /// The rows of a table that belong to a row further up, in their order; `None` where there are too many to compare.
    pub(super) fn rows_of_a_tenant(&self, table: TableId, tenant: &Tenant, head: RowIndex) -> Option<Vec<RowIndex>> {
        let plan = self.plan;
        let above = std::iter::successors(Some((table, 0)), |&(at, step)| {
            let key = *tenant.down.get(step)?;
            Some((plan.catalog.tables[at].foreign_keys[key].referenced_table, step + 1))
        });
        let levels: Vec<(TableId, ForeignKeyId)> = above.zip(&tenant.down).map(|((at, _), &key)| (at, key)).collect();
        let mut members = vec![head];
        for (at, key) in levels.into_iter().rev() {
            let groups: Vec<Group> = members.iter().map(|&row| self.group(at, key, row)).collect();
            if groups.iter().map(Group::len).sum::<u64>() > MOST_OF_A_TENANT {
                return None;
            }
            let rows = groups.iter().flat_map(|&group| (0..group.len()).map(move |place| (group, place)));
            members = rows.map(|(group, place)| self.member(at, group, place)).collect();
        }
        members.sort_unstable();
        Some(members)
    }

    /// One of them, old enough, that no sibling has taken; `None` where it is not known who they are.
    pub(super) fn tenants_own(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        taken: &[RowIndex],
        draws: &mut Draws,
    ) -> Option<OfTenant> {
        let mut members = self.of_the_same_tenant(table, index, foreign_key)?;
        members.retain(|row| !taken.contains(row));
        let target = self.plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        // Nobody reviews himself, where the firm has others; where it has none, and the table says so, it is somebody of another.
        let above = self.plan.tables[table].owner.as_ref().filter(|owner| owner.table == target).and(self.state(table, index).owner);
        let refused = self.state(table, index).attempt % 1_000 >= REFUSED_ALONE;
        // What is decided about somebody is never decided by him.
        let never = self.plan.tables[table].picks[foreign_key].unlike.as_ref().is_some_and(|hops| hops.len() == 1);
        if let Some(above) = above.filter(|_| refused || never || members.len() > 1) {
            members.retain(|row| *row != above);
        }
        if self.plan.tables[table].picks[foreign_key].counted {
            let named = self.named_by_siblings(table, index, foreign_key);
            if members.iter().any(|row| !named.contains(row)) {
                members.retain(|row| !named.contains(row));
            }
        }
        let plan = self.plan;
        self.keep_old_enough(table, index, &plan.tables[table].picks[foreign_key], target, &mut members);
        if members.is_empty() {
            return Some(OfTenant::Nobody);
        }
        Some(OfTenant::Row(members[draws.below(members.len() as u64) as usize]))
    }

    /// What a key of the earlier siblings names, and of those that are there.
    fn named_by_siblings(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Vec<RowIndex> {
        let (ordinal, slot) = {
            let row = self.state(table, index);
            (row.ordinal, row.slot)
        };
        let before: Vec<RowIndex> = (slot - ordinal..slot).map(|sibling| self.layouts[table].index_of_slot(sibling)).collect();
        let beside = self.rows_beside(table, index);
        before.into_iter().chain(beside.iter().copied()).filter_map(|sibling| self.reference(table, sibling, foreign_key)).collect()
    }

    /// A partner from the owner's own group, or from one under the same head.
    pub(super) fn near_one(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        taken: &[RowIndex],
        moment: Option<i64>,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let plan = self.plan;
        let near = plan.tables[table].picks[foreign_key].near.as_ref()?;
        let kin = near.kin;
        let target = plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let owner = self.state(table, index).owner?;
        let group = self.reference(target, owner, kin)?;
        let chance = draws.unit();
        let said = near.told.as_ref().map(|(column, own, beside)| (self.known(table, index, *column), own, beside));
        let (own, any) = match said {
            Some((said, alternatives, _)) if alternatives.contains(said) => (1.0, 1.0),
            Some((said, _, complements)) if complements.contains(said) => (COMPLEMENT_OF_OWN_GROUP, 1.0),
            _ => (OWN_GROUP, NEAR_GROUP),
        };
        if chance < own
            && let Some(row) = self.free_member(target, kin, group, taken, moment, draws)
        {
            return Some(row);
        }
        if chance >= any {
            return None;
        }
        let mut beside = self.groups_beside(plan.catalog.tables[target].foreign_keys[kin].referenced_table, group);
        if own < OWN_GROUP && beside.len() > 1 {
            beside.retain(|&other| other != group);
        }
        let start = draws.below(beside.len().max(1) as u64) as usize;
        (0..beside.len()).find_map(|step| self.free_member(target, kin, beside[(start + step) % beside.len()], taken, moment, draws))
    }

    fn free_member(
        &mut self,
        target: TableId,
        kin: ForeignKeyId,
        group: RowIndex,
        taken: &[RowIndex],
        moment: Option<i64>,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let (first, _) = self.nameable(target);
        let members = self.group(target, kin, group);
        if members.len() == 0 {
            return None;
        }
        for _ in 0..TRIES {
            let row = self.member(target, members, draws.below(members.len()));
            let free = row >= first && !taken.contains(&row);
            if free && moment.is_none_or(|moment| self.moment(target, row).is_none_or(|birth| birth <= moment)) {
                return Some(row);
            }
        }
        if members.len() > MOST_WALKED {
            return None;
        }
        let start = draws.below(members.len());
        (0..members.len()).map(|step| (start + step) % members.len()).find_map(|place| {
            let row = self.member(target, members, place);
            let free = row >= first && !taken.contains(&row);
            let old_enough = free && moment.is_none_or(|moment| self.moment(target, row).is_none_or(|birth| birth <= moment));
            old_enough.then_some(row)
        })
    }

    /// The rows of a tree with the same parent as a row, itself among them; all roots for a root.
    fn groups_beside(&mut self, tree: TableId, group: RowIndex) -> Vec<RowIndex> {
        let Some(up) = self.plan.catalog.tables[tree].foreign_keys.iter().position(|key| key.referenced_table == tree) else {
            return Vec::new();
        };
        let (first, end) = self.nameable(tree);
        if end - first > MOST_GROUPS {
            return vec![group];
        }
        let head = self.reference(tree, group, up);
        (first..end).filter(|&row| self.reference(tree, row, up) == head).collect()
    }
}
