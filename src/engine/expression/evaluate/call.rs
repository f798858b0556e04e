//! Functions.

use std::sync::Arc;

use super::super::{Function, Part, Unsupported};
use super::Outcome;
use crate::engine::value::{Decimal, MICROS_PER_DAY, Value, civil_from_days, days_from_civil};

/// Applies a function to its arguments' values.
pub(super) fn apply(function: &Function, arguments: &[Value]) -> Outcome {
    let nulls = arguments.iter().filter(|value| value.is_null()).count();
    match function {
        Function::Nulls => return Ok(Value::Int(nulls as i64)),
        Function::NonNulls => return Ok(Value::Int((arguments.len() - nulls) as i64)),
        _ if nulls > 0 => return Ok(Value::Null),
        _ => {}
    }
    of_text(function, arguments)
        .or_else(|| of_number(function, arguments))
        .or_else(|| of_time(function, arguments))
        .ok_or_else(|| Unsupported::new(format!("{function:?} of {arguments:?}")))
}

/// Functions whose first argument is a text; `None` where they do not apply.
fn of_text(function: &Function, arguments: &[Value]) -> Option<Value> {
    let text = text_at(arguments, 0)?;
    let second = || text_at(arguments, 1);
    Some(match function {
        Function::Lower { ascii } => changed(text, *ascii, str::to_lowercase)?,
        Function::Upper { ascii } => changed(text, *ascii, str::to_uppercase)?,
        Function::Trim { left, right } => Value::text(trimmed(text, second(), *left, *right)),
        Function::Length => Value::Int(text.chars().count() as i64),
        Function::OctetLength => Value::Int(text.len() as i64),
        Function::Position => Value::Int(text.find(second()?).map_or(0, |at| text[..at].chars().count() as i64 + 1)),
        Function::Left => Value::text(ends(text, integer_at(arguments, 1)?).0),
        Function::Right => Value::text(ends(text, integer_at(arguments, 1)?).1),
        Function::Substring => substring(text, integer_at(arguments, 1)?, arguments.get(2))?,
        Function::Matches(pattern) => Value::Bool(pattern.matches(text)?),
        Function::StartsWith => Value::Bool(text.starts_with(second()?)),
        Function::Replace if second()?.is_empty() => Value::text(text),
        Function::Replace => Value::text(text.replace(second()?, text_at(arguments, 2)?)),
        Function::Concatenate => Value::text(format!("{text}{}", second()?)),
        Function::Cardinality => Value::Int(elements(text)?),
        Function::ArrayLength => match elements(text)? {
            0 => Value::Null,
            count => Value::Int(count),
        },
        Function::EnumRank(labels) => Value::Int(labels.iter().position(|label| label == text)? as i64),
        _ => return None,
    })
}

fn text_at(arguments: &[Value], index: usize) -> Option<&str> {
    match arguments.get(index)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn integer_at(arguments: &[Value], index: usize) -> Option<i64> {
    match arguments.get(index)? {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// Another case; characters that a locale may treat otherwise only where that is allowed.
fn changed(text: &str, ascii: bool, change: impl Fn(&str) -> String) -> Option<Value> {
    (!ascii || text.is_ascii()).then(|| Value::text(change(text)))
}

fn trimmed<'a>(text: &'a str, characters: Option<&str>, left: bool, right: bool) -> &'a str {
    let drops = |character: char| characters.map_or(character == ' ', |set| set.contains(character));
    let text = if left { text.trim_start_matches(drops) } else { text };
    if right { text.trim_end_matches(drops) } else { text }
}

/// The first so many characters, and the last so many; a negative count leaves that many out.
fn ends(text: &str, count: i64) -> (Arc<str>, Arc<str>) {
    let length = text.chars().count() as i64;
    let taken = if count < 0 { (length.saturating_add(count)).max(0) } else { count.min(length) } as usize;
    let left: String = text.chars().take(taken).collect();
    let right: String = text.chars().skip(length as usize - taken).collect();
    (left.into(), right.into())
}

/// Elements of an array's text form; `None` where it has bounds or dimensions of its own.
fn elements(array: &str) -> Option<i64> {
    let inner = array.strip_prefix('{')?.strip_suffix('}')?;
    if inner.is_empty() {
        return Some(0);
    }
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for letter in inner.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => count += 1,
            '{' | '}' if !quoted => return None,
            _ => {}
        }
    }
    Some(count)
}

