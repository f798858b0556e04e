//! What a cell under repair may become: not a key, nor what a rule or the row's life decides.

use super::Mender;
use crate::engine::catalog::{ColumnId, ForeignKeyId};
use crate::engine::expression::{CellPath, Operator};
use crate::engine::plan::{Layer, Source};
use crate::engine::value::{MICROS_PER_DAY, Value};

/// Draws of another value where only chance finds one.
const TRIES: u32 = 8;

/// How far from an end a value is put, of the end's size; at least so many units.
const SHARE: f64 = 0.5;
const LEAST_SPAN: f64 = 20.0;

/// The same of days and stamps, in days, and of times of day, in minutes.
const DAYS: f64 = 60.0;
const MINUTES: f64 = 240.0;

impl Mender<'_, '_> {
    /// Whether a column's value may be another than its source made.
    fn may_change(&self, column: ColumnId) -> bool {
        let planned = &self.rows.plan.tables[self.table].columns[column];
        planned.decided_by < Layer::Rule
            // What the database took as it is, it may take in no other form.
            && !self.rows.layouts[self.table].learned.iter().any(|learned| learned.columns.contains(&column))
            && !matches!(
                planned.source,
                Source::Database
                    | Source::Key { .. }
                    | Source::Serial { .. }
                    | Source::Birth
                    | Source::Ordinal(_)
                    | Source::Permuted(_)
                    | Source::PermutedNumber { .. }
                    | Source::Disjoint { .. }
                    | Source::StateLabel
                    | Source::StageLabel(_)
                    | Source::ChildSum { .. }
                    | Source::ChildCount(_)
                    | Source::ChildTotal { .. }
                    | Source::Balance { .. }
            )
    }

    /// Puts a value into a cell where type, domain and partition take it as it is.
    pub(super) fn put(&mut self, path: &CellPath, value: Value) -> bool {
        if !path.hops.is_empty() {
            return false;
        }
        let column = path.column;
        let plan = self.rows.plan;
        let planned = &plan.tables[self.table].columns[column];
        if value.is_null() {
            let needed = plan.catalog.tables[self.table].columns[column].not_null || planned.domain.not_null;
            if needed {
                return false;
            }
            if matches!(planned.source, Source::Key { .. }) {
                return self.unset_key(column);
            }
        }
        if !self.may_change(column) {
            return false;
        }
        let value = value.fit(&planned.kind);
        if !planned.domain.permits(&value) || self.rows.in_a_leaf(self.table, self.index, column, value.clone()) != value {
            return false;
        }
        if self.proper && value.as_f64().is_some_and(|number| number < 0.0) && planned.source.is_never_negative() {
            return false;
        }
        self.rows.state(self.table, self.index).cells[column] = Some(value);
        true
    }

    /// Lets an optional foreign key name no row.
    fn unset_key(&mut self, column: ColumnId) -> bool {
        let plan = self.rows.plan;
        let keys = &plan.catalog.tables[self.table].foreign_keys;
        let own: Vec<ForeignKeyId> = (0..keys.len()).filter(|&key| keys[key].columns.contains(&column)).collect();
        let [key] = own[..] else { return false };
        if keys[key].mandatory || self.rows.is_owner(self.table, key) || keys[key].columns.len() > 1 {
            return false;
        }
        let row = self.rows.state(self.table, self.index);
        row.picks[key] = Some(None);
        row.cells[column] = Some(Value::Null);
        true
    }

    /// Some value of a cell's column: its source's, or any of its type.
    pub(super) fn fresh(&mut self, path: &CellPath) -> Value {
        if !path.hops.is_empty() || !self.may_change(path.column) {
            return Value::Null;
        }
        self.rows.another(self.table, self.index, path.column, &mut self.draws)
    }

