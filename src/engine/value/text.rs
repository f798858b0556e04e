//! Values in PostgreSQL's text form under ISO and UTC: what its input functions read.

use std::fmt;
use std::io::Write as _;

use super::digits::{push_padded, push_signed, push_two};
use super::{Civil, MICROS_PER_DAY, Value, civil_from_days};

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
    if (1..=9999).contains(&civil.year) {
        let mut buffer = *b"0000-00-00";
        put_date(&mut buffer, civil);
        out.extend_from_slice(&buffer);
        return false;
    }
    let before_christ = civil.year <= 0;
    let year = if before_christ { 1 - i64::from(civil.year) } else { i64::from(civil.year) };
    push_padded(out, year as u64, 4);
    out.push(b'-');
    push_two(out, civil.month);
    out.push(b'-');
    push_two(out, civil.day);
    before_christ
}

/// Writes a date of four year digits at a buffer's beginning.
fn put_date(buffer: &mut [u8], civil: Civil) {
    let year = civil.year as u32;
    put_two(buffer, 0, year / 100);
    put_two(buffer, 2, year % 100);
    put_two(buffer, 5, civil.month);
    put_two(buffer, 8, civil.day);
}

/// Writes a number below 100 at a place of a buffer.
fn put_two(buffer: &mut [u8], place: usize, number: u32) {
    buffer[place] = b'0' + (number / 10) as u8;
    buffer[place + 1] = b'0' + (number % 10) as u8;
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
        push_fraction(out, fraction);
    }
}

fn push_stamp(out: &mut Vec<u8>, micros: i64) {
    let days = micros.div_euclid(MICROS_PER_DAY) as i32;
    let civil = civil_from_days(days);
    if (1..=9999).contains(&civil.year) {
        return push_usual_stamp(out, civil, micros.rem_euclid(MICROS_PER_DAY));
    }
    let before_christ = push_date(out, days);
    out.push(b' ');
    push_time(out, micros.rem_euclid(MICROS_PER_DAY));
    out.extend_from_slice(b"+00");
    push_era(out, before_christ);
}

/// A stamp of four year digits: all but its fraction stands at fixed places, so it is written at once.
fn push_usual_stamp(out: &mut Vec<u8>, civil: Civil, micros: i64) {
    let mut buffer = *b"0000-00-00 00:00:00+00";
    let seconds = (micros / MICROS_PER_SECOND) as u32;
    put_date(&mut buffer, civil);
    put_two(&mut buffer, 11, seconds / 3600);
    put_two(&mut buffer, 14, seconds / 60 % 60);
    put_two(&mut buffer, 17, seconds % 60);
    let fraction = micros % MICROS_PER_SECOND;
    if fraction == 0 {
        return out.extend_from_slice(&buffer);
    }
    out.extend_from_slice(&buffer[..19]);
    push_fraction(out, fraction as u64);
    out.extend_from_slice(b"+00");
}

/// The fraction of a second in microseconds, without zeros at its end.
fn push_fraction(out: &mut Vec<u8>, fraction: u64) {
    out.push(b'.');
    push_padded(out, fraction, 6);
    while out.last() == Some(&b'0') {
        out.pop();
    }
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
    let magnitude = number.abs();
    if magnitude < 1e15 && number.fract() == 0.0 && (number != 0.0 || number.is_sign_positive()) {
        return push_signed(out, number as i64);
    }
    if (1e-4..1e15).contains(&magnitude) || number == 0.0 {
        // Writing into a Vec does not fail.
        return write!(out, "{number}").unwrap_or_default();
    }
    push_exponent(out, number);
}

/// Mantissa and exponent, the latter with a sign and at least two digits.
fn push_exponent(out: &mut Vec<u8>, number: f64) {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    out.extend_from_slice(mantissa.as_bytes());
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    push_padded(out, u64::from(exponent.unsigned_abs()), 2);
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
            (Value::Float(-12.0), "-12"),
            (Value::Float(999_999_999_999_999.9), "999999999999999.9"),
            (Value::Float(1.25e300), "1.25e+300"),
            (Value::Float(f64::NEG_INFINITY), "-Infinity"),
            (Value::Date(day), "2026-01-01"),
            (Value::Date(days_from_civil(-43, 3, 15)), "0044-03-15 BC"),
            (Value::Date(days_from_civil(10_000, 1, 1)), "10000-01-01"),
            (Value::Stamp(noon), "2026-01-01 12:00:00+00"),
            (Value::Stamp(noon + 123_456), "2026-01-01 12:00:00.123456+00"),
            (Value::Stamp(noon + 500_000), "2026-01-01 12:00:00.5+00"),
            (Value::Stamp(i64::from(days_from_civil(-43, 3, 15)) * MICROS_PER_DAY + 1), "0044-03-15 00:00:00.000001+00 BC"),
            (Value::Stamp(-1), "1999-12-31 23:59:59.999999+00"),
            (Value::Time(MICROS_PER_DAY), "24:00:00"),
            (Value::Uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef), "01234567-89ab-cdef-0123-456789abcdef"),
            (Value::text("Zürich"), "Zürich"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }
}
