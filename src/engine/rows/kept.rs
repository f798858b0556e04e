//! Times that were agreed on before: when it begins, until when, and when it is over.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::as_micros;

const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = HOUR / 60;

/// Minutes before and after the time that was agreed on within which something begins.
const BEFORE_THE_TIME: u64 = 12;
const AFTER_THE_TIME: u64 = 48;

/// Share of what comes back too late, by so many hours in half of the cases; hours by which half of the others come before.
const LATE: f64 = 0.14;
const HOURS_LATE: f64 = 2.5;
const HOURS_EARLY: f64 = 0.7;
const MOST_HOURS_EARLY: f64 = 6.0;

impl Rows<'_> {
    /// The time that a column of the row above tells.
    pub(super) fn as_agreed(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Option<i64> {
        let owner = self.plan.tables[table].owner.as_ref()?.table;
        let row = self.owner_of(table, index)?;
        as_micros(&self.cell(owner, row, column))
    }

    /// When a row came to be that was agreed on: about the time that was said, once all is there that it names.
    pub(super) fn birth_as_agreed(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let begin = self.plan.tables[table].keeps?;
        let at =
            self.as_agreed(table, index, begin)? + (draws.below(AFTER_THE_TIME + BEFORE_THE_TIME) as i64 - BEFORE_THE_TIME as i64) * MINUTE;
        let second = draws.below(MINUTE as u64) as i64;
        Some((at + second).max(self.not_before(table, index).unwrap_or(i64::MIN)).min(self.plan.as_of))
    }

    /// When something is over that another column says the end of; none where that is still to come and need not be said.
    pub(super) fn about(
        &mut self,
        table: TableId,
        index: RowIndex,
        (due, own): (ColumnId, ColumnId),
        birth: i64,
        draws: &mut Draws,
    ) -> Option<i64> {
        let due = as_micros(&self.cell(table, index, due))?;
        let at = (due + about(draws)).max(birth + HOUR / 2);
        (at <= self.plan.as_of || self.plan.catalog.tables[table].columns[own].not_null).then_some(at)
    }
}

/// How long after a time that was set something is over: mostly within the hours before, sometimes later.
fn about(draws: &mut Draws) -> i64 {
    if draws.unit() < LATE {
        return (HOURS_LATE * libm::exp(draws.normal()) * HOUR as f64) as i64;
    }
    -((HOURS_EARLY * libm::exp(0.9 * draws.normal())).min(MOST_HOURS_EARLY) * HOUR as f64) as i64
}