    /// Puts a value into a cell that compares so with another.
    pub(super) fn put_beside(&mut self, path: &CellPath, operator: Operator, value: &Value) -> bool {
        if operator == Operator::Equal {
            return self.put_if(path, value.clone(), operator, value);
        }
        if operator.orders() {
            let up = matches!(operator, Operator::Greater | Operator::GreaterEqual);
            // Anywhere near, a step beside, at the end itself.
            let near = self.draws.unit();
            for distance in [Some(near), Some(near * 0.1), None] {
                let moved = match distance {
                    Some(share) => self.moved(path.column, value, if up { share } else { -share }),
                    None => self.beside(path.column, value, up),
                };
                if let Some(moved) = moved
                    && self.put_if(path, moved, operator, value)
                {
                    return true;
                }
            }
            if self.put_if(path, value.clone(), operator, value) {
                return true;
            }
        }
        for _ in 0..TRIES {
            let fresh = self.fresh(path);
            if self.put_if(path, fresh, operator, value) {
                return true;
            }
        }
        operator == Operator::NotEqual
            && [true, false].into_iter().any(|up| {
                let beside = self.beside(path.column, value, up);
                beside.is_some_and(|beside| self.put_if(path, beside, operator, value))
            })
    }

    /// Puts a value, moved into the column's domain, if it then compares as it must.
    fn put_if(&mut self, path: &CellPath, candidate: Value, operator: Operator, value: &Value) -> bool {
        let Some(planned) = self.rows.plan.tables[self.table].columns.get(path.column) else { return false };
        let bits = self.draws.bits();
        let candidate = candidate.fit(&planned.kind);
        let candidate = if planned.domain.permits(&candidate) { candidate } else { planned.domain.nearest(candidate, bits) };
        candidate.compare(value).is_some_and(|order| operator.holds(order)) && self.put(path, candidate)
    }

    /// A value at a distance from another, by its size and kind; `share` of it, below where that is negative.
    fn moved(&self, column: ColumnId, value: &Value, share: f64) -> Option<Value> {
        Some(match value {
            Value::Int(_) | Value::Decimal(_) | Value::Float(_) => {
                let number = value.as_f64()?;
                let span = (number.abs() * SHARE).max(LEAST_SPAN);
                crate::engine::rows::money::number(&self.rows.plan.tables[self.table].columns[column].kind, number + span * share)
            }
            Value::Date(day) => Value::Date(day.checked_add((share * self.days_from(i64::from(*day) * MICROS_PER_DAY, share)) as i32)?),
            Value::Stamp(at) => Value::Stamp(at.checked_add((share * self.days_from(*at, share) * MICROS_PER_DAY as f64) as i64)?),
            Value::Time(at) => Value::Time((at + (share * MINUTES) as i64 * 60_000_000).clamp(0, MICROS_PER_DAY - 1)),
            _ => return None,
        })
    }

    /// How many days a time is moved by at most: not beyond `as_of`, where it lies before it.
    fn days_from(&self, at: i64, share: f64) -> f64 {
        let rest = (self.rows.plan.as_of - at) as f64 / MICROS_PER_DAY as f64;
        if share > 0.0 && rest > 0.0 { rest.min(DAYS) } else { DAYS }
    }

    /// The neighbour of a value in the column's type.
    fn beside(&self, column: ColumnId, value: &Value, up: bool) -> Option<Value> {
        let sign: i64 = if up { 1 } else { -1 };
        let kind = &self.rows.plan.tables[self.table].columns[column].kind;
        Some(match value {
            Value::Int(number) => Value::Int(number.checked_add(sign)?),
            Value::Decimal(_) | Value::Float(_) => {
                let step = match kind {
                    crate::engine::catalog::TypeKind::Integer { .. } => 1.0,
                    crate::engine::catalog::TypeKind::Numeric { scale, .. } => libm::pow(10.0, -f64::from(scale.unwrap_or(2))),
                    _ => 0.01,
                };
                crate::engine::rows::money::number(kind, step.mul_add(sign as f64, value.as_f64()?))
            }
            Value::Date(day) => Value::Date(day.checked_add(sign as i32)?),
            // Types of seconds round a microsecond away.
            Value::Stamp(at) => Value::Stamp(at.checked_add(sign * 1_000_000)?),
            Value::Time(at) => Value::Time((at + sign * 1_000_000).clamp(0, MICROS_PER_DAY - 1)),
            Value::Bool(yes) => Value::Bool(!yes),
            _ => return None,
        })
    }
}