/// Positions count from 1 and may begin before the text, as in SQL.
fn substring(text: &str, from: i64, count: Option<&Value>) -> Option<Value> {
    let end = match count {
        Some(Value::Int(count)) if *count >= 0 => from.saturating_add(*count),
        Some(_) => return None,
        None => i64::MAX,
    };
    let part = text.chars().zip(1_i64..).filter(|(_, at)| *at >= from && *at < end).map(|(character, _)| character);
    Some(Value::text(part.collect::<String>()))
}

/// Functions of numbers; `None` where they do not apply.
fn of_number(function: &Function, arguments: &[Value]) -> Option<Value> {
    match arguments.first()? {
        Value::Int(number) => of_integer(function, *number),
        Value::Decimal(number) => of_decimal(function, *number, integer_at(arguments, 1)),
        Value::Float(base) if *function == Function::Power => {
            let power = arguments.get(1)?.as_f64()?;
            let result = libm::pow(*base, power);
            result.is_finite().then_some(Value::Float(result))
        }
        Value::Float(number) => of_float(function, *number),
        _ => None,
    }
}

fn of_integer(function: &Function, number: i64) -> Option<Value> {
    Some(Value::Int(match function {
        Function::Absolute => number.checked_abs()?,
        Function::Negate => number.checked_neg()?,
        _ => return None,
    }))
}

fn of_decimal(function: &Function, number: Decimal, digits: Option<i64>) -> Option<Value> {
    let scale = i16::try_from(digits.unwrap_or(0)).ok()?;
    Some(Value::Decimal(match function {
        Function::Absolute if number.units < 0 => -number,
        Function::Absolute => number,
        Function::Negate => -number,
        Function::Round => number.round_to(scale),
        Function::Truncate => truncated(number, u8::try_from(scale).ok()?)?,
        Function::Sign => Decimal::from(number.units.signum() as i64),
        Function::Floor => neighbour(number, -1)?,
        Function::Ceiling => neighbour(number, 1)?,
        _ => return None,
    }))
}

fn truncated(number: Decimal, scale: u8) -> Option<Decimal> {
    if scale >= number.scale {
        return number.checked_rescale(scale);
    }
    let unit = 10_i128.checked_pow(u32::from(number.scale - scale))?;
    Some(Decimal::new(number.units / unit, scale))
}

/// The nearest whole number in a direction.
fn neighbour(number: Decimal, direction: i128) -> Option<Decimal> {
    let whole = truncated(number, 0)?;
    let beyond = if direction < 0 { number.compare(whole).is_lt() } else { number.compare(whole).is_gt() };
    Some(if beyond { Decimal::new(whole.units + direction, 0) } else { whole })
}

fn of_float(function: &Function, number: f64) -> Option<Value> {
    Some(Value::Float(match function {
        Function::Absolute => number.abs(),
        Function::Negate => -number,
        Function::Round => number.round_ties_even(),
        Function::Truncate => number.trunc(),
        Function::Floor => number.floor(),
        Function::Ceiling => number.ceil(),
        _ => return None,
    }))
}

/// Parts of days and stamps.
fn of_time(function: &Function, arguments: &[Value]) -> Option<Value> {
    if let (Function::TruncateTime(unit), Some(Value::Stamp(at))) = (function, arguments.first()) {
        return Some(Value::Stamp(at - at.rem_euclid(*unit)));
    }
    let Function::Part(part) = function else { return None };
    let (days, micros) = match arguments.first()? {
        Value::Date(days) => (*days, 0),
        Value::Stamp(micros) => (micros.div_euclid(MICROS_PER_DAY) as i32, micros.rem_euclid(MICROS_PER_DAY)),
        _ => return None,
    };
    let civil = civil_from_days(days);
    // 2000-01-01 was a Saturday.
    let weekday = (i64::from(days) + 6).rem_euclid(7);
    Some(Value::Decimal(Decimal::from(match part {
        Part::Year if civil.year > 0 => i64::from(civil.year),
        Part::Year => i64::from(civil.year) - 1,
        Part::Quarter => i64::from((civil.month - 1) / 3 + 1),
        Part::Month => i64::from(civil.month),
        Part::Day => i64::from(civil.day),
        Part::DayOfWeek => weekday,
        Part::IsoDayOfWeek => (weekday + 6) % 7 + 1,
        Part::DayOfYear => i64::from(days - days_from_civil(civil.year, 1, 1)) + 1,
        Part::Hour => micros / 3_600_000_000,
        Part::Minute => micros / 60_000_000 % 60,
    })))
}
