//! The ends of an interval.

use std::cmp::Ordering;

use crate::engine::catalog::{ForeignKeyId, TypeKind};
use crate::engine::expression::{CellPath, Cells, Expression};
use crate::engine::value::{Decimal, Value};

/// An end of an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The end, in the column's own kind.
    pub value: Value,
    /// Whether it belongs to the interval; on types with a grid it always does.
    pub inclusive: bool,
}

/// An end that moves with the time of the run: `now() - '18 years'::interval`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockBound {
    /// An expression over the clock alone.
    pub expression: Expression,
    /// Whether it belongs to the interval.
    pub inclusive: bool,
}

/// A row without cells, at a time.
pub(super) struct Moment<'a>(pub(super) &'a Value);

impl Cells for Moment<'_> {
    fn cell(&mut self, _path: &CellPath) -> Value {
        Value::Null
    }

    fn under(&mut self, _hops: &[ForeignKeyId], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        self.0.clone()
    }
}

impl ClockBound {
    /// The bound at a time, a `Stamp`.
    pub fn at(&self, as_of: &Value) -> Option<Bound> {
        let value = self.expression.evaluate(&mut Moment(as_of)).ok().filter(|value| !value.is_null())?;
        Some(Bound { value, inclusive: self.inclusive })
    }
}

impl Bound {
    /// A lower bound on the grid of a type: `> 0` on numeric(10,2) is `>= 0.01`.
    #[must_use]
    pub(super) fn raised(self, kind: &TypeKind) -> Self {
        self.on_grid(kind, Ordering::Greater)
    }

    /// An upper bound on the grid of a type: `< 5` on an integer is `<= 4`.
    #[must_use]
    pub(super) fn lowered(self, kind: &TypeKind) -> Self {
        self.on_grid(kind, Ordering::Less)
    }

    /// The nearest value of the type inside the interval, whose inner side lies in this direction.
    fn on_grid(self, kind: &TypeKind, inward: Ordering) -> Self {
        let Some(step) = Step::of(kind) else { return self.in_kind(kind) };
        let stored = unsaturated(&self.value, kind);
        let Some(order) = stored.compare(&self.value) else { return self };
        let inside = order == inward || (order.is_eq() && self.inclusive);
        let moved = if inside { Some(stored) } else { step.next(&stored, inward) };
        match moved {
            Some(value) => Self { value, inclusive: true },
            None => self,
        }
    }

    /// The same end as a value of the type, where it has one.
    fn in_kind(self, kind: &TypeKind) -> Self {
        let stored = self.value.clone().fit(kind);
        let same = stored.compare(&self.value) == Some(Ordering::Equal);
        if same { Self { value: stored, ..self } } else { self }
    }

    /// The tighter of two lower bounds.
    pub(super) fn higher(self, other: Option<Self>) -> Self {
        self.tighter(other, Ordering::Greater)
    }

    /// The tighter of two upper bounds.
    pub(super) fn lower(self, other: Option<Self>) -> Self {
        self.tighter(other, Ordering::Less)
    }

    fn tighter(self, other: Option<Self>, wanted: Ordering) -> Self {
        match other {
            None => self,
            Some(other) => match self.value.compare(&other.value) {
                Some(Ordering::Equal) if self.inclusive => other,
                Some(order) if order == wanted || order.is_eq() => self,
                _ => other,
            },
        }
    }
}

/// The value as the type rounds it, but not saturated to its width.
fn unsaturated(value: &Value, kind: &TypeKind) -> Value {
    match kind {
        TypeKind::Numeric { scale, .. } => {
            value.as_decimal().map_or_else(|| value.clone(), |number| Value::Decimal(number.round_to(scale.unwrap_or(0))))
        }
        _ => value.clone().fit(kind),
    }
}

/// The distance between neighbours of a type.
pub(super) enum Step {
    /// Of integers, days, microseconds.
    Units(i64),
    /// Of decimals.
    Decimal(Decimal),
}

