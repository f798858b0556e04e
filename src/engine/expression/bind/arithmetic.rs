//! Arithmetic on numbers, days, stamps and intervals.

use sqlparser::ast::Expr;

use super::{Binding, Bound, Expression, Function, Interval, Operation, Type, Typed, literal, unsupported};
use crate::engine::expression::Number;
use crate::engine::value::Value;

impl Binding<'_> {
    pub(super) fn arithmetic(&self, operation: Operation, left: &Expr, right: &Expr) -> Bound {
        self.combine(operation, self.bind(left)?, self.bind(right)?)
    }

    pub(super) fn combine(&self, operation: Operation, left: Typed, right: Typed) -> Bound {
        let (left, right) = operands(operation, left, right)?;
        if let Some(number) = number(&left.kind, &right.kind) {
            return Ok(numbers(operation, number, left, right));
        }
        match (&left.kind, operation, &right.kind) {
            (Type::Date, Operation::Add, Type::Integer { .. }) => Ok(day_shift(left, right, 1)),
            (Type::Date, Operation::Subtract, Type::Integer { .. }) => Ok(day_shift(left, right, -1)),
            (Type::Integer { .. }, Operation::Add, Type::Date) => Ok(day_shift(right, left, 1)),
            (Type::Date, Operation::Subtract, Type::Date) => Ok(elapsed(left, right, Type::Integer { bytes: 4 })),
            (Type::Stamp { zoned: first }, Operation::Subtract, Type::Stamp { zoned: second }) if first == second => {
                Ok(elapsed(left, right, Type::Interval))
            }
            (Type::Time, Operation::Subtract, Type::Time) => Ok(elapsed(left, right, Type::Interval)),
            (Type::Date | Type::Stamp { .. } | Type::Time, Operation::Add | Operation::Subtract, Type::Interval) => {
                self.stamp_shift(left, right, operation == Operation::Subtract)
            }
            (Type::Interval, Operation::Add, Type::Date | Type::Stamp { .. } | Type::Time) => self.stamp_shift(right, left, false),
            (Type::Integer { .. }, Operation::Multiply, Type::Interval) => multiple(right, left),
            (Type::Interval, Operation::Multiply, Type::Integer { .. }) => multiple(left, right),
            (left, operation, right) => unsupported(format!("{operation:?} of {left:?} and {right:?}")),
        }
    }

    pub(super) fn negate(&self, operand: &Expr) -> Bound {
        let bound = self.bind(operand)?;
        match (&bound.expression, &bound.kind) {
            (Expression::Literal(Value::Int(number)), Type::Integer { bytes }) if number.checked_neg().is_some() => {
                Ok(Typed::new(Expression::Literal(Value::Int(-number)), Type::Integer { bytes: *bytes }))
            }
            (Expression::Literal(Value::Decimal(number)), Type::Numeric) => {
                Ok(Typed::new(Expression::Literal(Value::Decimal(-*number)), Type::Numeric))
            }
            (_, kind) if kind.is_number() => {
                let kind = kind.clone();
                Ok(Typed::new(Expression::Call(Function::Negate, vec![bound.expression]), kind))
            }
            (_, kind) => unsupported(format!("- {kind:?}")),
        }
    }

    /// Days and months of a timestamptz are the session's time zone's.
    fn stamp_shift(&self, stamp: Typed, interval: Typed, minus: bool) -> Bound {
        let parts = interval.interval.and_then(|parts| if minus { parts.negated() } else { Some(parts) });
        let Some(Interval { months, days, micros }) = parts else { return unsupported("interval that is no constant") };
        let zoned = stamp.kind == Type::Stamp { zoned: true };
        if zoned && self.exact && (months != 0 || days != 0) && stamp.expression != Expression::Clock(super::Clock::Now) {
            return unsupported("days in the session's time zone");
        }
        let kind = if stamp.kind == Type::Time { Type::Time } else { Type::Stamp { zoned } };
        let times = interval.times;
        Ok(Typed::new(Expression::StampShift { stamp: stamp.boxed(), times, months, days, micros }, kind))
    }
}

/// A constant interval so many times.
fn multiple(interval: Typed, times: Typed) -> Bound {
    if interval.interval.is_none() || interval.times.is_some() {
        return unsupported("a multiple of an interval that is no constant");
    }
    let (length, count) = (Box::new(interval.expression), times.boxed());
    let number = Number::Integer { bytes: 8 };
    let expression = Expression::Arithmetic { operation: Operation::Multiply, number, left: count.clone(), right: length };
    Ok(Typed { expression, times: Some(count), kind: Type::Interval, interval: interval.interval })
}

/// A literal takes the other side's type; beside a day or stamp that is what the operation makes sense with.
fn operands(operation: Operation, left: Typed, right: Typed) -> Result<(Typed, Typed), super::BindError> {
    let beside = |kind: &Type| match kind {
        Type::Stamp { .. } if operation == Operation::Add => Type::Interval,
        // PostgreSQL takes the other side's own type here.
        kind => kind.clone(),
    };
    Ok(match (&left.kind, &right.kind) {
        (Type::Unknown, Type::Unknown) => return unsupported("arithmetic on untyped literals"),
        (Type::Unknown, kind) => (literal::typed_constant(left, &beside(kind))?, right),
        (kind, Type::Unknown) => {
            let kind = beside(kind);
            (left, literal::typed_constant(right, &kind)?)
        }
        _ => (left, right),
    })
}

/// The kind of number that an operation on two numbers yields.
fn number(left: &Type, right: &Type) -> Option<Number> {
    match (left, right) {
        (Type::Integer { bytes: left }, Type::Integer { bytes: right }) => Some(Number::Integer { bytes: *left.max(right) }),
        (Type::Float { bytes: 4 }, Type::Float { bytes: 4 }) => Some(Number::Float { bytes: 4 }),
        (left, right) if !left.is_number() || !right.is_number() => None,
        (Type::Float { .. }, _) | (_, Type::Float { .. }) => Some(Number::Float { bytes: 8 }),
        _ => Some(Number::Numeric),
    }
}

fn numbers(operation: Operation, number: Number, left: Typed, right: Typed) -> Typed {
    let kind = match number {
        Number::Integer { bytes } => Type::Integer { bytes },
        Number::Numeric => Type::Numeric,
        Number::Float { bytes } => Type::Float { bytes },
    };
    Typed::new(Expression::Arithmetic { operation, number, left: left.boxed(), right: right.boxed() }, kind)
}

fn day_shift(day: Typed, days: Typed, factor: i64) -> Typed {
    Typed::new(Expression::DayShift { day: day.boxed(), days: days.boxed(), factor }, Type::Date)
}

fn elapsed(left: Typed, right: Typed, kind: Type) -> Typed {
    Typed::new(Expression::Elapsed(left.boxed(), right.boxed()), kind)
}
