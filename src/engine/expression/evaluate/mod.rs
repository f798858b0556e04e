//! An expression's value on a row, by SQL's three-valued logic.

mod arithmetic;
mod call;
mod cast;
mod like;

use super::{CellPath, Clock, Expression, Operator, Test, Unsupported};
use crate::engine::catalog::{ForeignKeyId, TypeKind};
use crate::engine::value::{MICROS_PER_DAY, Value, add_months};

pub(super) use cast::cast;

/// The row that an expression is evaluated on.
pub trait Cells {
    /// A cell of the row, or of a row that it refers to; NULL where a reference on the way is NULL.
    fn cell(&mut self, path: &CellPath) -> Value;
    /// Whether the row that the path leads to, or an ancestor of it, has this name or key.
    fn under(&mut self, hops: &[ForeignKeyId], name: &str) -> bool;
    /// The time of the run, a `Stamp`.
    fn as_of(&self) -> Value;
}

/// What a condition comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Truth {
    True,
    False,
    Unknown,
}

impl Truth {
    /// Whether a CHECK is met: it fails on false only.
    pub fn passes_check(self) -> bool {
        self != Self::False
    }

    /// Whether a rule's condition holds: on true only.
    pub fn holds(self) -> bool {
        self == Self::True
    }
}

type Outcome = Result<Value, Unsupported>;

impl Expression {
    /// The truth of a boolean expression on a row.
    pub fn truth(&self, cells: &mut dyn Cells) -> Result<Truth, Unsupported> {
        match self.evaluate(cells)? {
            Value::Bool(true) => Ok(Truth::True),
            Value::Bool(false) => Ok(Truth::False),
            Value::Null => Ok(Truth::Unknown),
            other => Err(Unsupported::new(format!("{other:?} is no boolean"))),
        }
    }

    /// The value on a row; where PostgreSQL would raise an error, `Unsupported`.
    pub fn evaluate(&self, cells: &mut dyn Cells) -> Outcome {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Cell(path) => Ok(cells.cell(path)),
            Self::Clock(clock) => Ok(now(*clock, cells)),
            Self::Not(operand) => Ok(match operand.truth(cells)? {
                Truth::True => Value::Bool(false),
                Truth::False => Value::Bool(true),
                Truth::Unknown => Value::Null,
            }),
            Self::All(parts) => chain(parts, cells, Truth::False),
            Self::Any(parts) => chain(parts, cells, Truth::True),
            Self::Compare { operator, left, right } => compare(*operator, &left.evaluate(cells)?, &right.evaluate(cells)?),
            Self::Distinct(left, right) => distinct(&left.evaluate(cells)?, &right.evaluate(cells)?),
            Self::Member { operand, values } => member(&operand.evaluate(cells)?, values),
            Self::Is { operand, test } => Ok(Value::Bool(is(&operand.evaluate(cells)?, *test))),
            Self::Arithmetic { operation, number, left, right } => {
                arithmetic::apply(*operation, *number, &left.evaluate(cells)?, &right.evaluate(cells)?)
            }
            Self::DayShift { day, days, factor } => day_shift(&day.evaluate(cells)?, &days.evaluate(cells)?, *factor),
            Self::StampShift { stamp, times, months, days, micros } => {
                let interval = (*months, *days, *micros);
                match times.as_ref().map(|times| times.evaluate(cells)).transpose()? {
                    Some(times) => multiple(interval, &times)?
                        .map_or(Ok(Value::Null), |(months, days, micros)| stamp_shift(&stamp.evaluate(cells)?, months, days, micros)),
                    None => stamp_shift(&stamp.evaluate(cells)?, *months, *days, *micros),
                }
            }
            Self::Elapsed(left, right) => elapsed(&left.evaluate(cells)?, &right.evaluate(cells)?),
            Self::Like { operand, pattern, fold } => like::matches(&operand.evaluate(cells)?, &pattern.evaluate(cells)?, *fold),
            Self::Case { branches, otherwise } => case(branches, otherwise, cells),
            Self::Coalesce(parts) => first(parts, cells),
            Self::NullIf(left, right) => null_if(left.evaluate(cells)?, &right.evaluate(cells)?),
            Self::Extreme { greatest, operands } => extreme(*greatest, operands, cells),
            Self::Call(function, arguments) => {
                let values = arguments.iter().map(|argument| argument.evaluate(cells)).collect::<Result<Vec<_>, _>>()?;
                call::apply(function, &values)
            }
            Self::Cast { operand, kind } => cast(operand.evaluate(cells)?, kind),
            Self::Under { hops, name } => Ok(Value::Bool(cells.under(hops, name))),
        }
    }
}

fn now(clock: Clock, cells: &mut dyn Cells) -> Value {
    match clock {
        Clock::Now => cells.as_of(),
        Clock::Today => cells.as_of().fit(&TypeKind::Date),
    }
}

/// AND stops at the first false, OR at the first true; a NULL met on the way makes the rest unknown.
fn chain(parts: &[Expression], cells: &mut dyn Cells, stop: Truth) -> Outcome {
    let mut unknown = false;
    for part in parts {
        match part.truth(cells)? {
            truth if truth == stop => return Ok(Value::Bool(stop == Truth::True)),
            Truth::Unknown => unknown = true,
            _ => {}
        }
    }
    Ok(if unknown { Value::Null } else { Value::Bool(stop == Truth::False) })
}

