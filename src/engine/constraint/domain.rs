//! What one column may hold.

use std::cmp::Ordering;

use crate::engine::catalog::TypeKind;
use crate::engine::value::{Decimal, Value};

/// An end of an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The value.
    pub value: Value,
    /// Whether the value itself is inside.
    pub inclusive: bool,
}

/// What one column may hold: the intersection of what its type and its CHECKs say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnDomain {
    /// A finite list, in the order of the catalog.
    pub allowed: Option<Vec<Value>>,
    /// Values that are not allowed.
    pub excluded: Vec<Value>,
    /// Lower end.
    pub min: Option<Bound>,
    /// Upper end.
    pub max: Option<Bound>,
    /// Shortest text, characters.
    pub min_length: Option<u64>,
    /// Longest text, characters.
    pub max_length: Option<u64>,
}

impl ColumnDomain {
    /// Whether every value of the type is allowed.
    pub fn is_free(&self) -> bool {
        self.allowed.is_none()
            && self.min.is_none()
            && self.max.is_none()
            && self.excluded.is_empty()
            && self.min_length.is_none()
            && self.max_length.is_none()
    }

    /// Whether no value is allowed.
    pub fn is_empty(&self) -> bool {
        let crossed = match (&self.min, &self.max) {
            (Some(min), Some(max)) => match min.value.compare(&max.value) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => !(min.inclusive && max.inclusive),
                _ => false,
            },
            _ => false,
        };
        crossed || self.allowed.as_ref().is_some_and(|allowed| !allowed.iter().any(|value| self.within(value)))
    }

    /// Whether a value is inside bounds, lengths and exclusions (the list left aside).
    fn within(&self, value: &Value) -> bool {
        let above = self.min.as_ref().is_none_or(|min| {
            matches!(value.compare(&min.value), Some(Ordering::Greater))
                || min.inclusive && *value == min.value
                || value.compare(&min.value).is_none()
        });
        let below = self.max.as_ref().is_none_or(|max| {
            matches!(value.compare(&max.value), Some(Ordering::Less))
                || max.inclusive && *value == max.value
                || value.compare(&max.value).is_none()
        });
        above && below && !self.excluded.contains(value)
    }

    /// The value itself where it is allowed, else one that is: `bits` choose in a list, an end of the interval otherwise.
    pub fn nearest(&self, value: Value, bits: u64) -> Value {
        if let Some(allowed) = &self.allowed {
            if allowed.contains(&value) {
                return value;
            }
            let place = ((u128::from(bits) * allowed.len() as u128) >> 64) as usize;
            return allowed.get(place).cloned().unwrap_or(value);
        }
        let value = match &self.min {
            Some(min)
                if value.compare(&min.value) == Some(Ordering::Less)
                    || !min.inclusive && value.compare(&min.value) == Some(Ordering::Equal) =>
            {
                stepped(min, &value, 1)
            }
            _ => value,
        };
        let value = match &self.max {
            Some(max)
                if value.compare(&max.value) == Some(Ordering::Greater)
                    || !max.inclusive && value.compare(&max.value) == Some(Ordering::Equal) =>
            {
                stepped(max, &value, -1)
            }
            _ => value,
        };
        self.of_length(value)
    }

    fn of_length(&self, value: Value) -> Value {
        let Value::Text(text) = &value else { return value };
        let length = text.chars().count() as u64;
        if let Some(max) = self.max_length.filter(|max| length > *max) {
            return Value::text(text.chars().take(max as usize).collect::<String>().trim_end().to_owned());
        }
        match self.min_length {
            Some(min) if length < min => Value::text(format!("{text}{}", "x".repeat((min - length) as usize))),
            _ => value,
        }
    }

    /// How many different values there are, where that is finite and known.
    pub fn capacity(&self, kind: &TypeKind) -> Option<u128> {
        if let Some(allowed) = &self.allowed {
            return Some(allowed.iter().filter(|value| self.within(value)).count() as u128);
        }
        match kind {
            TypeKind::Boolean => Some(2),
            TypeKind::Integer { .. } => {
                let (min, max) = self.number_bounds(kind);
                Some((max? - min? + 1.0).max(0.0) as u128)
            }
            TypeKind::Numeric { scale: Some(scale), .. } => {
                let (min, max) = self.number_bounds(kind);
                Some(((max? - min?) * libm::pow(10.0, f64::from(*scale)) + 1.0).max(0.0) as u128)
            }
            _ => None,
        }
    }

    /// Least and greatest number, where the column has any: exclusive ends are moved by the type's own step.
    pub fn number_bounds(&self, kind: &TypeKind) -> (Option<f64>, Option<f64>) {
        let step = match kind {
            TypeKind::Integer { .. } => 1.0,
            TypeKind::Numeric { scale, .. } => libm::pow(10.0, -f64::from(scale.unwrap_or(2))),
            _ => 1e-6,
        };
        let end = |bound: &Option<Bound>, inward: f64| {
            bound.as_ref().and_then(|bound| Some(bound.value.as_f64()? + if bound.inclusive { 0.0 } else { inward }))
        };
        let (min, max) = (end(&self.min, step), end(&self.max, -step));
        let of_type = match kind {
            TypeKind::Integer { bytes: 2 } => Some(32_767.0),
            TypeKind::Integer { bytes: 4 } => Some(2_147_483_647.0),
            TypeKind::Numeric { precision: Some(precision), scale } => {
                Some(libm::pow(10.0, f64::from(*precision) - f64::from(scale.unwrap_or(0))) - step)
            }
            _ => None,
        };
        (
            min,
            match (max, of_type) {
                (Some(max), Some(most)) => Some(f64::min(max, most)),
                (max, most) => max.or(most.filter(|_| matches!(kind, TypeKind::Numeric { .. } | TypeKind::Integer { bytes: 2 }))),
            },
        )
    }
}

/// The end itself, or the next value inside where the end is exclusive.
fn stepped(bound: &Bound, like: &Value, direction: i64) -> Value {
    if bound.inclusive {
        return bound.value.clone();
    }
    match (&bound.value, like) {
        (Value::Int(number), Value::Decimal(shape)) => Value::Decimal(Decimal {
            units: i128::from(*number) * 10_i128.pow(u32::from(shape.scale)) + i128::from(direction),
            scale: shape.scale,
        }),
        (Value::Decimal(number), Value::Decimal(shape)) => {
            let scaled = number.rescale(shape.scale);
            Value::Decimal(Decimal { units: scaled.units + i128::from(direction), scale: shape.scale })
        }
        (Value::Int(number), _) => Value::Int(number + direction),
        (Value::Decimal(number), Value::Int(_)) => Value::Int(libm::floor(number.to_f64()) as i64 + direction),
        (Value::Float(number), _) => Value::Float(number + direction as f64 * 1e-6),
        (Value::Date(day), _) => Value::Date(day + direction as i32),
        (Value::Stamp(micros), _) => Value::Stamp(micros + direction),
        (other, _) => other.clone(),
    }
}
