//! The order of values, as PostgreSQL's comparison operators have it.

use std::cmp::Ordering;

use super::{Decimal, MICROS_PER_DAY, Value};

impl Value {
    /// The order of two values; `None` for NULL and for kinds that do not compare.
    ///
    /// Numbers compare across their kinds, dates with stamps at midnight UTC, texts by their
    /// bytes (as the collation "C"; other collations order otherwise).
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) | (Self::Stamp(left), Self::Stamp(right)) | (Self::Time(left), Self::Time(right)) => {
                Some(left.cmp(right))
            }
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::Date(left), Self::Date(right)) => Some(left.cmp(right)),
            (Self::Date(left), Self::Stamp(right)) => Some(midnight(*left).cmp(right)),
            (Self::Stamp(left), Self::Date(right)) => Some(left.cmp(&midnight(*right))),
            (Self::Uuid(left), Self::Uuid(right)) => Some(left.cmp(right)),
            (Self::Float(_), _) | (_, Self::Float(_)) => Some(float_order(self.as_f64()?, other.as_f64()?)),
            _ => Some(self.as_decimal()?.compare(other.as_decimal()?)),
        }
    }

    /// A number as an exact decimal.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(number) => Some(Decimal::from(*number)),
            Self::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// A number as a double.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Decimal(number) => Some(number.to_f64()),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }
}

/// The stamp of a day's first moment.
fn midnight(days: i32) -> i64 {
    i64::from(days) * MICROS_PER_DAY
}

/// NaN equals NaN and is above all other numbers.
fn float_order(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_kinds() {
        let half = Value::Decimal(Decimal::new(50, 2));
        assert_eq!(Value::Int(1).compare(&half), Some(Ordering::Greater));
        assert_eq!(half.compare(&Value::Float(0.5)), Some(Ordering::Equal));
        assert_eq!(Value::Float(f64::NAN).compare(&Value::Float(f64::INFINITY)), Some(Ordering::Greater));
        assert_eq!(Value::Int(1).compare(&Value::Null), None);
        assert_eq!(Value::Int(1).compare(&Value::text("1")), None);
    }

    #[test]
    fn a_date_is_its_midnight() {
        assert_eq!(Value::Date(1).compare(&Value::Stamp(MICROS_PER_DAY)), Some(Ordering::Equal));
        assert_eq!(Value::Stamp(MICROS_PER_DAY + 1).compare(&Value::Date(1)), Some(Ordering::Greater));
    }

    #[test]
    fn texts_compare_by_bytes() {
        assert_eq!(Value::text("Zebra").compare(&Value::text("apple")), Some(Ordering::Less));
    }
}
