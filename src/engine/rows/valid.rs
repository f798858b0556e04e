//! Rows that are valid for a time: what names them comes within it.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{Pick, PickPlan, RowIndex, Validity};
use crate::engine::rows::pick::{Candidates, TRIES};
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::as_micros;

/// Candidates looked at in turn for one that is valid.
pub(super) const MOST_WALKED: u64 = 200;

impl Rows<'_> {
    /// Whether a row is valid at the time of the row that names it.
    pub(super) fn is_valid(&mut self, pick: &PickPlan, target: TableId, row: RowIndex, moment: Option<i64>, amount: Option<f64>) -> bool {
        if let (Some(affordable), Some(amount)) = (&pick.affordable, amount)
            && self.cell(target, row, affordable.least).as_f64().is_some_and(|least| least > amount)
        {
            return false;
        }
        let Some(moment) = moment else { return true };
        // Rows made by this run are limited by rank, before they are drawn.
        if pick.not_after && !self.is_made(target, row) && self.birth(target, row).is_some_and(|birth| birth > moment) {
            return false;
        }
        let Some(valid) = pick.valid else { return true };
        let (from, until) = self.validity(target, row, valid);
        from.is_none_or(|from| from <= moment) && until.is_none_or(|until| moment <= until)
    }

    /// From when and until when a row is valid; `None` where it says nothing.
    pub(super) fn validity(&mut self, target: TableId, row: RowIndex, valid: Validity) -> (Option<i64>, Option<i64>) {
        let from = valid.from.and_then(|from| as_micros(self.known(target, row, from)));
        (from, as_micros(self.known(target, row, valid.until)))
    }

    /// A valid candidate, if a few draws and a walk through them find one.
    pub(super) fn valid_one(
        &mut self,
        table: TableId,
        index: RowIndex,
        foreign_key: ForeignKeyId,
        candidates: Candidates,
        draws: &mut Draws,
    ) -> Option<RowIndex> {
        let plan = self.plan;
        let pick = &plan.tables[table].picks[foreign_key];
        // A row's own time may follow from what it names.
        let moment = if pick.not_after { self.moment(table, index) } else { None };
        let amount = self.amount_to_spend(table, index, pick);
        for _ in 0..TRIES {
            let row = self.popular(candidates, draws);
            if self.is_valid(pick, candidates.table, row, moment, amount) {
                return Some(row);
            }
        }
        let start = draws.below(candidates.allowed);
        (0..candidates.allowed.min(MOST_WALKED))
            .map(|step| candidates.first + (start + step) % candidates.allowed)
            .find(|&row| self.is_valid(pick, candidates.table, row, moment, amount))
    }

    /// The amount that must reach what the referenced row asks for.
    pub(super) fn amount_to_spend(&mut self, table: TableId, index: RowIndex, pick: &PickPlan) -> Option<f64> {
        let affordable = pick.affordable.as_ref()?;
        self.fact(table, index, &affordable.amount).as_f64()
    }

    /// Leaves those that are old enough and valid at the time of the row that names one of them.
    pub(super) fn keep_old_enough(
        &mut self,
        table: TableId,
        index: RowIndex,
        pick: &PickPlan,
        target: TableId,
        members: &mut Vec<RowIndex>,
    ) {
        if !pick.not_after || members.is_empty() {
            return;
        }
        let Some(limit) = self.moment(table, index) else { return };
        let first = members[0];
        members.retain(|&row| self.moment(target, row).is_none_or(|birth| birth <= limit));
        // Where all are too young, the first will do: it came with their shared parent.
        if members.is_empty() {
            members.push(first);
        }
        if pick.valid.is_some() && members.iter().any(|&row| self.is_valid(pick, target, row, Some(limit), None)) {
            members.retain(|&row| self.is_valid(pick, target, row, Some(limit), None));
        }
    }

    /// From when and until when all rows are valid that a row names, whose own time follows from them.
    pub(super) fn while_valid(&mut self, table: TableId, index: RowIndex) -> (Option<i64>, Option<i64>) {
        let plan = self.plan;
        let (mut first, mut last): (Option<i64>, Option<i64>) = (None, None);
        for (foreign_key, pick) in plan.tables[table].picks.iter().enumerate() {
            let Some(valid) = pick.valid.filter(|_| !pick.not_after && !matches!(pick.pick, Pick::Nothing(_) | Pick::Later)) else {
                continue;
            };
            let Some(row) = self.reference(table, index, foreign_key) else { continue };
            let (from, until) = self.validity(self.links[table][foreign_key].target, row, valid);
            if valid.over {
                first = first.max(until);
                continue;
            }
            first = first.max(from);
            last = last.into_iter().chain(until).min();
        }
        (first, last)
    }
}
