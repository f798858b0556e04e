//! Arithmetic undone: which operand makes the result compare with a value as it must.

use super::Mender;
use crate::engine::expression::{Expression, Operation, Operator, Part};
use crate::engine::value::{Decimal, MICROS_PER_DAY, Value, add_months};

/// Days or times tried for a part (a weekday, an hour) that only some of them have.
const TRIES: u32 = 24;

impl Mender<'_, '_> {
    /// `left operation right` compares so with a value, by one of the sides.
    pub(super) fn arithmetic(&mut self, operation: Operation, left: &Expression, right: &Expression, operator: Operator, value: &Value) {
        self.fill(left);
        self.fill(right);
        let first = self.draws.below(2) == 0;
        for by_left in [first, !first] {
            let (side, other) = if by_left { (left, right) } else { (right, left) };
            let Some(known) = self.value(other).filter(|value| !value.is_null()) else { continue };
            let own = self.value(side);
            let random = self.draws.bits();
            if let Some((operator, wanted)) = operand(operation, by_left, operator, value, &known, own.as_ref(), random)
                && self.reach(side, operator, &wanted)
            {
                return;
            }
        }
    }

    pub(super) fn day_shift(&mut self, day: &Expression, days: &Expression, factor: i64, operator: Operator, value: &Value) {
        self.fill(day);
        self.fill(days);
        let first = self.draws.below(2) == 0;
        for by_day in [first, !first] {
            let reached = match (self.value(day), self.value(days), value) {
                (_, Some(Value::Int(count)), Value::Date(wanted)) if by_day => {
                    let shifted = i64::from(*wanted) - count.saturating_mul(factor);
                    i32::try_from(shifted).is_ok_and(|shifted| self.reach(day, operator, &Value::Date(shifted)))
                }
                (Some(Value::Date(begin)), _, Value::Date(wanted)) if !by_day => {
                    let (count, operator) = if factor < 0 { (begin - wanted, operator.mirrored()) } else { (wanted - begin, operator) };
                    self.reach(days, operator, &Value::Int(i64::from(count)))
                }
                _ => false,
            };
            if reached {
                return;
            }
        }
    }

    /// `left - right` of days or stamps.
    pub(super) fn elapsed(&mut self, left: &Expression, right: &Expression, operator: Operator, value: &Value) {
        self.fill(left);
        self.fill(right);
        let Some(distance) = whole(value) else { return };
        let first = self.draws.below(2) == 0;
        for by_left in [first, !first] {
            let reached = if by_left {
                self.value(right).and_then(|right| later(&right, distance)).is_some_and(|wanted| self.reach(left, operator, &wanted))
            } else {
                let wanted = self.value(left).and_then(|left| later(&left, -distance));
                wanted.is_some_and(|wanted| self.reach(right, operator.mirrored(), &wanted))
            };
            if reached {
                return;
            }
        }
    }

    /// A part of a day or stamp: years by arithmetic, others by trying times nearby.
    pub(super) fn part_of_time(&mut self, part: Part, operand: &Expression, operator: Operator, value: &Value) {
        self.fill(operand);
        let Some(begin) = self.value(operand) else { return };
        let aimed = value.as_f64().filter(|_| part == Part::Year).map_or(0.0, |year| {
            let days = match &begin {
                Value::Date(day) => f64::from(*day),
                Value::Stamp(at) => *at as f64 / MICROS_PER_DAY as f64,
                _ => 0.0,
            };
            // The middle of the year.
            (year - 2000.0) * 365.2425 + 182.0 - days
        });
        for attempt in 0..TRIES {
            let span = if part == Part::Year { 365.0 * f64::from(attempt % 4) } else { 370.0 };
            let shift = aimed + (self.draws.unit() - 0.5) * 2.0 * span;
            let moved = match &begin {
                Value::Date(day) => Value::Date(day.saturating_add(shift as i32)),
                Value::Stamp(at) => Value::Stamp(at.saturating_add((shift * MICROS_PER_DAY as f64) as i64)),
                _ => return,
            };
            self.reach(operand, Operator::Equal, &moved);
            let own = Expression::Call(crate::engine::expression::Function::Part(part), vec![operand.clone()]);
            if self.satisfied(&own, operator, value) {
                return;
            }
        }
    }
}

