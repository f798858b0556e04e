//! Ranges that do not overlap: each row has a place of its own on the line, the latest rows nearest to `as_of`.

use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::plan::{RangePart, RowIndex};
use crate::engine::rows::random::StreamKey;
use crate::engine::rows::row::Rows;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// Length of a row's place in days or numbers.
const PLACE: i64 = 8;

/// Length of a row's place in quarters of an hour: two days.
const QUARTERS: i64 = 192;

const MICROS_PER_QUARTER: i64 = 900_000_000;

impl Rows<'_> {
    /// A range inside the row's own place, or one of its ends.
    pub(super) fn disjoint(&mut self, table: TableId, index: RowIndex, column: ColumnId, part: RangePart, per_owner: bool) -> Value {
        let plan = self.plan;
        let kind = &plan.tables[table].columns[column].kind;
        let line = if let TypeKind::Range { subtype, .. } = kind { &**subtype } else { kind };
        let number = self.place_of(table, index, per_owner) as i64;
        // Both ends of a row come from the same draws, whichever column asks.
        let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, "\u{1}place");
        let mut draws = self.draws(table, index, key, false);
        let place = if matches!(line, TypeKind::Timestamp { .. }) { QUARTERS } else { PLACE };
        let offset = draws.below(place as u64 / 2) as i64;
        let length = 1 + draws.below(place as u64 / 2 - 1) as i64;
        let start = match line {
            TypeKind::Date | TypeKind::Timestamp { .. } => -(number + 1) * place,
            _ => number * place,
        };
        let (low, high) = (start + offset, start + offset + length);
        let end = |at: i64| match line {
            TypeKind::Date => Value::Date((plan.as_of.div_euclid(MICROS_PER_DAY) + at) as i32),
            TypeKind::Timestamp { .. } => Value::Stamp(plan.as_of.div_euclid(MICROS_PER_DAY) * MICROS_PER_DAY + at * MICROS_PER_QUARTER),
            _ => Value::Int(at),
        };
        match part {
            RangePart::Low => end(low),
            RangePart::High => end(high),
            RangePart::Whole => Value::text(format!("[\"{}\",\"{}\")", end(low), end(high))),
        }
    }

    /// The row's number among its siblings, or among all rows of all runs.
    fn place_of(&mut self, table: TableId, index: RowIndex, per_owner: bool) -> u64 {
        let owner = self.plan.tables[table].owner.as_ref().map(|owner| owner.table);
        let (parent, ordinal) = {
            let row = self.state(table, index);
            (row.owner, row.ordinal)
        };
        match (owner, parent) {
            // Under a row of this call only rows of this call hang.
            (Some(owner), Some(parent)) if per_owner && self.is_made(owner, parent) => ordinal,
            _ => self.own_number(table, index),
        }
    }
}
