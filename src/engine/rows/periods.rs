//! Rows that stand for the periods of a calendar.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{Owner, OwnerKind, PeriodOf, PeriodPart, RowIndex, Unit, When};
use crate::engine::rows::random::{Draws, permute, scale};
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::at_a_likely_hour;
use crate::engine::value::{Civil, MICROS_PER_DAY, Value, add_months, civil_from_days, days_from_civil};

/// No period lies farther back: what is drawn anew and anew finds none there.
const FARTHEST: i64 = 12_000;

/// What was over is recorded within so many days.
const RECORDED_WITHIN: i64 = 2 * MICROS_PER_DAY;

/// Whoever signs up for a term does so between so long before it begins and so long after.
const SIGNS_UP_BEFORE: i64 = 40 * MICROS_PER_DAY;
const SIGNS_UP_AFTER: i64 = 10 * MICROS_PER_DAY;

/// Exams are in the last weeks of a term.
const EXAMS: i64 = 21 * MICROS_PER_DAY;

/// Terms of a school year: month and day on which one begins and ends, those of spring first.
const SPRING: [(u32, u32); 2] = [(1, 15), (5, 31)];
const AUTUMN: [(u32, u32); 2] = [(9, 1), (12, 18)];

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A period: its first and its last day, from 2000-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: i32,
    pub(super) last: i32,
}

impl Period {
    /// The period that a day lies in, or so many before it; of terms the last that had begun.
    pub(super) fn before(unit: Unit, day: i32, back: i64) -> Self {
        let back = back.min(FARTHEST) as i32;
        match unit {
            Unit::Week => {
                // 2000-01-01, the first day of the count, was a Saturday.
                let first = day - (day + 5).rem_euclid(7) - 7 * back;
                Self { first, last: first + 6 }
            }
            Unit::Term => Self::term(day, back),
            Unit::Month | Unit::Quarter | Unit::Year | Unit::None => {
                let months = match unit {
                    Unit::Quarter => 3,
                    Unit::Year => 12,
                    _ => 1,
                };
                let civil = civil_from_days(day);
                let month = (civil.month - 1) as i32 / months * months;
                let first = add_months(days_from_civil(civil.year, month as u32 + 1, 1), -months * back);
                Self { first, last: add_months(first, months) - 1 }
            }
        }
    }

    fn term(day: i32, back: i32) -> Self {
        let civil = civil_from_days(day);
        let today = (civil.month, civil.day);
        // Terms counted from year 0: two a year.
        let begun = civil.year * 2 + i32::from(today >= AUTUMN[0]) - i32::from(today < SPRING[0]);
        let term = begun - back;
        let days = if term.rem_euclid(2) == 1 { AUTUMN } else { SPRING };
        let [first, last] = days.map(|(month, day)| days_from_civil(term.div_euclid(2), month, day));
        Self { first, last }
    }

    /// What people call it: `March 2026`, `Q1 2026`, `Autumn 2026`.
    fn name(self, unit: Unit) -> String {
        let Civil { year, month, .. } = civil_from_days(self.first);
        match unit {
            Unit::Week => format!("Week of {}", Value::Date(self.first)),
            Unit::Month => format!("{} {year}", MONTHS[month as usize - 1]),
            Unit::Quarter => format!("Q{} {year}", month.div_ceil(3)),
            Unit::Term => format!("{} {year}", if month >= AUTUMN[0].0 { "Autumn" } else { "Spring" }),
            Unit::Year | Unit::None => year.to_string(),
        }
    }

    fn begins(self) -> i64 {
        i64::from(self.first) * MICROS_PER_DAY
    }

    pub(super) fn is_over(self) -> i64 {
        (i64::from(self.last) + 1) * MICROS_PER_DAY
    }
}

