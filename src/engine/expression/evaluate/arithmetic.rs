//! Numbers added, multiplied and divided as PostgreSQL does it, overflow included.

use super::super::{Number, Operation, Unsupported};
use super::Outcome;
use crate::engine::value::{Decimal, Value};

/// Digits that numeric division keeps at least (NUMERIC_MIN_SIG_DIGITS).
const SIGNIFICANT_DIGITS: i32 = 16;
/// Decimal digits in one of numeric's own digits (DEC_DIGITS).
const DIGITS_PER_WORD: i32 = 4;

/// Applies an operation; NULL where a side is NULL.
pub(super) fn apply(operation: Operation, number: Number, left: &Value, right: &Value) -> Outcome {
    if left.is_null() || right.is_null() {
        return Ok(Value::Null);
    }
    let no_number = || Unsupported::new(format!("{left:?} and {right:?} are no numbers"));
    match number {
        Number::Integer { bytes } => match (left, right) {
            (Value::Int(left), Value::Int(right)) => integers(operation, bytes, *left, *right),
            _ => Err(no_number()),
        },
        Number::Numeric => {
            decimals(operation, left.as_decimal().ok_or_else(no_number)?, right.as_decimal().ok_or_else(no_number)?).map(Value::Decimal)
        }
        Number::Float { bytes } => floats(operation, bytes, left.as_f64().ok_or_else(no_number)?, right.as_f64().ok_or_else(no_number)?),
    }
}

fn overflow() -> Unsupported {
    Unsupported::new("number out of range")
}

/// Whether an integer type of this width holds a number.
pub(super) fn fits(bytes: u8, number: i64) -> bool {
    match bytes {
        2 => i16::try_from(number).is_ok(),
        4 => i32::try_from(number).is_ok(),
        _ => true,
    }
}

fn integers(operation: Operation, bytes: u8, left: i64, right: i64) -> Outcome {
    let result = match operation {
        Operation::Add => left.checked_add(right),
        Operation::Subtract => left.checked_sub(right),
        Operation::Multiply => left.checked_mul(right),
        Operation::Divide => left.checked_div(right),
        // The remainder of the least number by -1 is 0 in PostgreSQL, an overflow here.
        Operation::Modulo if right == -1 => Some(0),
        Operation::Modulo => left.checked_rem(right),
    };
    result.filter(|number| fits(bytes, *number)).map(Value::Int).ok_or_else(overflow)
}

fn decimals(operation: Operation, left: Decimal, right: Decimal) -> Result<Decimal, Unsupported> {
    match operation {
        Operation::Add => left.checked_add(right),
        Operation::Subtract => left.checked_sub(right),
        Operation::Multiply => left.checked_mul(right),
        Operation::Divide => divide(left, right),
        Operation::Modulo => remainder(left, right),
    }
    .ok_or_else(overflow)
}

/// The scale that numeric's division chooses (select_div_scale), and the quotient rounded to it.
fn divide(left: Decimal, right: Decimal) -> Option<Decimal> {
    if right.units == 0 {
        return None;
    }
    let ((left_weight, left_first), (right_weight, right_first)) = (leading_word(left), leading_word(right));
    let weight = left_weight - right_weight - i32::from(left_first <= right_first);
    let scale = (SIGNIFICANT_DIGITS - weight * DIGITS_PER_WORD).max(i32::from(left.scale)).max(i32::from(right.scale)).max(0);
    // left / right = (units * 10^(scale + right.scale - left.scale) / right units) / 10^scale.
    let shift = scale + i32::from(right.scale) - i32::from(left.scale);
    let dividend = left.units.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?;
    let (whole, rest) = (dividend / right.units, dividend % right.units);
    let up = rest.unsigned_abs() >= right.units.unsigned_abs().div_ceil(2);
    let sign = dividend.signum() * right.units.signum();
    Some(Decimal::new(whole + if up { sign } else { 0 }, u8::try_from(scale).ok()?))
}

/// The weight and value of numeric's first word in base 10,000; 0 and 0 for zero.
fn leading_word(number: Decimal) -> (i32, u32) {
    if number.units == 0 {
        return (0, 0);
    }
    let padding = (4 - i32::from(number.scale) % DIGITS_PER_WORD) % DIGITS_PER_WORD;
    let fraction_words = (i32::from(number.scale) + padding) / DIGITS_PER_WORD;
    // Words above the aligned point come from the digits; the padding may not overflow, so it is applied to the first word.
    let digits = number.units.unsigned_abs().to_string();
    let length = digits.len() as i32 + padding;
    let words = (length + DIGITS_PER_WORD - 1) / DIGITS_PER_WORD;
    let head = length - (words - 1) * DIGITS_PER_WORD;
    let padded = format!("{digits}{}", "0".repeat(padding as usize));
    let first = padded.get(..head as usize).and_then(|text| text.parse().ok()).unwrap_or(0);
    (words - 1 - fraction_words, first)
}

fn remainder(left: Decimal, right: Decimal) -> Option<Decimal> {
    let scale = left.scale.max(right.scale);
    let (left, right) = (left.checked_rescale(scale)?, right.checked_rescale(scale)?);
    Some(Decimal::new(left.units.checked_rem(right.units)?, scale))
}

fn floats(operation: Operation, bytes: u8, left: f64, right: f64) -> Outcome {
    let result = match operation {
        Operation::Add => left + right,
        Operation::Subtract => left - right,
        Operation::Multiply => left * right,
        Operation::Divide if right != 0.0 => left / right,
        _ => return Err(overflow()),
    };
    let result = if bytes == 4 { f64::from(result as f32) } else { result };
    let vanished = result == 0.0 && left != 0.0 && right != 0.0 && matches!(operation, Operation::Multiply | Operation::Divide);
    if vanished || (result.is_infinite() && left.is_finite() && right.is_finite()) {
        return Err(overflow());
    }
    Ok(Value::Float(result))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotient(left: &str, right: &str) -> String {
        let read = |text| Decimal::parse(text).unwrap();
        Value::Decimal(divide(read(left), read(right)).unwrap()).to_string()
    }

    /// Expected values printed by PostgreSQL 15.
    #[test]
    fn division_keeps_numerics_scale() {
        assert_eq!(quotient("1", "3"), "0.33333333333333333333");
        assert_eq!(quotient("10.00", "2"), "5.0000000000000000");
        assert_eq!(quotient("123456.78", "7"), "17636.682857142857");
        assert_eq!(quotient("1", "12345.67"), "0.000081000059130043164932");
        assert_eq!(quotient("-2", "3"), "-0.66666666666666666667");
        assert_eq!(quotient("0", "3"), "0.00000000000000000000");
        assert_eq!(quotient("99999.5", "0.0003"), "333331666.66666667");
        assert_eq!(quotient("5", "99999999.99"), "0.000000050000000005000000");
    }

    #[test]
    fn integers_overflow_at_their_width() {
        assert_eq!(integers(Operation::Multiply, 4, 100_000, 20_000), Ok(Value::Int(2_000_000_000)));
        assert!(integers(Operation::Multiply, 4, 100_000, 30_000).is_err());
        assert!(integers(Operation::Divide, 8, 1, 0).is_err());
        assert_eq!(integers(Operation::Modulo, 4, -7, 2), Ok(Value::Int(-1)));
        assert_eq!(integers(Operation::Divide, 4, -7, 2), Ok(Value::Int(-3)));
    }
}
