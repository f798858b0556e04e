//! Values in PostgreSQL's text form under ISO and UTC: what its input functions read.

use std::fmt;

use super::digits::{push_padded, push_signed, push_two, push_unsigned};
use super::{MICROS_PER_DAY, Value, civil_from_days};

/// Microseconds in a second.
const MICROS_PER_SECOND: i64 = 1_000_000;

impl Value {
    /// Appends the text form; nothing for NULL.
    pub fn write_text(&self, out: &mut String) {
        if let Self::Text(text) = self {
            out.push_str(text);
        } else {
            let mut bytes = Vec::with_capacity(48);
            self.push_plain(&mut bytes);
            out.extend(bytes.into_iter().map(char::from));
        }
    }

    /// Appends the text form of anything but a text, which is plain ASCII and needs no escape.
    pub(super) fn push_plain(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => {}
            Self::Bool(yes) => out.push(if *yes { b't' } else { b'f' }),
            Self::Int(number) => push_signed(out, *number),
            Self::Decimal(number) => number.push(out),
            Self::Float(number) => push_float(out, *number),
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Date(days) => {
                let before_christ = push_date(out, *days);
                push_era(out, before_christ);
            }
            Self::Stamp(micros) => push_stamp(out, *micros),
            Self::Time(micros) => push_time(out, *micros),
            Self::Uuid(bits) => push_uuid(out, *bits),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_text(&mut text);
        formatter.write_str(&text)
    }
}

/// Appends year, month and day; tells whether the year is before Christ.
fn push_date(out: &mut Vec<u8>, days: i32) -> bool {
    let civil = civil_from_days(days);
    let before_christ = civil.year <= 0;
    let year = if before_christ { 1 - i64::from(civil.year) } else { i64::from(civil.year) };
    push_padded(out, year as u64, 4);
    out.push(b'-');
    push_two(out, civil.month);
    out.push(b'-');
    push_two(out, civil.day);
    before_christ
}

fn push_era(out: &mut Vec<u8>, before_christ: bool) {
    if before_christ {
        out.extend_from_slice(b" BC");
    }
}

fn push_time(out: &mut Vec<u8>, micros: i64) {
    let seconds = (micros / MICROS_PER_SECOND) as u32;
    push_two(out, seconds / 3600);
    out.push(b':');
    push_two(out, seconds / 60 % 60);
    out.push(b':');
    push_two(out, seconds % 60);
    let fraction = (micros % MICROS_PER_SECOND) as u64;
    if fraction > 0 {
        out.push(b'.');
        push_padded(out, fraction, 6);
        while out.last() == Some(&b'0') {
            out.pop();
        }
    }
}

fn push_stamp(out: &mut Vec<u8>, micros: i64) {
    let before_christ = push_date(out, micros.div_euclid(MICROS_PER_DAY) as i32);
    out.push(b' ');
    push_time(out, micros.rem_euclid(MICROS_PER_DAY));
    out.extend_from_slice(b"+00");
    push_era(out, before_christ);
}

fn push_uuid(out: &mut Vec<u8>, bits: u128) {
    for (index, byte) in bits.to_be_bytes().into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        for nibble in [byte >> 4, byte & 15] {
            out.push(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
        }
    }
}

/// Appends the shortest digits that read back as the same double, laid out as float8out does.
fn push_float(out: &mut Vec<u8>, number: f64) {
    if number.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if number.is_infinite() {
        return out.extend_from_slice(if number > 0.0 { b"Infinity" } else { b"-Infinity" });
    }
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..15).contains(&exponent) {
        out.extend_from_slice(format!("{number}").as_bytes());
    } else {
        out.extend_from_slice(mantissa.as_bytes());
        out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
        let magnitude = u64::from(exponent.unsigned_abs());
        if magnitude < 10 {
            out.push(b'0');
        }
        push_unsigned(out, magnitude);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Decimal, days_from_civil};
    use super::*;

    #[test]
    fn prints_what_postgresql_reads() {
        let day = days_from_civil(2026, 1, 1);
        let noon = i64::from(day) * MICROS_PER_DAY + MICROS_PER_DAY / 2;
        for (value, text) in [
            (Value::Null, ""),
            (Value::Bool(true), "t"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (Value::Decimal(Decimal::new(-5, 2)), "-0.05"),
            (Value::Decimal(Decimal::new(1990, 2)), "19.90"),
            (Value::Float(0.1), "0.1"),
            (Value::Float(1e15), "1e+15"),
            (Value::Float(123_456_789_012_345.0), "123456789012345"),
            (Value::Float(-1.5e-7), "-1.5e-07"),
            (Value::Float(0.0001), "0.0001"),
            (Value::Float(-0.0), "-0"),
            (Value::Float(f64::NEG_INFINITY), "-Infinity"),
            (Value::Date(day), "2026-01-01"),
            (Value::Date(days_from_civil(-43, 3, 15)), "0044-03-15 BC"),
            (Value::Date(days_from_civil(10_000, 1, 1)), "10000-01-01"),
            (Value::Stamp(noon), "2026-01-01 12:00:00+00"),
            (Value::Stamp(noon + 123_456), "2026-01-01 12:00:00.123456+00"),
            (Value::Stamp(noon + 500_000), "2026-01-01 12:00:00.5+00"),
            (Value::Stamp(-1), "1999-12-31 23:59:59.999999+00"),
            (Value::Time(MICROS_PER_DAY), "24:00:00"),
            (Value::Uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef), "01234567-89ab-cdef-0123-456789abcdef"),
            (Value::text("Zürich"), "Zürich"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }
}
