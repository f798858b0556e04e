//! Rows that name somebody who belongs to what they name.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{Membership, OwnerKind, RowIndex};
use crate::engine::rows::random::{Draws, permute};
use crate::engine::rows::row::Rows;

/// Members looked at for one who belonged to it in time.
const TRIES: u32 = 8;

/// Members among whom the first to come is looked for.
const MOST_ASKED: u64 = 64;

impl Rows<'_> {
    /// One of those who belong to what the row names, if anybody does.
    pub(super) fn member_named(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let membership = self.plan.tables[table].picks[foreign_key].member.as_ref()?;
        let member = self.membership(table, index, foreign_key)?;
        self.reference(membership.table, member, membership.who)
    }

    /// The one of them at the row's own place among its siblings, in an order of theirs: who sat one exam of a course, each once.
    /// None where the siblings are more, or do not name the same.
    pub(super) fn member_apart(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        let plan = self.plan;
        let pick = &plan.tables[table].picks[foreign_key];
        let membership = pick.member.as_ref().filter(|member| self.names_by_owner(table, member))?;
        let (_, what) = self.follow(table, index, &membership.base)?;
        let members = self.group(membership.table, membership.of, what);
        let ordinal = self.state(table, index).ordinal;
        let owner = self.owner_identity(table, index)?;
        let place = (ordinal < members.len()).then(|| permute(ordinal, members.len(), pick.key.bits(owner)))?;
        let member = self.member(membership.table, members, place);
        self.reference(membership.table, member, membership.who)
    }

    /// Whom one of the siblings that came before names by a key; nobody, before the first.
    pub(super) fn earlier_fellow(&mut self, table: TableId, index: RowIndex, who: ForeignKeyId, draws: &mut Draws) -> Option<RowIndex> {
        let Some(OwnerKind::ForeignKey(owner)) = self.plan.tables[table].owner.as_ref().map(|owner| &owner.kind) else { return None };
        let above = self.reference(table, index, *owner)?;
        let siblings = self.group(table, *owner, above);
        let start = draws.below(siblings.len().max(1));
        let places = (0..siblings.len().min(MOST_ASKED)).map(|step| (start + step) % siblings.len());
        let own = (self.moment(table, index), index);
        let siblings: Vec<RowIndex> = places.map(|place| self.member(table, siblings, place)).collect();
        let earlier = siblings.into_iter().find(|&sibling| (self.moment(table, sibling), sibling) < own)?;
        self.reference(table, earlier, who)
    }

    /// How many belong to what a row names under which others hang.
    pub(super) fn members_under(&mut self, table: TableId, owner: (TableId, RowIndex), foreign_key: ForeignKeyId) -> Option<u64> {
        let plan = self.plan;
        let membership = plan.tables[table].picks[foreign_key].member.as_ref().filter(|member| self.names_by_owner(table, member))?;
        let further = &membership.base[1..];
        let what = if further.is_empty() { owner.1 } else { self.follow(owner.0, owner.1, further)?.1 };
        Some(self.group(membership.table, membership.of, what).len())
    }

    /// Whether siblings name the same: by the row that they hang under.
    fn names_by_owner(&self, table: TableId, membership: &Membership) -> bool {
        let owner = self.plan.tables[table].owner.as_ref().map(|owner| &owner.kind);
        membership.base.first().is_some_and(|&base| owner == Some(&OwnerKind::ForeignKey(base)))
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
        // Where nobody surely belonged to it by then, whoever came first is named rather than a stranger.
        let members: Vec<RowIndex> =
            (0..members.len().min(MOST_ASKED)).map(|place| self.member(membership.table, members, place)).collect();
        members.into_iter().min_by_key(|&member| self.moment(membership.table, member))
    }
}