impl Step {
    pub(super) fn of(kind: &TypeKind) -> Option<Self> {
        match kind {
            TypeKind::Integer { .. } | TypeKind::Date => Some(Self::Units(1)),
            TypeKind::Timestamp { precision, .. } | TypeKind::Time { precision, .. } => {
                let digits = precision.unwrap_or(6).min(6);
                Some(Self::Units(10_i64.pow(u32::from(6 - digits))))
            }
            TypeKind::Numeric { precision: Some(_), scale } => {
                u8::try_from(scale.unwrap_or(0)).ok().map(|scale| Self::Decimal(Decimal::new(1, scale)))
            }
            TypeKind::Money => Some(Self::Decimal(Decimal::new(1, 2))),
            _ => None,
        }
    }

    /// The neighbour in a direction.
    pub(super) fn next(&self, value: &Value, direction: Ordering) -> Option<Value> {
        match (self, value) {
            (Self::Units(unit), Value::Int(number)) => shifted(*number, *unit, direction).map(Value::Int),
            (Self::Units(unit), Value::Stamp(micros)) => shifted(*micros, *unit, direction).map(Value::Stamp),
            (Self::Units(unit), Value::Time(micros)) => shifted(*micros, *unit, direction).map(Value::Time),
            (Self::Units(unit), Value::Date(days)) => {
                shifted(i64::from(*days), *unit, direction).and_then(|days| i32::try_from(days).ok()).map(Value::Date)
            }
            (Self::Decimal(unit), Value::Decimal(number)) => {
                let unit = if direction.is_lt() { -*unit } else { *unit };
                number.checked_add(unit).map(Value::Decimal)
            }
            _ => None,
        }
    }
}

fn shifted(number: i64, unit: i64, direction: Ordering) -> Option<i64> {
    if direction.is_lt() { number.checked_sub(unit) } else { number.checked_add(unit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(value: Value, inclusive: bool, kind: &TypeKind) -> Value {
        let bound = Bound { value, inclusive }.raised(kind);
        assert!(bound.inclusive);
        bound.value
    }

    #[test]
    fn bounds_snap_to_the_types_grid() {
        let integer = TypeKind::Integer { bytes: 4 };
        let price = TypeKind::Numeric { precision: Some(10), scale: Some(2) };
        assert_eq!(raised(Value::Int(0), false, &integer), Value::Int(1));
        assert_eq!(raised(Value::Decimal(Decimal::new(5, 1)), true, &integer), Value::Int(1));
        assert_eq!(raised(Value::Decimal(Decimal::new(4, 1)), false, &integer), Value::Int(1));
        assert_eq!(raised(Value::Int(0), false, &price), Value::Decimal(Decimal::new(1, 2)));
        assert_eq!(raised(Value::Decimal(Decimal::new(5, 3)), true, &price), Value::Decimal(Decimal::new(1, 2)));
        assert_eq!(raised(Value::Date(3), false, &TypeKind::Date), Value::Date(4));
        let seconds = TypeKind::Timestamp { zoned: true, precision: Some(0) };
        assert_eq!(raised(Value::Stamp(1_400_000), true, &seconds), Value::Stamp(2_000_000));
        let below = Bound { value: Value::Int(5), inclusive: false }.lowered(&integer);
        assert_eq!(below, Bound { value: Value::Int(4), inclusive: true });
        let float = Bound { value: Value::Float(0.5), inclusive: false };
        assert_eq!(float.clone().lowered(&TypeKind::Float { bytes: 8 }), float);
    }

    #[test]
    fn the_tighter_bound_wins() {
        let bound = |value, inclusive| Bound { value: Value::Int(value), inclusive };
        assert_eq!(bound(1, true).higher(Some(bound(2, true))), bound(2, true));
        assert_eq!(bound(2, false).higher(Some(bound(2, true))), bound(2, false));
        assert_eq!(bound(2, true).lower(Some(bound(2, false))), bound(2, false));
        assert_eq!(bound(1, true).lower(None), bound(1, true));
    }
}
