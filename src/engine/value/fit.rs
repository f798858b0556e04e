//! A value as a column stores it: rounded, cut and saturated to its type, so that it can be judged as stored.

use std::sync::Arc;

use super::decimal::power;
use super::parse::integer_bounds;
use super::{Decimal, MICROS_PER_DAY, Value};
use crate::engine::catalog::TypeKind;

/// The first and last microsecond of PostgreSQL's timestamps.
const STAMPS: (i64, i64) = (-211_813_488_000_000_000, 9_223_371_331_199_999_999);
/// Digits that a cast from double precision to numeric keeps (DBL_DIG).
const FLOAT_DIGITS: usize = 15;

impl Value {
    /// The value as a column of this type stores it.
    ///
    /// numeric(p,s) rounds half away from zero and saturates, integers saturate, varchar(n) and
    /// char(n) are cut at n characters (char's trailing blanks dropped, as its comparisons do),
    /// timestamp(p) rounds, real is widened from its nearest single. What does not convert is
    /// returned unchanged, for the database to judge.
    #[must_use]
    pub fn fit(self, kind: &TypeKind) -> Self {
        match kind {
            _ if self.is_null() => self,
            TypeKind::Boolean => self.fit_boolean(),
            TypeKind::Integer { bytes } => self.fit_integer(*bytes),
            TypeKind::Numeric { precision, scale } => self.fit_numeric(*precision, scale.unwrap_or(0)),
            TypeKind::Money => self.fit_numeric(Some(18), 2),
            TypeKind::Float { bytes } => self.fit_float(*bytes),
            TypeKind::Text => self.fit_text(None),
            TypeKind::Varchar { length } => self.fit_text(*length),
            TypeKind::Char { length } => self.fit_text(Some(*length)).trim_blanks(),
            TypeKind::Date => self.fit_date(),
            TypeKind::Timestamp { precision, .. } => self.fit_stamp(*precision),
            TypeKind::Time { precision, .. } => self.fit_time(*precision),
            _ => self,
        }
    }

    /// A text read as the type it is to fit; others unchanged.
    fn read(self, kind: &TypeKind) -> Self {
        match &self {
            Self::Text(text) => Self::parse(kind, text),
            _ => self,
        }
    }

    fn fit_boolean(self) -> Self {
        match self.read(&TypeKind::Boolean) {
            Self::Int(number) => Self::Bool(number != 0),
            other => other,
        }
    }

    fn fit_integer(self, bytes: u8) -> Self {
        let (min, max) = integer_bounds(bytes);
        let number = match self {
            Self::Int(number) => i128::from(number),
            Self::Decimal(number) => number.rescale(0).units,
            // float8 to integer rounds half to even (rint).
            Self::Float(number) if number.is_finite() => number.round_ties_even() as i128,
            Self::Bool(yes) => i128::from(yes),
            Self::Text(ref text) => match Decimal::parse(text.trim()) {
                Some(number) if number.scale == 0 => number.units,
                _ => return self,
            },
            other => return other,
        };
        Self::Int(number.clamp(i128::from(min), i128::from(max)) as i64)
    }

    fn fit_numeric(self, precision: Option<u16>, scale: i16) -> Self {
        let number = match self {
            Self::Int(number) => Decimal::from(number),
            Self::Decimal(number) => number,
            Self::Float(number) => match decimal_of_float(number) {
                Some(number) => number,
                None => return self,
            },
            Self::Text(ref text) => match Decimal::parse(text.trim()) {
                Some(number) => number,
                None => return self,
            },
            other => return other,
        };
        match precision {
            Some(precision) => Self::Decimal(bounded(number, precision, scale)),
            None => Self::Decimal(number),
        }
    }

    fn fit_float(self, bytes: u8) -> Self {
        let value = self.read(&TypeKind::Float { bytes });
        match value.as_f64() {
            Some(number) if bytes == 4 => Self::Float(single(number)),
            Some(number) => Self::Float(number),
            None => value,
        }
    }

    fn fit_text(self, length: Option<u32>) -> Self {
        let text = match self {
            Self::Text(text) => text,
            // A cast from boolean to text spells the word out, unlike its output function.
            Self::Bool(yes) => Arc::from(if yes { "true" } else { "false" }),
            other => Arc::from(other.to_string()),
        };
        Self::Text(match length.and_then(|length| cut_at(&text, length)) {
            Some(at) => Arc::from(&text[..at]),
            None => text,
        })
    }

    fn trim_blanks(self) -> Self {
        match &self {
            Self::Text(text) if text.ends_with(' ') => Self::text(text.trim_end_matches(' ')),
            _ => self,
        }
    }

    fn fit_date(self) -> Self {
        match self {
            Self::Stamp(micros) => Self::Date(micros.div_euclid(MICROS_PER_DAY) as i32),
            Self::Text(text) => match Self::parse(&TypeKind::Date, &text) {
                Self::Text(text) => match Self::parse(&TypeKind::Timestamp { zoned: false, precision: None }, &text) {
                    Self::Stamp(micros) => Self::Stamp(micros).fit_date(),
                    other => other,
                },
                other => other,
            },
            other => other,
        }
    }

    fn fit_stamp(self, precision: Option<u8>) -> Self {
        match self.read(&TypeKind::Timestamp { zoned: true, precision }) {
            Self::Date(days) => Self::Stamp(i64::from(days) * MICROS_PER_DAY),
            Self::Stamp(micros) => Self::Stamp(round_fraction(micros, precision).clamp(STAMPS.0, STAMPS.1)),
            other => other,
        }
    }

