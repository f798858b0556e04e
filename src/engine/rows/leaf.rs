//! Rows of partitioned tables: a value that no leaf takes becomes one that a leaf does.

use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::plan::{RowIndex, Source};
use crate::engine::rows::random::{Draws, StreamKey};
use crate::engine::rows::row::Rows;
use crate::engine::value::{MICROS_PER_DAY, Value};

impl Rows<'_> {
    /// The value of a column of a partition key, moved into a leaf that takes the key's columns before it.
    pub(super) fn in_a_leaf(&mut self, table: TableId, index: RowIndex, column: ColumnId, value: Value) -> Value {
        let planned = &self.plan.tables[table];
        let own_key = matches!(planned.columns[column].source, Source::Key { .. } | Source::Serial { .. } | Source::Birth);
        if planned.leaves.is_empty() || own_key { value } else { self.moved(table, index, column, value) }
    }

    /// A time of birth inside a leaf, where the partition key holds it.
    pub(super) fn birth_in_a_leaf(&mut self, table: TableId, index: RowIndex, birth: i64) -> i64 {
        let planned = &self.plan.tables[table];
        let Some(column) = planned.birth.filter(|_| !planned.leaves.is_empty()) else { return birth };
        let kind = planned.columns[column].kind.clone();
        match self.moved(table, index, column, Value::Stamp(birth).fit(&kind)) {
            Value::Stamp(at) => at,
            // The day's noon, so that rounding to the day gives the day back.
            Value::Date(day) => i64::from(day) * MICROS_PER_DAY + MICROS_PER_DAY / 2,
            _ => birth,
        }
    }

    fn moved(&mut self, table: TableId, index: RowIndex, column: ColumnId, value: Value) -> Value {
        let plan = self.plan;
        let leaves = &plan.tables[table].leaves;
        let domain_of = |leaf: &[(ColumnId, ColumnDomain)], wanted: ColumnId| {
            leaf.iter().find(|(named, _)| *named == wanted).map(|(_, domain)| domain.clone())
        };
        let Some(first) = leaves.iter().find_map(|leaf| leaf.iter().position(|(named, _)| *named == column)) else { return value };
        let mut open: Vec<usize> = (0..leaves.len()).collect();
        for place in 0..first {
            let Some(&(before, _)) = leaves.iter().find_map(|leaf| leaf.get(place)) else { break };
            let settled = self.cell(table, index, before);
            open.retain(|&leaf| domain_of(&leaves[leaf], before).is_none_or(|domain| domain.permits(&settled)));
        }
        if open.is_empty() || open.iter().any(|&leaf| domain_of(&leaves[leaf], column).is_none_or(|domain| domain.permits(&value))) {
            return value;
        }
        let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, "\u{1}leaf");
        let mut draws = self.draws(table, index, key, plan.tables[table].columns[column].redrawn);
        let chosen = open[draws.below(open.len() as u64) as usize];
        domain_of(&leaves[chosen], column).map_or(value.clone(), |domain| inside(&domain, value, &mut draws))
    }
}

/// A value drawn inside a domain: of its list, between its ends, else the nearest one.
fn inside(domain: &ColumnDomain, value: Value, draws: &mut Draws) -> Value {
    let ends = domain.min.as_ref().and_then(|min| number(&min.value)).zip(domain.max.as_ref().and_then(|max| number(&max.value)));
    let drawn = match ends {
        Some((low, high)) if domain.allowed.is_none() && high > low => {
            let offset = draws.below((high - low).max(1) as u64) as i64;
            of_number(&domain.kind, low + offset).unwrap_or(value)
        }
        _ => value,
    };
    // A NULL that no leaf takes is no value near which another lies.
    let drawn = if drawn.is_null() { start(domain).unwrap_or(drawn) } else { drawn };
    domain.nearest(drawn, draws.bits()).fit(&domain.kind)
}

fn start(domain: &ColumnDomain) -> Option<Value> {
    let listed = domain.allowed.as_ref().and_then(|allowed| allowed.first());
    listed.or(domain.min.as_ref().map(|min| &min.value)).or(domain.max.as_ref().map(|max| &max.value)).cloned()
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) | Value::Stamp(number) | Value::Time(number) => Some(*number),
        Value::Date(day) => Some(i64::from(*day)),
        _ => None,
    }
}

fn of_number(kind: &TypeKind, number: i64) -> Option<Value> {
    match kind {
        TypeKind::Integer { .. } => Some(Value::Int(number)),
        TypeKind::Date => i32::try_from(number).ok().map(Value::Date),
        TypeKind::Timestamp { .. } => Some(Value::Stamp(number)),
        _ => None,
    }
}
