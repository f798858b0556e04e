//! Cells that tell the length of a time, or where the row stands in a tree or in a series of versions.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::{Derived, RowIndex};
use crate::engine::rows::money::number;
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::as_micros;
use crate::engine::rows::text::shown;
use crate::engine::rules::filter::slug;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// Days before the end of the data with which version numbers begin, days of a major and of a minor one.
const BEFORE: i64 = 1_200;
const MAJOR: i64 = 390;
const MINOR: i64 = 30;

/// Rows above one in a tree that are looked at.
const HIGHEST: usize = 64;

impl Rows<'_> {
    /// The mean of a column over the rows that name a row; nothing where none has one.
    pub(super) fn mean_of_named(
        &mut self,
        index: RowIndex,
        kind: &TypeKind,
        (other, key, column): (TableId, ForeignKeyId, ColumnId),
    ) -> Value {
        let group = self.group(other, key, index);
        let (mut sum, mut count) = (0.0, 0u64);
        for place in 0..group.len() {
            let row = self.member(other, group, place);
            if let Some(value) = self.cell(other, row, column).as_f64() {
                sum += value;
                count += 1;
            }
        }
        if count == 0 { Value::Null } else { number(kind, sum / count as f64) }
    }

    /// How many rows of another table that name a row have nothing in a column.
    pub(super) fn still_empty(&mut self, index: RowIndex, (other, key, empty): (TableId, ForeignKeyId, ColumnId)) -> u64 {
        let group = self.group(other, key, index);
        let mut count = 0;
        for place in 0..group.len() {
            let row = self.member(other, group, place);
            count += u64::from(self.cell(other, row, empty).is_null());
        }
        count
    }

    pub(super) fn derived(&mut self, table: TableId, index: RowIndex, kind: &TypeKind, derived: &Derived) -> Value {
        match derived {
            Derived::Between { from, to, unit } => match self.ends(table, index, *from, *to) {
                Some((from, to)) => number(kind, (to - from).max(0) as f64 / *unit as f64),
                None => Value::Null,
            },
            Derived::WorkingDays { from, to } => match self.ends(table, index, *from, *to) {
                Some((from, to)) => number(kind, working_days(from.div_euclid(MICROS_PER_DAY), to.div_euclid(MICROS_PER_DAY)) as f64),
                None => Value::Null,
            },
            Derived::Depth { key, first } => number(kind, (*first + self.above(table, index, *key).len() as i64) as f64),
            Derived::Path { key, name } => {
                let mut rows = self.above(table, index, *key);
                rows.insert(0, index);
                let mut path = String::new();
                for row in rows.into_iter().rev() {
                    let step = shown(&self.cell(table, row, *name)).map(|name| slug(&name)).unwrap_or_default();
                    path.push('/');
                    path.push_str(&step);
                }
                Value::text(path)
            }
            Derived::Level { key, labels } => labels[self.above(table, index, *key).len().min(labels.len() - 1)].clone(),
            Derived::Version => self.version(table, index),
            Derived::InUse(found) => self.in_use(table, index, found),
        }
    }

    /// A number that is higher the later the row came: a new major one after a good year, ten small ones a month.
    fn version(&mut self, table: TableId, index: RowIndex) -> Value {
        let Some(born) = self.birth(table, index) else { return Value::Null };
        let days = (born - self.plan.as_of).div_euclid(MICROS_PER_DAY) + BEFORE;
        let again = i64::from(self.state(table, index).attempt / 1_000);
        let (major, rest) = (1 + days.max(0) / MAJOR, days.max(0) % MAJOR);
        Value::text(format!("{major}.{}.{}", rest / MINOR, rest % MINOR / 3 + 10 * again))
    }

    fn ends(&mut self, table: TableId, index: RowIndex, from: ColumnId, to: ColumnId) -> Option<(i64, i64)> {
        Some((as_micros(self.known(table, index, from))?, as_micros(self.known(table, index, to))?))
    }

    /// The rows above one in a tree, the nearest first.
    fn above(&mut self, table: TableId, index: RowIndex, key: ForeignKeyId) -> Vec<RowIndex> {
        let mut rows = Vec::new();
        let mut at = index;
        while let Some(row) = self.reference(table, at, key).filter(|&row| row != at && rows.len() < HIGHEST) {
            rows.push(row);
            at = row;
        }
        rows
    }
}

/// The days from Monday to Friday between two days, both counted; all days where there is none.
fn working_days(from: i64, to: i64) -> i64 {
    // 2000-01-01 was a Saturday.
    let works = |day: &i64| (day + 5).rem_euclid(7) < 5;
    let to = to.max(from);
    let (weeks, rest) = ((to - from + 1) / 7, (to - from + 1) % 7);
    let working = weeks * 5 + (to - rest + 1..=to).filter(works).count() as i64;
    if working == 0 { to - from + 1 } else { working }
}

#[cfg(test)]
mod tests {
    use super::working_days;

    #[test]
    fn weekends_are_no_working_days() {
        // Day 2 was a Monday.
        assert_eq!(working_days(2, 2), 1);
        assert_eq!(working_days(2, 8), 5);
        assert_eq!(working_days(6, 9), 2);
        assert_eq!(working_days(2, 15), 10);
        assert_eq!(working_days(0, 1), 2);
    }
}