impl Rows<'_> {
    /// The period that a row stands for, where its table's rows do.
    pub(super) fn period(&mut self, table: TableId, index: RowIndex) -> Option<Period> {
        let periods = self.plan.tables[table].periods.as_ref()?;
        match periods.of {
            PeriodOf::Birth => {
                let birth = self.birth(table, index)?;
                Some(Period::before(periods.unit, birth.div_euclid(MICROS_PER_DAY) as i32, 1))
            }
            PeriodOf::Turn { begins, kinds } => {
                let back = self.periods_back(table, index, kinds as i64) + i64::from(!begins);
                Some(Period::before(periods.unit, self.plan.as_of.div_euclid(MICROS_PER_DAY) as i32, back))
            }
        }
    }

    /// When a row came to be that stands for a period of its own.
    pub(super) fn birth_by_period(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let PeriodOf::Turn { begins, .. } = self.plan.tables[table].periods.as_ref()?.of else { return None };
        let period = self.period(table, index)?;
        if begins {
            return Some(period.begins());
        }
        Some((period.is_over() + scale(draws.bits(), RECORDED_WITHIN as u64) as i64).min(self.plan.as_of))
    }

    /// When a row came to be that comes in the period of one that it names: no earlier than what it hangs under.
    pub(super) fn birth_during(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let plan = self.plan;
        let during = plan.tables[table].during.as_ref()?;
        let period = self.period_named(table, index)?;
        let (from, until) = match during.when {
            When::SigningUp => (period.begins() - SIGNS_UP_BEFORE, period.begins() + SIGNS_UP_AFTER),
            When::Examined => (period.is_over() - EXAMS, period.is_over() - MICROS_PER_DAY),
            When::Within => (period.begins() + MICROS_PER_DAY, period.is_over() - MICROS_PER_DAY),
        };
        let owner = plan.tables[table].owner.as_ref().filter(|owner| owner.kind != OwnerKind::ForeignKey(during.hops[0]));
        let floor = owner.map(|owner| owner.table).and_then(|owner| {
            let row = self.owner_of(table, index)?;
            self.moment(owner, row)
        });
        let until = until.min(plan.as_of);
        let from = from.max(floor.unwrap_or(from));
        // Whoever came too late for it signs up at once.
        let at = from + scale(draws.bits(), (until - from).max(1) as u64) as i64;
        Some(at_a_likely_hour((from, until.max(from)), at, draws))
    }

    /// The period of the row that a row names in whose time it comes.
    pub(super) fn period_named(&mut self, table: TableId, index: RowIndex) -> Option<Period> {
        let plan = self.plan;
        let during = plan.tables[table].during.as_ref()?;
        let (target, row) = self.follow(table, index, &during.hops)?;
        if self.is_made(target, row) { self.period(target, row) } else { None }
    }

    /// How many periods before the last one a row's lies: rows follow each other, the last comes last, beyond those that are there.
    fn periods_back(&mut self, table: TableId, index: RowIndex, kinds: i64) -> i64 {
        let beside = if self.plan.tables[table].owner.is_some() {
            self.rows_beside(table, index).len() as i64
        } else {
            self.plan.tables[table].existing as i64
        };
        let (place, all) = self.place_in_turn(table, index);
        let redraws = i64::from(self.state(table, index).attempt / 1_000);
        (all - 1) / kinds - place / kinds + (beside + kinds - 1) / kinds + redraws * (all / kinds + 1)
    }

    fn place_in_turn(&mut self, table: TableId, index: RowIndex) -> (i64, i64) {
        if self.plan.tables[table].owner.is_some() {
            (self.ordinal(table, index, false) as i64, self.siblings(table, index).max(1) as i64)
        } else {
            (self.state(table, index).slot as i64, self.layouts[table].made as i64)
        }
    }

    /// A column with a part of its row's period.
    pub(super) fn of_period(&mut self, table: TableId, index: RowIndex, part: PeriodPart) -> Value {
        let Some(period) = self.period(table, index) else { return Value::Null };
        let day = match part {
            PeriodPart::First => period.first,
            PeriodPart::Last => period.last,
            PeriodPart::Next => period.last + 1,
            PeriodPart::Name => {
                let unit = self.plan.tables[table].periods.as_ref().map_or(Unit::None, |periods| periods.unit);
                return Value::text(period.name(unit));
            }
        };
        Value::Stamp(i64::from(day) * MICROS_PER_DAY)
    }

    /// The kind of which a row is, where each period has a row of each: another order under each parent.
    pub(super) fn kind_of_period(&mut self, table: TableId, index: RowIndex, column: ColumnId, kinds: &[Value]) -> Value {
        let owner = self.owner_identity(table, index).unwrap_or(0);
        let key = self.plan.tables[table].columns[column].key.bits(owner);
        let place = self.place_in_turn(table, index).0 as u64 % (kinds.len() as u64).max(1);
        kinds.get(permute(place, kinds.len() as u64, key) as usize).cloned().unwrap_or(Value::Null)
    }

    /// How many rows find periods since their parent came to be, under each; empty where more of them were asked for.
    pub(super) fn most_periods(
        &mut self,
        owner: &Owner,
        parents: std::ops::Range<RowIndex>,
        count: u64,
        (unit, kinds): (Unit, u64),
    ) -> Vec<u32> {
        if self.layouts[owner.table].made == 0 {
            return Vec::new();
        }
        let as_of = self.plan.as_of;
        let since = |from: i64| (as_of - from) / MICROS_PER_DAY / length(unit);
        let room: Vec<u32> = parents
            .map(|parent| {
                let from = self.moment(owner.table, parent).unwrap_or(as_of - super::stamp::WINDOW);
                u32::try_from(since(from).max(1) * kinds as i64).unwrap_or(u32::MAX)
            })
            .collect();
        let enough = room.iter().map(|most| u64::from(*most)).sum::<u64>() >= count;
        if enough { room } else { Vec::new() }
    }
}

