//! Text, as PostgreSQL prints it under ISO and UTC, into values.

use super::calendar::days_in_month;
use super::{Decimal, MICROS_PER_DAY, Value, days_from_civil};
use crate::engine::catalog::TypeKind;

/// The first and last day of PostgreSQL's dates: 4713 BC to 5874897 AD.
const DATES: std::ops::RangeInclusive<i64> = -2_451_545..=2_145_031_948;

impl Value {
    /// The value that a type's text stands for; what the engine cannot type stays `Text`.
    ///
    /// Never `Null`: the caller knows whether there was a text.
    pub fn parse(kind: &TypeKind, text: &str) -> Self {
        typed(kind, text).unwrap_or_else(|| Self::text(text))
    }
}

fn typed(kind: &TypeKind, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    match kind {
        TypeKind::Boolean => boolean(trimmed).map(Value::Bool),
        TypeKind::Integer { bytes } => integer(*bytes, trimmed).map(Value::Int),
        TypeKind::Numeric { .. } => Decimal::parse(trimmed).map(Value::Decimal),
        TypeKind::Money => money(trimmed).map(Value::Decimal),
        TypeKind::Float { .. } => trimmed.parse().ok().map(Value::Float),
        TypeKind::Date => date(trimmed).map(Value::Date),
        TypeKind::Timestamp { zoned, .. } => stamp(trimmed, *zoned).map(Value::Stamp),
        TypeKind::Time { .. } => day_time(trimmed).map(Value::Time),
        TypeKind::Uuid => uuid(trimmed).map(Value::Uuid),
        _ => None,
    }
}

/// As boolin: any unambiguous beginning of true, false, yes, no, on, off, or 1 and 0.
fn boolean(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
    if begins("true", 1) || begins("yes", 1) || begins("on", 2) || lower == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || lower == "0" {
        Some(false)
    } else {
        None
    }
}

fn integer(bytes: u8, text: &str) -> Option<i64> {
    let number = text.parse::<i64>().ok()?;
    let (min, max) = integer_bounds(bytes);
    (min..=max).contains(&number).then_some(number)
}

/// Least and greatest number of an integer type.
pub(super) fn integer_bounds(bytes: u8) -> (i64, i64) {
    match bytes {
        2 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        4 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// `$1,234.50`, as lc_monetary C prints it.
fn money(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|character| !matches!(character, '$' | ',')).collect();
    Decimal::parse(&plain)?.checked_rescale(2)
}

/// Splits a trailing ` BC` off.
fn era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |rest| (rest, true))
}

fn date(text: &str) -> Option<i32> {
    let (text, before_christ) = era(text);
    calendar_day(text, before_christ)
}

fn calendar_day(text: &str, before_christ: bool) -> Option<i32> {
    let mut parts = text.split('-');
    let year: i32 = number(parts.next()?, 4, 7)? as i32;
    let month = number(parts.next()?, 1, 2)?;
    let day = number(parts.next()?, 1, 2)?;
    let year = if before_christ { 1 - year } else { year };
    let valid = parts.next().is_none() && (year > 0 || before_christ) && (1..=12).contains(&month);
    (valid && day >= 1 && day <= days_in_month(year, month)).then_some(())?;
    Some(days_from_civil(year, month, day))
}

/// A plain number of so many digits.
fn number(digits: &str, least: usize, most: usize) -> Option<u32> {
    let plain = digits.len() >= least && digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// A stamp; without a zone in the type, an offset in the text is ignored, as PostgreSQL does.
fn stamp(text: &str, zoned: bool) -> Option<i64> {
    let (text, before_christ) = era(text);
    let (day, rest) = text.split_once([' ', 'T']).unwrap_or((text, "00:00:00"));
    let days = i64::from(calendar_day(day, before_christ)?);
    let (time, offset) = split_offset(rest)?;
    let local = days * MICROS_PER_DAY + time_of_day(time)?;
    DATES.contains(&days).then_some(if zoned { local - offset } else { local })
}

fn day_time(text: &str) -> Option<i64> {
    match split_offset(text)? {
        (time, 0) => time_of_day(time),
        _ => None,
    }
}

/// A time of day and its offset from UTC in microseconds.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    let text = text.trim_end();
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, 0));
    };
    let (time, offset) = text.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: String = offset[1..].chars().filter(|character| *character != ':').collect();
    let padded = format!("{digits:0<6}");
    let field = |from: usize| number(padded.get(from..from + 2)?, 2, 2).map(i64::from);
    (padded.len() == 6 && digits.len() >= 2 && digits.len().is_multiple_of(2)).then_some(())?;
    let seconds = field(0)? * 3600 + field(2)? * 60 + field(4)?;
    Some((time.trim_end(), sign * seconds * 1_000_000))
}

