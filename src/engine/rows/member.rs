//! Rows that name somebody who belongs to what they name.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::row::Rows;

/// Members looked at for one who belonged to it in time.
const TRIES: u32 = 8;

impl Rows<'_> {
    /// One of those who belong to what the row names, if anybody does.
    pub(super) fn member_named(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let membership = self.plan.tables[table].picks[foreign_key].member.as_ref()?;
        let member = self.membership(table, index, foreign_key)?;
        self.reference(membership.table, member, membership.who)
    }

    /// The row by which somebody belongs to what the row names: old enough where the row's own time is fixed.
    pub(super) fn membership(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let plan = self.plan;
        let pick = &plan.tables[table].picks[foreign_key];
        let membership = pick.member.as_ref()?;
        let (_, what) = self.follow(table, index, &membership.base)?;
        let members = self.group(membership.table, membership.of, what);
        if members.len() == 0 {
            return None;
        }
        let mut draws = self.pick_draws(table, index, foreign_key);
        // The first draw has said whether the row names anybody.
        let _ = draws.unit();
        let limit = if pick.not_after { self.moment(table, index) } else { None };
        for _ in 0..TRIES {
            let member = self.member(membership.table, members, draws.below(members.len()));
            if limit.is_none_or(|limit| self.moment(membership.table, member).is_none_or(|since| since <= limit)) {
                return Some(member);
            }
        }
        None
    }
}
