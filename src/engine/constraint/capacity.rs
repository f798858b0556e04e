//! How many distinct values a domain has: a unique column cannot have more rows.

use super::{Bound, ColumnDomain};
use crate::engine::catalog::TypeKind;
use crate::engine::value::{Decimal, Value};

/// Printable ASCII characters without the blank: what short codes are made of.
const CHARACTERS: u128 = 94;
/// Longest text whose values are counted; beyond, there are more than any table has rows.
const SHORT: u64 = 8;

impl ColumnDomain {
    /// How many distinct values it has, NULL apart; `None` where there are more than are worth counting.
    pub fn capacity(&self, kind: &TypeKind) -> Option<u128> {
        if self.must_be_null {
            return Some(0);
        }
        if let Some(allowed) = &self.allowed {
            return Some(allowed.iter().filter(|value| self.permits(value)).count() as u128);
        }
        let all = match kind {
            TypeKind::Boolean => Some(2),
            TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Text => self.texts(),
            _ => self.interval(kind),
        }?;
        let stored = |value: &&Value| (*value).clone().fit(kind).compare(value) == Some(std::cmp::Ordering::Equal);
        Some(all.saturating_sub(self.excluded.iter().filter(stored).count() as u128))
    }

    /// Texts up to a short length.
    fn texts(&self) -> Option<u128> {
        let longest = self.max_length.filter(|length| *length <= SHORT)?;
        let shortest = self.min_length.unwrap_or(0);
        Some((shortest..=longest).map(|length| CHARACTERS.pow(length as u32)).sum())
    }

    /// Values of a type with a grid, between its ends.
    fn interval(&self, kind: &TypeKind) -> Option<u128> {
        if matches!(kind, TypeKind::Float { .. }) || (matches!(kind, TypeKind::Numeric { precision: None, .. }) && self.step.is_none()) {
            return None;
        }
        let (least, greatest) = self.limits(kind)?;
        let count = |from: i128, to: i128| u128::try_from(to.checked_sub(from)?.checked_add(1)?).ok().or(Some(0));
        match (&least, &greatest) {
            (Value::Decimal(from), Value::Decimal(to)) => self.decimals(kind, *from, *to),
            (Value::Int(from), Value::Int(to)) => match self.step {
                Some(_) => self.decimals(kind, Decimal::from(*from), Decimal::from(*to)),
                None => count(i128::from(*from), i128::from(*to)),
            },
            (Value::Date(from), Value::Date(to)) => count(i128::from(*from), i128::from(*to)),
            (Value::Stamp(from), Value::Stamp(to)) | (Value::Time(from), Value::Time(to)) => {
                let unit = match kind {
                    TypeKind::Timestamp { precision, .. } | TypeKind::Time { precision, .. } => {
                        10_i128.pow(u32::from(6 - precision.unwrap_or(6).min(6)))
                    }
                    _ => 1,
                };
                count(i128::from(*from).div_euclid(unit), i128::from(*to).div_euclid(unit))
            }
            _ => None,
        }
    }

    /// Numbers between two ends, by the step or the scale of the type.
    fn decimals(&self, kind: &TypeKind, from: Decimal, to: Decimal) -> Option<u128> {
        let scale = match kind {
            TypeKind::Numeric { scale, .. } => u8::try_from(scale.unwrap_or(0)).ok()?,
            TypeKind::Money => 2,
            _ => 0,
        };
        let unit = self.step.unwrap_or(Decimal::new(1, scale));
        let scale = scale.max(unit.scale);
        let (from, to, unit) = (from.checked_rescale(scale)?.units, to.checked_rescale(scale)?.units, unit.checked_rescale(scale)?.units);
        if unit <= 0 {
            return None;
        }
        // Multiples of the unit in [from, to].
        let count = to.div_euclid(unit) - (from - 1).div_euclid(unit);
        Some(u128::try_from(count).unwrap_or(0))
    }

    /// Least and greatest value of the domain, its type's where no check says less; `None` where an end is open.
    pub fn limits(&self, kind: &TypeKind) -> Option<(Value, Value)> {
        let (least, greatest) = type_limits(kind);
        let end = |bound: &Option<Bound>| bound.as_ref().filter(|bound| bound.inclusive).map(|bound| bound.value.clone());
        let open = |bound: &Option<Bound>| bound.as_ref().is_some_and(|bound| !bound.inclusive);
        if open(&self.min) || open(&self.max) {
            return None;
        }
        let least = inner(end(&self.min), least, std::cmp::Ordering::Greater)?;
        let greatest = inner(end(&self.max), greatest, std::cmp::Ordering::Less)?;
        Some((least, greatest))
    }
}

/// The tighter of an end by checks and one by the type.
fn inner(by_checks: Option<Value>, by_type: Option<Value>, wanted: std::cmp::Ordering) -> Option<Value> {
    match (by_checks, by_type) {
        (Some(checks), Some(own)) => Some(if own.compare(&checks) == Some(wanted) { own } else { checks }),
        (checks, own) => checks.or(own),
    }
}

/// Least and greatest value of a type, where it has any worth naming.
fn type_limits(kind: &TypeKind) -> (Option<Value>, Option<Value>) {
    let both = |least, greatest| (Some(least), Some(greatest));
    match kind {
        TypeKind::Integer { bytes: 2 } => both(Value::Int(i64::from(i16::MIN)), Value::Int(i64::from(i16::MAX))),
        TypeKind::Integer { bytes: 4 } => both(Value::Int(i64::from(i32::MIN)), Value::Int(i64::from(i32::MAX))),
        TypeKind::Integer { .. } => both(Value::Int(i64::MIN), Value::Int(i64::MAX)),
        TypeKind::Numeric { precision: Some(precision), scale } if *precision <= 37 => {
            let huge = Value::Decimal(Decimal::new(10_i128.pow(u32::from(*precision)), 0));
            let widest = huge.fit(kind);
            match (&widest, scale.unwrap_or(0) >= 0) {
                (Value::Decimal(number), true) => both(Value::Decimal(-*number), widest),
                _ => (None, None),
            }
        }
        TypeKind::Time { .. } => both(Value::Time(0), Value::Time(crate::engine::value::MICROS_PER_DAY)),
        _ => (None, None),
    }
}