/// Microseconds of `HH:MM[:SS[.ffffff]]`, up to 24:00:00.
fn time_of_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let hour = i64::from(number(parts.next()?, 1, 2)?);
    let minute = i64::from(number(parts.next()?, 2, 2)?);
    let (second, fraction) = match parts.next() {
        Some(part) => part.split_once('.').unwrap_or((part, "0")),
        None => ("00", "0"),
    };
    let second = i64::from(number(second, 2, 2)?);
    number(fraction, 1, 6)?;
    let fraction = i64::from(number(&format!("{fraction:0<6}"), 6, 6)?);
    let micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction;
    (minute < 60 && second < 60 && micros <= MICROS_PER_DAY).then_some(micros)
}

fn uuid(text: &str) -> Option<u128> {
    let plain: String = text.chars().filter(|character| *character != '-').collect();
    (plain.len() == 32 && !plain.starts_with('+')).then(|| u128::from_str_radix(&plain, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAMP: TypeKind = TypeKind::Timestamp { zoned: true, precision: None };

    #[test]
    fn offsets_lead_to_utc() {
        let utc = Value::parse(&STAMP, "2026-01-01 12:00:00+00");
        assert_eq!(Value::parse(&STAMP, "2026-01-01 14:00:00+02"), utc);
        assert_eq!(Value::parse(&STAMP, "2026-01-01 06:30:00-05:30"), utc);
        assert_eq!(Value::parse(&STAMP, "2026-01-01T12:00:00Z"), utc);
        let plain = TypeKind::Timestamp { zoned: false, precision: None };
        assert_eq!(Value::parse(&plain, "2026-01-01 12:00:00+02"), utc);
    }

    #[test]
    fn what_has_no_type_stays_text() {
        for (kind, text) in [
            (TypeKind::Integer { bytes: 2 }, "40000"),
            (TypeKind::Date, "infinity"),
            (TypeKind::Date, "2023-02-29"),
            (TypeKind::Numeric { precision: None, scale: None }, "NaN"),
            (STAMP, "2026-01-01 25:00:00"),
            (STAMP, "2026-01-01 12:00:00+2"),
            (TypeKind::Uuid, "not-a-uuid"),
            (TypeKind::Interval, "1 day"),
        ] {
            assert_eq!(Value::parse(&kind, text), Value::text(text));
        }
    }

    #[test]
    fn money_and_booleans() {
        assert_eq!(Value::parse(&TypeKind::Money, "-$1,234.50"), Value::Decimal(Decimal::new(-123_450, 2)));
        assert_eq!(Value::parse(&TypeKind::Boolean, "t"), Value::Bool(true));
        assert_eq!(Value::parse(&TypeKind::Boolean, "OFF"), Value::Bool(false));
        assert_eq!(Value::parse(&TypeKind::Boolean, "o"), Value::text("o"));
    }

    proptest! {
        #[test]
        fn stamps_print_and_parse(micros in -200_000_000_000_000_000_i64..200_000_000_000_000_000) {
            prop_assert_eq!(Value::parse(&STAMP, &Value::Stamp(micros).to_string()), Value::Stamp(micros));
        }

        #[test]
        fn dates_floats_and_uuids_print_and_parse(days in -2_451_545..2_000_000, bits in any::<u128>(), number in any::<f64>()) {
            prop_assert_eq!(Value::parse(&TypeKind::Date, &Value::Date(days).to_string()), Value::Date(days));
            prop_assert_eq!(Value::parse(&TypeKind::Uuid, &Value::Uuid(bits).to_string()), Value::Uuid(bits));
            let kind = TypeKind::Float { bytes: 8 };
            prop_assert_eq!(Value::parse(&kind, &Value::Float(number).to_string()), Value::Float(number));
        }
    }
}