    fn fit_time(self, precision: Option<u8>) -> Self {
        match self.read(&TypeKind::Time { zoned: false, precision }) {
            Self::Time(micros) => Self::Time(round_fraction(micros, precision).clamp(0, MICROS_PER_DAY)),
            Self::Stamp(micros) => Self::Time(round_fraction(micros.rem_euclid(MICROS_PER_DAY), precision)),
            other => other,
        }
    }
}

/// The decimal of numeric(p,s), saturated at its widest number.
fn bounded(number: Decimal, precision: u16, scale: i16) -> Decimal {
    let digits = precision.min(38) as u8;
    let rounded = number.round_to(scale);
    let wanted = scale.max(0) as u8;
    let Some(exact) = rounded.checked_rescale(wanted.min(super::MAX_SCALE)) else {
        return rounded;
    };
    // With a scale left of the point the widest number ends in that many zeros.
    let zeros = power(scale.min(0).unsigned_abs().min(38) as u8);
    let widest = (power(digits) - 1).saturating_mul(zeros);
    Decimal { units: exact.units.clamp(-widest, widest), scale: exact.scale }
}

/// A double as numeric: its first fifteen digits, as PostgreSQL's cast takes them.
fn decimal_of_float(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    let text = format!("{:.*e}", FLOAT_DIGITS - 1, number);
    let (mantissa, exponent) = text.split_once('e')?;
    let digits = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    Decimal::parse(&format!("{digits}e{exponent}"))
}

/// The nearest single, saturated: real has no room for 1e300.
fn single(number: f64) -> f64 {
    let narrow = number as f32;
    if narrow.is_infinite() && number.is_finite() { f64::from(f32::MAX.copysign(narrow)) } else { f64::from(narrow) }
}

/// Where a text of more than so many characters is cut.
fn cut_at(text: &str, length: u32) -> Option<usize> {
    let length = length as usize;
    if text.len() <= length {
        return None;
    }
    text.char_indices().nth(length).map(|(at, _)| at)
}

/// Microseconds rounded to so many digits of the second, half away from zero as AdjustTimestampForTypmod.
fn round_fraction(micros: i64, precision: Option<u8>) -> i64 {
    match precision {
        Some(digits) if digits < 6 => {
            let unit = power(6 - digits) as i64;
            let half = if micros >= 0 { unit / 2 } else { -(unit / 2) };
            micros.saturating_add(half) / unit * unit
        }
        _ => micros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(precision: u16, scale: i16) -> TypeKind {
        TypeKind::Numeric { precision: Some(precision), scale: Some(scale) }
    }

    fn stored(value: Value, kind: &TypeKind) -> String {
        value.fit(kind).to_string()
    }

    #[test]
    fn numerics_round_and_saturate() {
        assert_eq!(stored(Value::Float(2.675), &numeric(10, 2)), "2.68");
        assert_eq!(stored(Value::Int(7), &numeric(10, 2)), "7.00");
        assert_eq!(stored(Value::Float(1e9), &numeric(5, 2)), "999.99");
        assert_eq!(stored(Value::text("-1000.005"), &numeric(5, 2)), "-999.99");
        assert_eq!(stored(Value::Int(1_234_567), &numeric(3, -3)), "999000");
        assert_eq!(stored(Value::Float(0.1), &TypeKind::Numeric { precision: None, scale: None }), "0.1");
    }

    #[test]
    fn integers_round_and_saturate() {
        assert_eq!(Value::Int(70_000).fit(&TypeKind::Integer { bytes: 2 }), Value::Int(32_767));
        assert_eq!(Value::Float(2.5).fit(&TypeKind::Integer { bytes: 4 }), Value::Int(2));
        assert_eq!(Value::Decimal(Decimal::new(25, 1)).fit(&TypeKind::Integer { bytes: 4 }), Value::Int(3));
        assert_eq!(Value::text("12").fit(&TypeKind::Integer { bytes: 4 }), Value::Int(12));
        assert_eq!(Value::text("x").fit(&TypeKind::Integer { bytes: 4 }), Value::text("x"));
    }

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(stored(Value::text("Größe"), &TypeKind::Varchar { length: Some(3) }), "Grö");
        assert_eq!(stored(Value::text("ab  "), &TypeKind::Char { length: 3 }), "ab");
        assert_eq!(stored(Value::Bool(true), &TypeKind::Text), "true");
        assert_eq!(stored(Value::Null, &TypeKind::Text), "");
    }

    #[test]
    fn stamps_take_the_columns_precision() {
        let seconds = TypeKind::Timestamp { zoned: true, precision: Some(0) };
        assert_eq!(Value::Stamp(1_500_000).fit(&seconds), Value::Stamp(2_000_000));
        assert_eq!(Value::Stamp(-1_500_000).fit(&seconds), Value::Stamp(-2_000_000));
        assert_eq!(Value::Date(1).fit(&seconds), Value::Stamp(MICROS_PER_DAY));
        assert_eq!(Value::Stamp(-1).fit(&TypeKind::Date), Value::Date(-1));
        assert_eq!(stored(Value::text("2026-01-01 23:00:00"), &TypeKind::Date), "2026-01-01");
    }

    #[test]
    fn a_real_is_judged_as_the_wider_number_it_is() {
        let stored = Value::Float(0.1).fit(&TypeKind::Float { bytes: 4 });
        assert_eq!(stored.compare(&Value::Float(0.1)), Some(std::cmp::Ordering::Greater));
    }
}