/// The order of two values that are not NULL.
fn order(left: &Value, right: &Value) -> Result<std::cmp::Ordering, Unsupported> {
    left.compare(right).ok_or_else(|| Unsupported::new(format!("{left:?} does not compare with {right:?}")))
}

fn compare(operator: Operator, left: &Value, right: &Value) -> Outcome {
    if left.is_null() || right.is_null() {
        return Ok(Value::Null);
    }
    Ok(Value::Bool(operator.holds(order(left, right)?)))
}

fn distinct(left: &Value, right: &Value) -> Outcome {
    if left.is_null() || right.is_null() {
        return Ok(Value::Bool(left.is_null() != right.is_null()));
    }
    Ok(Value::Bool(order(left, right)?.is_ne()))
}

fn member(operand: &Value, values: &[Value]) -> Outcome {
    if values.is_empty() {
        return Ok(Value::Bool(false));
    }
    if operand.is_null() {
        return Ok(Value::Null);
    }
    for value in values.iter().filter(|value| !value.is_null()) {
        if order(operand, value)?.is_eq() {
            return Ok(Value::Bool(true));
        }
    }
    Ok(if values.iter().any(Value::is_null) { Value::Null } else { Value::Bool(false) })
}

fn is(value: &Value, test: Test) -> bool {
    match test {
        Test::Null => value.is_null(),
        Test::True => *value == Value::Bool(true),
        Test::False => *value == Value::Bool(false),
    }
}

fn day_shift(day: &Value, days: &Value, factor: i64) -> Outcome {
    match (day, days) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Date(day), Value::Int(days)) => days
            .checked_mul(factor)
            .and_then(|days| i64::from(*day).checked_add(days))
            .and_then(|day| i32::try_from(day).ok())
            .map(Value::Date)
            .ok_or_else(|| Unsupported::new("date out of range")),
        _ => Err(Unsupported::new(format!("{day:?} is no date"))),
    }
}

/// An interval so many times; nothing where their number is NULL.
fn multiple((months, days, micros): (i32, i32, i64), times: &Value) -> Result<Option<(i32, i32, i64)>, Unsupported> {
    let Value::Int(count) = times else {
        return if times.is_null() { Ok(None) } else { Err(Unsupported::new(format!("an interval times {times:?}"))) };
    };
    let of = |part: i32| i64::from(part).checked_mul(*count).and_then(|part| i32::try_from(part).ok());
    let parts = of(months).zip(of(days)).zip(micros.checked_mul(*count));
    parts.map(|((months, days), micros)| Some((months, days, micros))).ok_or_else(|| Unsupported::new("interval out of range"))
}

fn stamp_shift(stamp: &Value, months: i32, days: i32, micros: i64) -> Outcome {
    let begin = match stamp {
        Value::Null => return Ok(Value::Null),
        // Of an interval's parts only hours and smaller ones move a time of day.
        Value::Time(begin) => return Ok(Value::Time((begin + micros).rem_euclid(MICROS_PER_DAY))),
        Value::Date(day) => i64::from(*day) * MICROS_PER_DAY,
        Value::Stamp(micros) => *micros,
        other => return Err(Unsupported::new(format!("{other:?} is no stamp"))),
    };
    let day = begin.div_euclid(MICROS_PER_DAY) as i32;
    let day = i64::from(add_months(day, months)) + i64::from(days);
    day.checked_mul(MICROS_PER_DAY)
        .and_then(|shifted| shifted.checked_add(begin.rem_euclid(MICROS_PER_DAY)))
        .and_then(|shifted| shifted.checked_add(micros))
        .map(Value::Stamp)
        .ok_or_else(|| Unsupported::new("timestamp out of range"))
}

fn elapsed(left: &Value, right: &Value) -> Outcome {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Date(left), Value::Date(right)) => Ok(Value::Int(i64::from(*left) - i64::from(*right))),
        (Value::Stamp(left), Value::Stamp(right)) | (Value::Time(left), Value::Time(right)) => Ok(Value::Int(left - right)),
        _ => Err(Unsupported::new(format!("{left:?} - {right:?}"))),
    }
}

fn case(branches: &[(Expression, Expression)], otherwise: &Expression, cells: &mut dyn Cells) -> Outcome {
    for (when, then) in branches {
        if when.truth(cells)?.holds() {
            return then.evaluate(cells);
        }
    }
    otherwise.evaluate(cells)
}

fn first(parts: &[Expression], cells: &mut dyn Cells) -> Outcome {
    for part in parts {
        let value = part.evaluate(cells)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

fn null_if(left: Value, right: &Value) -> Outcome {
    match compare(Operator::Equal, &left, right)? {
        Value::Bool(true) => Ok(Value::Null),
        _ => Ok(left),
    }
}

fn extreme(greatest: bool, operands: &[Expression], cells: &mut dyn Cells) -> Outcome {
    let operator = if greatest { Operator::Greater } else { Operator::Less };
    let mut best = Value::Null;
    for operand in operands {
        let value = operand.evaluate(cells)?;
        let better = best.is_null() || compare(operator, &value, &best)? == Value::Bool(true);
        if better && !value.is_null() {
            best = value;
        }
    }
    Ok(best)
}
