//! Makes an expression compare with a value as it must, by the cells below it.

use super::Mender;
use crate::engine::expression::{Expression, Function, Operator};
use crate::engine::value::Value;

impl Mender<'_, '_> {
    pub(super) fn satisfied(&mut self, expression: &Expression, operator: Operator, value: &Value) -> bool {
        self.value(expression).and_then(|own| own.compare(value)).is_some_and(|order| operator.holds(order))
    }

    /// Changes cells below an expression until it compares with the value so; whether it does.
    pub(super) fn reach(&mut self, expression: &Expression, operator: Operator, value: &Value) -> bool {
        if self.satisfied(expression, operator, value) {
            return true;
        }
        match expression {
            Expression::Cell(path) => {
                self.put_beside(path, operator, value);
            }
            Expression::Arithmetic { operation, left, right, .. } => self.arithmetic(*operation, left, right, operator, value),
            Expression::DayShift { day, days, factor } => self.day_shift(day, days, *factor, operator, value),
            Expression::StampShift { stamp, times: None, months, days, micros } => {
                if let Some(value) = super::inverse::shifted_back(value, *months, *days, *micros) {
                    self.reach(stamp, operator, &value);
                }
            }
            Expression::Elapsed(left, right) => self.elapsed(left, right, operator, value),
            Expression::Call(function, arguments) => self.call(function, arguments, operator, value),
            Expression::Cast { operand, .. } => self.cast(operand, operator, value),
            Expression::Coalesce(parts) => self.coalesce(parts, operator, value),
            Expression::NullIf(left, _) => {
                self.reach(left, operator, value);
            }
            Expression::Case { branches, otherwise } => self.case(branches, otherwise, &mut |mender, then| {
                mender.reach(then, operator, value);
            }),
            Expression::Extreme { greatest, operands } => self.extreme(*greatest, operands, operator, value),
            condition => {
                if let (Value::Bool(truth), false) = (value, operator.orders()) {
                    self.make(condition, *truth == (operator == Operator::Equal));
                }
            }
        }
        self.satisfied(expression, operator, value)
    }

    fn call(&mut self, function: &Function, arguments: &[Expression], operator: Operator, value: &Value) {
        let Some(operand) = arguments.first() else { return };
        match function {
            Function::Length | Function::OctetLength => self.length(operand, operator, value),
            Function::Left | Function::Right | Function::Substring | Function::Position | Function::Concatenate => {
                self.part_of_text(function, arguments, operator, value);
            }
            Function::Cardinality | Function::ArrayLength => self.elements(operand, operator, value),
            Function::Absolute => {
                let negative = super::inverse::negated(value);
                let first = self.draws.below(2) == 0;
                for positive in [first, !first] {
                    let reached = match &negative {
                        _ if positive => self.reach(operand, operator, value),
                        Some(negative) => self.reach(operand, operator.mirrored(), negative),
                        None => false,
                    };
                    if reached {
                        return;
                    }
                }
            }
            Function::Negate => {
                if let Some(value) = super::inverse::negated(value) {
                    self.reach(operand, operator.mirrored(), &value);
                }
            }
            Function::Part(part) => self.part_of_time(*part, operand, operator, value),
            Function::EnumRank(labels) => {
                let fitting: Vec<&String> = labels
                    .iter()
                    .zip(0_i64..)
                    .filter(|(_, rank)| Value::Int(*rank).compare(value).is_some_and(|order| operator.holds(order)))
                    .map(|(label, _)| label)
                    .collect();
                let start = self.draws.below(fitting.len().max(1) as u64) as usize;
                for step in 0..fitting.len() {
                    if self.reach(operand, Operator::Equal, &Value::text(fitting[(start + step) % fitting.len()].as_str())) {
                        return;
                    }
                }
            }
            Function::NonNulls => self.nulls(arguments, false, operator, value),
            Function::Nulls => self.nulls(arguments, true, operator, value),
            // Of what rounds, trims or folds the value itself is one that gives it back.
            _ => {
                self.reach(operand, operator, value);
            }
        }
    }

    /// A cast: of a condition to a number, of a value to a like one.
    fn cast(&mut self, operand: &Expression, operator: Operator, value: &Value) {
        if matches!(self.value(operand), Some(Value::Bool(_))) {
            let holds = |truth: bool| Value::Int(i64::from(truth)).compare(value).is_some_and(|order| operator.holds(order));
            match (holds(true), holds(false)) {
                (true, false) => self.make(operand, true),
                (false, true) => self.make(operand, false),
                _ => false,
            };
        } else {
            self.reach(operand, operator, value);
        }
    }

    /// The first part, else NULLs before one that compares so.
    fn coalesce(&mut self, parts: &[Expression], operator: Operator, value: &Value) {
        let start = self.draws.below(parts.len().max(1) as u64) as usize;
        for step in 0..parts.len() {
            let chosen = (start + step) % parts.len();
            for part in &parts[..chosen] {
                self.clear(part);
            }
            if self.reach(&parts[chosen], operator, value) {
                return;
            }
        }
    }

    /// GREATEST below a value: all are; above it: one is. LEAST the other way round.
    fn extreme(&mut self, greatest: bool, operands: &[Expression], operator: Operator, value: &Value) {
        let (all, within) = if greatest {
            (matches!(operator, Operator::Less | Operator::LessEqual), Operator::LessEqual)
        } else {
            (matches!(operator, Operator::Greater | Operator::GreaterEqual), Operator::GreaterEqual)
        };
        if all {
            for operand in operands {
                self.reach(operand, operator, value);
            }
            return;
        }
        let chosen = self.draws.below(operands.len().max(1) as u64) as usize;
        for (place, operand) in operands.iter().enumerate() {
            if place == chosen {
                self.reach(operand, operator, value);
            } else if operator == Operator::Equal && self.value(operand).is_some_and(|own| !own.is_null()) {
                self.reach(operand, within, value);
            }
        }
    }
}