/// What one operand must be, the other being known: the comparison and its value.
fn operand(
    operation: Operation,
    by_left: bool,
    operator: Operator,
    value: &Value,
    known: &Value,
    own: Option<&Value>,
    random: u64,
) -> Option<(Operator, Value)> {
    let sign = known.as_f64()?.partial_cmp(&0.0)?;
    let scaled = if sign.is_lt() { operator.mirrored() } else { operator };
    Some(match (operation, by_left) {
        (Operation::Add, _) => (operator, plus(value, known, -1)?),
        (Operation::Subtract, true) => (operator, plus(value, known, 1)?),
        (Operation::Subtract, false) => (operator.mirrored(), plus(known, value, -1)?),
        (Operation::Multiply, _) if sign.is_ne() => (scaled, quotient(value, known)?),
        (Operation::Divide, true) if sign.is_ne() => (scaled, times(value, known)?),
        (Operation::Modulo, true) if sign.is_ne() => (Operator::Equal, remainder(operator, value, known, own?, random)?),
        _ => return None,
    })
}

/// The number near `own` whose remainder by `divisor` compares so with a value.
fn remainder(operator: Operator, value: &Value, divisor: &Value, own: &Value, random: u64) -> Option<Value> {
    let (divisor, own) = (whole(divisor)?.checked_abs()?, whole(own)?);
    let begin = own - own.rem_euclid(divisor);
    let start = (random % divisor as u64) as i64;
    let fits = |rest: &i64| Value::Int(*rest).compare(value).is_some_and(|order| operator.holds(order));
    let rest = (0..divisor.min(1_000)).map(|step| (start + step) % divisor).find(fits)?;
    Some(Value::Int(begin + rest))
}

fn plus(left: &Value, right: &Value, sign: i64) -> Option<Value> {
    if let (Some(left), Some(right)) = (left.as_decimal(), right.as_decimal()) {
        let sum = if sign < 0 { left.checked_sub(right) } else { left.checked_add(right) };
        return sum.map(narrow);
    }
    Some(Value::Float((sign as f64).mul_add(right.as_f64()?, left.as_f64()?)))
}

fn times(left: &Value, right: &Value) -> Option<Value> {
    if let (Some(left), Some(right)) = (left.as_decimal(), right.as_decimal()) {
        return left.checked_mul(right).map(narrow);
    }
    Some(Value::Float(left.as_f64()? * right.as_f64()?))
}

/// Exact where it can be: an equation needs it.
fn quotient(left: &Value, right: &Value) -> Option<Value> {
    if let (Some(left), Some(right)) = (left.as_decimal(), right.as_decimal()) {
        for digits in 0..6 {
            let shifted = left.checked_mul(Decimal::new(10_i128.pow(digits), 0)).and_then(|left| {
                let scale = left.scale.max(right.scale);
                Some((left.checked_rescale(scale)?.units, right.checked_rescale(scale)?.units))
            });
            if let Some((left, right)) = shifted
                && right != 0
                && left % right == 0
            {
                return Some(narrow(Decimal::new(left / right, digits as u8)));
            }
        }
    }
    let result = left.as_f64()? / right.as_f64()?;
    result.is_finite().then_some(Value::Float(result))
}

/// A whole decimal as an integer.
fn narrow(number: Decimal) -> Value {
    let whole = number.round_to(0);
    match i64::try_from(whole.checked_rescale(0).map_or(i128::MAX, |whole| whole.units)) {
        Ok(integer) if whole.compare(number).is_eq() => Value::Int(integer),
        _ => Value::Decimal(number),
    }
}

pub(super) fn negated(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Int(number) => Value::Int(number.checked_neg()?),
        Value::Decimal(number) => Value::Decimal(-*number),
        Value::Float(number) => Value::Float(-number),
        _ => return None,
    })
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Decimal(number) => i64::try_from(number.checked_rescale(0).unwrap_or_else(|| number.round_to(0)).units).ok(),
        _ => None,
    }
}

/// A day so many days later, a stamp so many microseconds.
fn later(begin: &Value, distance: i64) -> Option<Value> {
    match begin {
        Value::Date(day) => i32::try_from(i64::from(*day).checked_add(distance)?).ok().map(Value::Date),
        Value::Stamp(at) => at.checked_add(distance).map(Value::Stamp),
        _ => None,
    }
}

/// The stamp that an interval leads to a value.
pub(super) fn shifted_back(value: &Value, months: i32, days: i32, micros: i64) -> Option<Value> {
    let at = match value {
        Value::Stamp(at) => *at,
        Value::Date(day) => i64::from(*day) * MICROS_PER_DAY,
        _ => return None,
    };
    let begin = at.checked_sub(micros)?;
    let day = begin.div_euclid(MICROS_PER_DAY) as i32;
    let day = i64::from(add_months(day.checked_sub(days)?, months.checked_neg()?));
    day.checked_mul(MICROS_PER_DAY)?.checked_add(begin.rem_euclid(MICROS_PER_DAY)).map(Value::Stamp)
}