/// Days of a period, or some more.
const fn length(unit: Unit) -> i64 {
    match unit {
        Unit::Week => 7,
        Unit::Month | Unit::None => 31,
        Unit::Quarter => 92,
        Unit::Term => 184,
        Unit::Year => 366,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(unit: Unit, day: (i32, u32, u32), back: i64) -> String {
        let period = Period::before(unit, days_from_civil(day.0, day.1, day.2), back);
        format!("{} {}", Value::Date(period.first), Value::Date(period.last))
    }

    #[test]
    fn periods_have_names() {
        let named = |unit: Unit| Period::before(unit, days_from_civil(2026, 11, 28), 0).name(unit);
        let names = [Unit::Week, Unit::Month, Unit::Quarter, Unit::Year, Unit::Term].map(named);
        assert_eq!(names, ["Week of 2026-11-23", "November 2026", "Q4 2026", "2026", "Autumn 2026"]);
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        assert_eq!(shown(Unit::Month, (2026, 11, 28), 0), "2026-11-01 2026-11-30");
        assert_eq!(shown(Unit::Month, (2026, 1, 1), 1), "2025-12-01 2025-12-31");
        assert_eq!(shown(Unit::Month, (2024, 3, 31), 1), "2024-02-01 2024-02-29");
        assert_eq!(shown(Unit::Quarter, (2026, 2, 3), 1), "2025-10-01 2025-12-31");
        assert_eq!(shown(Unit::Year, (2026, 2, 3), 2), "2024-01-01 2024-12-31");
        assert_eq!(shown(Unit::Week, (2026, 11, 28), 0), "2026-11-23 2026-11-29");
        assert_eq!(shown(Unit::Week, (2026, 11, 23), 1), "2026-11-16 2026-11-22");
        assert_eq!(shown(Unit::Term, (2026, 11, 28), 0), "2026-09-01 2026-12-18");
        assert_eq!(shown(Unit::Term, (2026, 8, 1), 0), "2026-01-15 2026-05-31");
        assert_eq!(shown(Unit::Term, (2026, 1, 10), 0), "2025-09-01 2025-12-18");
        assert_eq!(shown(Unit::Term, (2026, 1, 10), 3), "2024-01-15 2024-05-31");
    }
}
