//! Rows in the time of others: before what they are for, when that begins, or one after the other.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{InUse, Owner, PeriodOf, Periods, RowIndex};
use crate::engine::rows::random::{Draws, scale};
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::at_a_likely_hour;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// Whoever comes is there up to so long before it begins, or after.
const EARLY: i64 = 20 * 60_000_000;
const LATE: i64 = 5 * 60_000_000;

/// The latest booking comes so long before, where time is left.
const SHORTLY: i64 = 30 * 60_000_000;

/// What is a part of a booking comes within so long.
const AT_ONCE: i64 = 3 * 60_000_000;

/// Days from a booking to what is booked: half of them three, and at most so many.
const MEAN_DAYS: f64 = 1.1;
const SPREAD: f64 = 0.9;
const MOST_DAYS: f64 = 45.0;

/// Days after it is over until somebody judges it: half of them some eight hours.
const MEAN_DAYS_AFTER: f64 = -1.1;

/// The part of its turn in which a period begins.
const BEGINS: f64 = 0.3;

/// Days of a turn, the first that leaves room for all rows.
const TURNS: [i64; 3] = [180, 60, 4];

impl Rows<'_> {
    /// When a row came to be that keeps to the time of others.
    pub(super) fn birth_by_turns(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let planned = &self.plan.tables[table];
        if planned.ahead {
            return self.before_it_begins(table, index, draws);
        }
        if planned.heralds {
            return self.with_what_came_ahead(table, index, draws);
        }
        if planned.attends.is_some() {
            return self.when_it_begins(table, index, draws);
        }
        planned.in_turn?;
        let planned_without_gaps = planned.without_gaps;
        let (from, until) = self.turn(table, index)?;
        // What was true until it changed leaves no gap.
        if planned_without_gaps {
            return Some(from);
        }
        let at = from + ((until - from) as f64 * BEGINS * draws.unit()) as i64;
        let floor = self.not_before(table, index).map_or(from, |floor| floor.max(from));
        let last = until - MICROS_PER_DAY;
        Some(at_a_likely_hour((floor.min(last), last), at.max(floor).min(last), draws))
    }

    fn before_it_begins(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let begins = self.begins(table, index)?;
        let owner = self.plan.tables[table].owner.as_ref().map(|owner| owner.table);
        let entered = owner.zip(self.owner_of(table, index)).and_then(|(owner, row)| self.entry(owner, row));
        let floor = self.not_before(table, index).max(entered).map_or(i64::MIN, |floor| floor.min(begins));
        let days = libm::exp(SPREAD.mul_add(draws.normal(), MEAN_DAYS)).min(MOST_DAYS);
        let at = begins - SHORTLY - (days * MICROS_PER_DAY as f64) as i64;
        if at > floor {
            return Some(at_a_likely_hour((floor, begins - SHORTLY), at, draws));
        }
        Some(floor + scale(draws.bits(), (begins - floor).max(1) as u64) as i64)
    }

    /// Minutes after what it is a part of, and no later than that for which both are.
    fn with_what_came_ahead(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let floor = self.not_before(table, index)?;
        let begins = self.comes_before(table, index).unwrap_or(i64::MAX).max(floor);
        Some((floor + scale(draws.bits(), AT_ONCE as u64) as i64).min(begins).min(self.plan.as_of))
    }

    /// When that begins of which a row comes ahead, itself or with what it hangs under.
    pub(super) fn comes_before(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let (table, index) = self.come_ahead_with(table, index)?;
        self.begins(table, index).or_else(|| self.moment(table, index))
    }

    /// The row with which another comes ahead of something: itself, or the one further up that does.
    fn come_ahead_with(&mut self, table: TableId, index: RowIndex) -> Option<(TableId, RowIndex)> {
        let mut at = (table, index);
        while self.plan.tables[at.0].heralds || self.plan.tables[at.0].birth.is_none() {
            let owner = self.plan.tables[at.0].owner.as_ref()?.table;
            at = (owner, self.owner_of(at.0, at.1)?);
        }
        Some(at)
    }

    fn when_it_begins(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let (key, judged) = self.plan.tables[table].attends?;
        let row = self.reference(table, index, key)?;
        let target = self.links[table][key].target;
        let begins = self.comes_before(target, row)?;
        let floor = self.not_before(table, index).unwrap_or(i64::MIN);
        let until = self.plan.as_of;
        if judged {
            let over = self.over_at(target, row).map_or(floor, |over| over.max(floor)).min(until);
            let days = libm::exp(SPREAD.mul_add(draws.normal(), MEAN_DAYS_AFTER));
            return Some((over + (days * MICROS_PER_DAY as f64) as i64).min(until));
        }
        let at = begins - EARLY + scale(draws.bits(), (EARLY + LATE) as u64) as i64;
        Some(at.max(floor).min(until))
    }

    /// When what a row was booked for begins, where its table's rows come ahead.
    pub(super) fn begins(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let owner = self.plan.tables[table].owner.as_ref().filter(|_| self.plan.tables[table].ahead)?.table;
        let row = self.owner_of(table, index)?;
        self.moment(owner, row)
    }

    /// When what a row was booked for was over, by its end or by its life's.
    fn over_at(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let (table, index) = self.come_ahead_with(table, index)?;
        let owner = self.plan.tables[table].owner.as_ref()?.table;
        let row = self.owner_of(table, index)?;
        self.lifecycle(owner, row).and_then(|life| life.end).or_else(|| self.moment(owner, row))
    }

    /// Whether somebody has a thing at present, as the rows below it say; else one of its other states.
    pub(super) fn in_use(&mut self, table: TableId, index: RowIndex, found: &InUse) -> Value {
        let (child, key) = found.by;
        let group = self.group(child, key, index);
        // One at a time is in force: mostly the last.
        let holds = (0..group.len()).rev().any(|place| {
            let row = self.member(child, group, place);
            self.lifecycle(child, row).is_some_and(|life| found.states[life.current])
        });
        if holds {
            return found.taken.clone();
        }
        let total = found.others.last().map_or(0.0, |(_, sum)| *sum);
        let target = self.draws(table, index, found.key, false).unit() * total;
        found.others.iter().find(|(_, sum)| target < *sum).or(found.others.last()).map_or(Value::Null, |(label, _)| label.clone())
    }

    /// The part of its parent's time that a row has for itself, by its place among its siblings.
    pub(super) fn turn(&mut self, table: TableId, index: RowIndex) -> Option<(i64, i64)> {
        let owner = self.plan.tables[table].owner.as_ref()?.table;
        let (parent, ordinal) = {
            let row = self.state(table, index);
            (row.owner?, row.ordinal as i64)
        };
        if !self.is_made(owner, parent) {
            return None;
        }
        let start = self.plan.as_of - super::stamp::WINDOW;
        let since = self.moment(owner, parent).unwrap_or(start);
        // What follows each other for those who have been there for years does so from the first day.
        let from = if self.plan.tables[owner].long_standing { since } else { since.max(start) };
        let siblings = self.siblings(table, index).max(1) as i64;
        let part = (self.plan.as_of - from) / siblings;
        Some((from + part * ordinal, from + part * (ordinal + 1)))
    }

    /// How many rows find a turn of their own under each parent, where they follow each other; empty where they need not, or
    /// where more of them were asked for.
    pub(super) fn most_in_turn(&mut self, table: TableId, owner: &Owner, parents: std::ops::Range<RowIndex>, count: u64) -> Vec<u32> {
        if let Some(Periods { unit, of: PeriodOf::Turn { kinds, .. } }) = self.plan.tables[table].periods {
            return self.most_periods(owner, parents, count, (unit, kinds));
        }
        if self.plan.tables[table].in_turn.is_none() || self.layouts[owner.table].made == 0 {
            return Vec::new();
        }
        let start = self.plan.as_of - super::stamp::WINDOW;
        let moments: Vec<i64> = parents.map(|parent| self.moment(owner.table, parent).unwrap_or(start).max(start)).collect();
        let with = |days: i64| -> Vec<u32> {
            let room = |from: &i64| ((self.plan.as_of - from) / (days * MICROS_PER_DAY)).max(1) as u32;
            moments.iter().map(room).collect()
        };
        let enough = |most: &Vec<u32>| most.iter().map(|most| u64::from(*most)).sum::<u64>() >= count;
        TURNS.into_iter().map(with).find(enough).unwrap_or_default()
    }

    /// Whether a column tells the end of a period that another one follows: then it is not empty.
    pub(super) fn is_followed(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> bool {
        let ends = self.plan.tables[table].in_turn == Some(column);
        ends && self.state(table, index).ordinal + 1 < self.siblings(table, index) && self.turn(table, index).is_some()
    }

    /// The last day of a row's turn, where another follows it.
    pub(super) fn end_of_turn(&mut self, table: TableId, index: RowIndex, birth: i64) -> Option<i64> {
        let last = self.siblings(table, index).saturating_sub(1);
        let ordinal = self.state(table, index).ordinal;
        let (_, until) = self.turn(table, index).filter(|_| ordinal < last)?;
        Some((until - MICROS_PER_DAY).max(birth + MICROS_PER_DAY))
    }
}
