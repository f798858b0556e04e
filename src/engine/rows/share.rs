//! Foreign keys that share columns with another key: the row named is one that agrees on them.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::{Distinct, FanOut, Owner, OwnerKind, Pick, PickPlan, RowIndex};
use crate::engine::rows::pick::{TRIES, key_text, skewed};
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

/// Rows of a table by their values in some columns.
pub(super) type Groups = HashMap<Vec<u8>, Arc<Vec<u32>>>;

impl Rows<'_> {
    /// The rows that a key may name, given what other keys decided of its columns; none where one of these is NULL.
    pub(super) fn sharing(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Arc<Vec<u32>> {
        let plan = self.plan;
        let shared = &plan.tables[table].picks[foreign_key].shared;
        let values: Vec<Value> = shared.iter().map(|(own, _)| self.cell(table, index, *own)).collect();
        self.agreeing(plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table, shared, &values)
    }

    pub(super) fn agreeing(&mut self, target: TableId, shared: &[(ColumnId, ColumnId)], values: &[Value]) -> Arc<Vec<u32>> {
        let columns: Vec<ColumnId> = shared.iter().map(|(_, referenced)| *referenced).collect();
        let places: Vec<usize> = (0..values.len()).collect();
        let Some(wanted) = key_text(values, &places) else { return Arc::default() };
        let asked = (target, columns);
        if !self.groups.contains_key(&asked) {
            let groups = self.grouped(target, &asked.1);
            self.groups.insert(asked.clone(), groups);
        }
        self.groups.get(&asked).and_then(|groups| groups.get(&wanted)).cloned().unwrap_or_default()
    }

    /// Every row that keys may name, by the columns' values.
    fn grouped(&mut self, target: TableId, columns: &[ColumnId]) -> Groups {
        let (first, end) = self.nameable(target);
        let mut groups: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
        let places: Vec<usize> = (0..columns.len()).collect();
        for row in first..end {
            let values: Vec<Value> = columns.iter().map(|&column| self.cell(target, row, column)).collect();
            if let Some(key) = key_text(&values, &places) {
                groups.entry(key).or_default().push(row as u32);
            }
        }
        groups.into_iter().map(|(key, rows)| (key, Arc::new(rows))).collect()
    }

    /// One of the rows that agree: by popularity, old enough where it must be, different from siblings' where it must be.
    pub(super) fn pick_sharing(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        distinct: Distinct,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let plan = self.plan;
        let members = self.sharing(table, index, foreign_key);
        let count = members.len() as u64;
        if count == 0 {
            return None;
        }
        let pick = &plan.tables[table].picks[foreign_key];
        let target = plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let moment = if pick.not_after { self.moment(table, index) } else { None };
        let taken = match distinct {
            Distinct::PerOwner { not_owner, .. } => self.partners_taken(table, index, foreign_key, not_owner),
            _ => Vec::new(),
        };
        let at = |place: u64| u64::from(members[place as usize]);
        for _ in 0..TRIES {
            let row = at(skewed(count, pick.key, draws));
            if !taken.contains(&row) && self.is_there(target, row, moment) {
                return Some(row);
            }
        }
        let start = draws.below(count);
        let rows: Vec<RowIndex> = (0..count).map(|step| at((start + step) % count)).filter(|row| !taken.contains(row)).collect();
        rows.iter().copied().find(|&row| self.is_there(target, row, moment)).or_else(|| rows.first().copied())
    }

    fn is_there(&mut self, target: TableId, row: RowIndex, moment: Option<i64>) -> bool {
        moment.is_none_or(|moment| self.moment(target, row).is_none_or(|birth| birth <= moment))
    }

    /// Whether a row agrees with another on the columns that its key shares.
    pub(super) fn agrees(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, row: RowIndex) -> bool {
        let plan = self.plan;
        let target = plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let shared = &plan.tables[table].picks[foreign_key].shared;
        shared.iter().all(|&(own, referenced)| self.cell(table, index, own) == self.cell(target, row, referenced))
    }

    /// How many children the keys that share columns with the owner's leave each parent: as many as there are
    /// partners that agree, where siblings' must differ; none, where nothing agrees with a mandatory key.
    pub(super) fn partners_of(&mut self, table: TableId, owner: &Owner, parents: std::ops::Range<RowIndex>) -> Vec<u32> {
        let plan = self.plan;
        let OwnerKind::ForeignKey(own) = owner.kind else { return Vec::new() };
        let keys = &plan.catalog.tables[table].foreign_keys;
        let by_owner = |column: &ColumnId| keys[own].columns.iter().position(|own| own == column);
        let mut most: Vec<u32> = Vec::new();
        for (key, pick) in plan.tables[table].picks.iter().enumerate() {
            let bound = keys[key].mandatory && !pick.shared.is_empty() && matches!(pick.pick, Pick::Free { .. });
            let places: Option<Vec<usize>> = pick.shared.iter().map(|(column, _)| by_owner(column)).collect();
            let Some(places) = places.filter(|_| bound && owner.fan_out != FanOut::Stages) else { continue };
            let differ = matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } });
            most.resize((parents.end - parents.start) as usize, u32::MAX);
            for (parent, most) in parents.clone().zip(&mut most) {
                let values: Vec<Value> =
                    places.iter().map(|&place| self.cell(owner.table, parent, keys[own].referenced_columns[place])).collect();
                let partners = self.agreeing(keys[key].referenced_table, &pick.shared, &values).len() as u32;
                *most = (*most).min(if differ || partners == 0 { partners } else { u32::MAX });
            }
        }
        self.partners_who_belong(table, owner, parents.clone(), &mut most);
        self.partners_of_tenants(table, (own, owner.table), parents, &mut most);
        most
    }

    /// Where siblings name different members of what their parent names: no more children than there are, unless more rows were asked
    /// for.
    fn partners_who_belong(&mut self, table: TableId, owner: &Owner, parents: std::ops::Range<RowIndex>, most: &mut Vec<u32>) {
        let plan = self.plan;
        let is_apart = |pick: &PickPlan| pick.member.is_some() && matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } });
        let Some(key) = plan.tables[table].picks.iter().position(is_apart) else { return };
        let room: Option<Vec<u32>> =
            parents.map(|parent| Some(self.members_under(table, (owner.table, parent), key)?.min(u64::from(u32::MAX)) as u32)).collect();
        let Some(room) = room else { return };
        let both = |at: usize| room[at].min(most.get(at).copied().unwrap_or(u32::MAX));
        let enough = || (0..room.len()).map(|at| u64::from(both(at))).sum::<u64>() >= plan.tables[table].count;
        if !plan.tables[table].count_given || enough() {
            *most = (0..room.len()).map(both).collect();
        }
    }

    /// Where siblings name different rows of one tenant: no more children than it has rows, where that leaves room for all.
    fn partners_of_tenants(
        &mut self,
        table: TableId,
        (own, owner): (ForeignKeyId, TableId),
        parents: std::ops::Range<RowIndex>,
        most: &mut Vec<u32>,
    ) {
        let plan = self.plan;
        for (key, pick) in plan.tables[table].picks.iter().enumerate() {
            let apart = matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } });
            let Some((_, up)) =
                pick.tenant.as_ref().filter(|_| apart).and_then(|tenant| tenant.up.split_first()).filter(|(hop, _)| **hop == own)
            else {
                continue;
            };
            let target = plan.catalog.tables[table].foreign_keys[key].referenced_table;
            let room: Option<Vec<u32>> = parents
                .clone()
                .map(|parent| {
                    let head = if up.is_empty() { parent } else { self.follow(owner, parent, up)?.1 };
                    Some(self.rows_of_a_tenant(target, pick.tenant.as_ref()?, head)?.len() as u32)
                })
                .collect();
            let Some(room) = room else { continue };
            let both = |at: usize| room[at].min(most.get(at).copied().unwrap_or(u32::MAX));
            if (0..room.len()).map(|at| u64::from(both(at))).sum::<u64>() >= plan.tables[table].count {
                *most = (0..room.len()).map(both).collect();
            }
        }
    }
}
