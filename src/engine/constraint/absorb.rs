//! One conjunct of a CHECK into facts on columns, where it is of a shape that facts can express.
//!
//! A CHECK passes where its condition is unknown, so a column's facts never speak of NULL, unless they say so.

use std::sync::Arc;

use super::subject::{Sides, Subject, constant, is_clock};
use super::{Bound, ClockBound, ColumnDomain, Comparison, LetterCase, Pattern};
use crate::engine::catalog::ColumnId;
use crate::engine::expression::{Expression, Function, Operator, Test};
use crate::engine::value::{Decimal, Value};

/// What a conjunct came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Absorbed {
    /// The column's values alone say all of it: what `nearest` makes passes.
    Whole,
    /// The facts say all of it, but for NULL or an order between columns, which `nearest` does not see to.
    Beyond,
    /// The facts say some of it, or nothing.
    Part,
    /// It can never hold.
    Never,
}

/// Facts in the making.
pub(super) struct Absorber<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) domains: &'a mut [ColumnDomain],
    pub(super) comparisons: &'a mut Vec<Comparison>,
}

impl Absorber<'_> {
    /// Takes a conjunct's facts over.
    pub(super) fn absorb(&mut self, conjunct: &Expression) -> Absorbed {
        match conjunct {
            Expression::Literal(Value::Bool(false)) => Absorbed::Never,
            Expression::Literal(_) => Absorbed::Whole,
            Expression::Not(inner) => self.absorb_not(inner),
            Expression::All(parts) => self.absorb_all(parts.iter()),
            Expression::Any(parts) => self.absorb_any(parts),
            Expression::Cell(_) => self.truth(conjunct, true),
            Expression::Is { operand, test } => self.is(operand, *test),
            Expression::Member { operand, values } => self.member(operand, values),
            Expression::Distinct(left, right) => self.distinct(left, right),
            Expression::Compare { operator, left, right } => self.compare(*operator, left, right),
            Expression::Call(Function::Matches(pattern), arguments) => self.pattern(&arguments[0], Arc::clone(pattern)),
            Expression::Like { operand, pattern, fold } => match &**pattern {
                Expression::Literal(Value::Text(text)) => match Pattern::like(text, *fold) {
                    Some(pattern) => self.pattern(operand, Arc::new(pattern)),
                    None => Absorbed::Part,
                },
                _ => Absorbed::Part,
            },
            _ => Absorbed::Part,
        }
    }

    /// A text is made to match; whether it does is tested all the same.
    fn pattern(&mut self, operand: &Expression, pattern: Arc<Pattern>) -> Absorbed {
        if let Some(column) = self.sides.column(operand) {
            self.domains[column].patterns.push(pattern);
        }
        Absorbed::Part
    }

    fn absorb_all<'e>(&mut self, parts: impl Iterator<Item = &'e Expression>) -> Absorbed {
        let mut whole = Absorbed::Whole;
        for part in parts {
            match self.absorb(part) {
                Absorbed::Whole => {}
                other => whole = whole.max(other),
            }
        }
        whole
    }

    fn absorb_not(&mut self, inner: &Expression) -> Absorbed {
        match inner {
            Expression::Not(inner) => self.absorb(inner),
            Expression::Literal(Value::Bool(true)) => Absorbed::Never,
            Expression::Literal(_) => Absorbed::Whole,
            Expression::Compare { operator, left, right } => self.compare(operator.negated(), left, right),
            Expression::Any(parts) => {
                let negated: Vec<Expression> = parts.iter().map(negate).collect();
                self.absorb_all(negated.iter())
            }
            Expression::All(parts) => self.absorb_any(&parts.iter().map(negate).collect::<Vec<_>>()),
            Expression::Cell(_) => self.truth(inner, false),
            Expression::Member { operand, values } => self.no_member(operand, values),
            Expression::Is { operand, test: Test::Null } => match self.sides.column(operand) {
                Some(column) => self.require(column),
                None => Absorbed::Part,
            },
            // IS NOT FALSE is what a CHECK asks anyway.
            Expression::Is { operand, test: Test::False } => self.absorb(operand),
            Expression::Is { operand, test: Test::True } => self.absorb_not_true(operand),
            Expression::Distinct(left, right) => self.same(left, right),
            _ => Absorbed::Part,
        }
    }

    /// `x IS NOT TRUE`: false or NULL, for a CHECK the same as NOT x.
    fn absorb_not_true(&mut self, operand: &Expression) -> Absorbed {
        self.absorb(&negate(operand))
    }

    fn require(&mut self, column: ColumnId) -> Absorbed {
        if self.domains[column].not_null {
            return Absorbed::Whole;
        }
        self.domains[column].not_null = true;
        Absorbed::Beyond
    }

    fn truth(&mut self, cell: &Expression, truth: bool) -> Absorbed {
        match self.sides.column(cell) {
            Some(column) => {
                self.domains[column].restrict(&[Value::Bool(truth)]);
                Absorbed::Whole
            }
            None => Absorbed::Part,
        }
    }

    fn is(&mut self, operand: &Expression, test: Test) -> Absorbed {
        let column = self.sides.column(operand);
        match (test, column) {
            (Test::Null, Some(column)) => {
                self.domains[column].must_be_null = true;
                Absorbed::Beyond
            }
            (Test::Null, None) => Absorbed::Part,
            (Test::True | Test::False, _) => {
                let wanted = if test == Test::True { operand.clone() } else { negate(operand) };
                let absorbed = self.absorb(&wanted);
                match (absorbed, &*operand.columns()) {
                    // It may not be unknown either, and it is only where its one column is NULL.
                    (Absorbed::Whole, [path]) if path.hops.is_empty() && is_strict(operand) => self.require(path.column),
                    (Absorbed::Never, _) => Absorbed::Never,
                    _ => Absorbed::Part,
                }
            }
        }
    }

    fn member(&mut self, operand: &Expression, values: &[Value]) -> Absorbed {
        // With NULL in the list the test is true or unknown, never false.
        if values.iter().any(Value::is_null) {
            return Absorbed::Whole;
        }
        match self.sides.subject(operand) {
            Some(Subject::Value(column)) => {
                self.domains[column].restrict(values);
                Absorbed::Whole
            }
            Some(Subject::Trimmed(column)) => {
                self.domains[column].trimmed = true;
                self.domains[column].restrict(values);
                Absorbed::Whole
            }
            Some(Subject::Length(column)) => {
                let lengths: Vec<u64> = values.iter().filter_map(as_length).collect();
                self.lengths(column, lengths.iter().min().copied(), lengths.iter().max().copied());
                if lengths.len() == 1 { Absorbed::Whole } else { Absorbed::Part }
            }
            _ => Absorbed::Part,
        }
    }

    fn no_member(&mut self, operand: &Expression, values: &[Value]) -> Absorbed {
        match self.sides.subject(operand) {
            Some(Subject::Value(column)) => {
                values.iter().filter(|value| !value.is_null()).for_each(|value| self.domains[column].exclude(value));
                Absorbed::Whole
            }
            _ => Absorbed::Part,
        }
    }

    /// `x IS DISTINCT FROM y`.
    fn distinct(&mut self, left: &Expression, right: &Expression) -> Absorbed {
        match (self.sides.column(left), constant(right)) {
            (Some(column), Some(Value::Null)) => self.require(column),
            (Some(column), Some(value)) => {
                self.domains[column].exclude(&value);
                Absorbed::Whole
            }
            _ => Absorbed::Part,
        }
    }

    /// `x IS NOT DISTINCT FROM y`.
    fn same(&mut self, left: &Expression, right: &Expression) -> Absorbed {
        match (self.sides.column(left), constant(right)) {
            (Some(column), Some(Value::Null)) => {
                self.domains[column].must_be_null = true;
                Absorbed::Beyond
            }
            (Some(column), Some(value)) => {
                self.domains[column].restrict(&[value]);
                self.require(column)
            }
            _ => Absorbed::Part,
        }
    }

    /// OR: `x IS NULL OR f(x)`, or several values of one column.
    fn absorb_any(&mut self, parts: &[Expression]) -> Absorbed {
        if parts.iter().any(|part| matches!(part, Expression::Literal(Value::Bool(true) | Value::Null))) {
            return Absorbed::Whole;
        }
        let (escapes, rest): (Vec<&Expression>, Vec<&Expression>) =
            parts.iter().filter(|part| !matches!(part, Expression::Literal(_))).partition(|part| self.null_test(part).is_some());
        match rest.as_slice() {
            [] if escapes.is_empty() => Absorbed::Never,
            [only] => {
                let reads = only.columns();
                let idle = |escape: &&Expression| {
                    self.null_test(escape).is_some_and(|column| reads.iter().any(|path| path.hops.is_empty() && path.column == column))
                };
                // Where such a column is NULL the rest is unknown, and that passes by itself.
                if is_strict(only) && escapes.iter().all(idle) { self.absorb(only) } else { Absorbed::Part }
            }
            _ if escapes.is_empty() => self.union(&rest),
            _ => Absorbed::Part,
        }
    }

    /// The column that `x IS NULL` tests.
    fn null_test(&self, part: &Expression) -> Option<ColumnId> {
        match part {
            Expression::Is { operand, test: Test::Null } => self.sides.column(operand),
            _ => None,
        }
    }

    /// `x = 1 OR x IN (2, 3)`.
    fn union(&mut self, parts: &[&Expression]) -> Absorbed {
        let mut subject: Option<ColumnId> = None;
        let mut values = Vec::new();
        for part in parts {
            let operand = match part {
                Expression::Member { operand, values: some } => {
                    values.extend_from_slice(some);
                    operand
                }
                Expression::Compare { operator: Operator::Equal, left, right } => match constant(right) {
                    Some(value) => {
                        values.push(value);
                        left
                    }
                    None => return Absorbed::Part,
                },
                _ => return Absorbed::Part,
            };
            let Some(column) = self.sides.column(operand) else { return Absorbed::Part };
            if *subject.get_or_insert(column) != column {
                return Absorbed::Part;
            }
        }
        let Some(column) = subject else { return Absorbed::Part };
        if !values.iter().any(Value::is_null) {
            self.domains[column].restrict(&values);
        }
        Absorbed::Whole
    }

    fn compare(&mut self, operator: Operator, left: &Expression, right: &Expression) -> Absorbed {
        // A comparison with NULL is unknown on every row.
        let (left_value, right_value) = (constant(left), constant(right));
        if [&left_value, &right_value].into_iter().flatten().any(Value::is_null) {
            return Absorbed::Whole;
        }
        if let (Some(left), Some(right)) = (self.sides.column(left), self.sides.column(right)) {
            return self.columns(operator, left, right);
        }
        if let Some(value) = right_value {
            self.with_constant(operator, left, &value)
        } else if let Some(value) = left_value {
            self.with_constant(operator.mirrored(), right, &value)
        } else if is_clock(right) {
            self.with_clock(operator, left, right)
        } else if is_clock(left) {
            self.with_clock(operator.mirrored(), right, left)
        } else {
            self.with_itself(operator, left, right)
        }
    }

    fn columns(&mut self, operator: Operator, left: ColumnId, right: ColumnId) -> Absorbed {
        let comparison = Comparison { left, operator, right, nullable_escape: true };
        if left == right {
            return if matches!(operator, Operator::Equal | Operator::LessEqual | Operator::GreaterEqual) {
                Absorbed::Whole
            } else {
                Absorbed::Part
            };
        }
        if !self.comparisons.contains(&comparison) {
            self.comparisons.push(comparison);
        }
        Absorbed::Beyond
    }

    fn with_constant(&mut self, operator: Operator, side: &Expression, value: &Value) -> Absorbed {
        if let Expression::Coalesce(parts) = side {
            return self.coalesced(operator, parts, value);
        }
        let Some(subject) = self.sides.subject(side) else { return Absorbed::Part };
        match subject {
            Subject::Value(column) => self.with_value(operator, column, value),
            Subject::Trimmed(column) => {
                self.domains[column].trimmed = true;
                self.with_value(operator, column, value)
            }
            Subject::Length(column) => self.with_length(operator, column, value),
            Subject::TrimmedLength(column) => {
                self.domains[column].trimmed = true;
                self.with_length(operator, column, value)
            }
            Subject::Rank(column, labels) => {
                let kept = labels
                    .iter()
                    .zip(0_i64..)
                    .filter(|(_, rank)| Value::Int(*rank).compare(value).is_some_and(|order| operator.holds(order)));
                let kept: Vec<Value> = kept.map(|(label, _)| Value::text(label.as_str())).collect();
                self.domains[column].restrict(&kept);
                Absorbed::Whole
            }
            Subject::Remainder(column, divisor) if operator == Operator::Equal && *value == Value::Int(0) && divisor != 0 => {
                self.step(column, Decimal::from(divisor.saturating_abs()))
            }
            Subject::Remainder(..) => Absorbed::Part,
        }
    }

    fn with_value(&mut self, operator: Operator, column: ColumnId, value: &Value) -> Absorbed {
        let domain = &mut self.domains[column];
        let bound = |inclusive| Bound { value: value.clone(), inclusive };
        match operator {
            Operator::Equal => domain.restrict(std::slice::from_ref(value)),
            Operator::NotEqual => match value {
                Value::Text(text) if text.is_empty() => domain.lengthen(1),
                _ => domain.exclude(value),
            },
            Operator::Less => domain.lower(bound(false)),
            Operator::LessEqual => domain.lower(bound(true)),
            Operator::Greater => domain.raise(bound(false)),
            Operator::GreaterEqual => domain.raise(bound(true)),
        }
        // A text, uuid or boolean is not moved to an end of an interval.
        let moves =
            matches!(value, Value::Int(_) | Value::Decimal(_) | Value::Float(_) | Value::Date(_) | Value::Stamp(_) | Value::Time(_));
        if operator.orders() && !moves { Absorbed::Beyond } else { Absorbed::Whole }
    }

    fn with_clock(&mut self, operator: Operator, side: &Expression, clock: &Expression) -> Absorbed {
        let Some(column) = self.sides.column(side) else { return Absorbed::Part };
        let bound = |inclusive| ClockBound { expression: clock.clone(), inclusive };
        let domain = &mut self.domains[column];
        match operator {
            Operator::Less => domain.clock_max.push(bound(false)),
            Operator::LessEqual => domain.clock_max.push(bound(true)),
            Operator::Greater => domain.clock_min.push(bound(false)),
            Operator::GreaterEqual => domain.clock_min.push(bound(true)),
            Operator::Equal | Operator::NotEqual => {}
        }
        // The server's clock is not the run's, so it is tested all the same.
        Absorbed::Part
    }

    fn with_length(&mut self, operator: Operator, column: ColumnId, value: &Value) -> Absorbed {
        let Value::Int(length) = value else { return Absorbed::Part };
        let (least, most) = match operator {
            Operator::Equal => (Some(*length), Some(*length)),
            Operator::Less => (None, Some(length.saturating_sub(1))),
            Operator::LessEqual => (None, Some(*length)),
            Operator::Greater => (Some(length.saturating_add(1)), None),
            Operator::GreaterEqual => (Some(*length), None),
            Operator::NotEqual if *length == 0 => (Some(1), None),
            Operator::NotEqual => return Absorbed::Part,
        };
        if most.is_some_and(|most| most < 0) {
            return Absorbed::Never;
        }
        let size = |length: i64| length.max(0) as u64;
        self.lengths(column, least.map(size), most.map(size));
        Absorbed::Whole
    }

    fn lengths(&mut self, column: ColumnId, least: Option<u64>, most: Option<u64>) {
        if let Some(least) = least {
            self.domains[column].lengthen(least);
        }
        if let Some(most) = most {
            self.domains[column].shorten(most);
        }
    }

    fn step(&mut self, column: ColumnId, step: Decimal) -> Absorbed {
        match self.domains[column].step {
            Some(other) if other != step => return Absorbed::Part,
            _ => self.domains[column].step = Some(step),
        }
        Absorbed::Whole
    }

    /// `COALESCE(x, default) op constant`: the default decides whether x may be NULL.
    fn coalesced(&mut self, operator: Operator, parts: &[Expression], value: &Value) -> Absorbed {
        let [cell, default] = parts else { return Absorbed::Part };
        let (Some(column), Some(default)) = (self.sides.column(cell), constant(default)) else { return Absorbed::Part };
        let Some(order) = default.compare(value) else { return Absorbed::Part };
        let absorbed = self.with_value(operator, column, value);
        if operator.holds(order) { absorbed } else { absorbed.max(self.require(column)) }
    }

    /// `btrim(x) = x`, `lower(x) = x`, `round(x, 1) = x`.
    fn with_itself(&mut self, operator: Operator, left: &Expression, right: &Expression) -> Absorbed {
        if operator != Operator::Equal {
            return Absorbed::Part;
        }
        let (call, column) = match (self.sides.column(left), self.sides.column(right)) {
            (Some(column), None) => (right, column),
            (None, Some(column)) => (left, column),
            _ => return Absorbed::Part,
        };
        let Expression::Call(function, arguments) = call else { return Absorbed::Part };
        if self.sides.column(&arguments[0]) != Some(column) {
            return Absorbed::Part;
        }
        let domain = &mut self.domains[column];
        match (function, arguments.get(1)) {
            (Function::Trim { .. }, None) => domain.trimmed = true,
            // An end of an interval may lie between two units, so it is tested all the same.
            (Function::TruncateTime(unit), None) => {
                domain.stamp_unit = Some(domain.stamp_unit.map_or(*unit, |known| known.max(*unit)));
                return Absorbed::Part;
            }
            // The locale decides on letters beyond ASCII, so it is tested all the same.
            (Function::Lower { .. }, _) => {
                domain.letter_case = Some(LetterCase::Lower);
                return Absorbed::Part;
            }
            (Function::Upper { .. }, _) => {
                domain.letter_case = Some(LetterCase::Upper);
                return Absorbed::Part;
            }
            (Function::Round | Function::Truncate | Function::Floor | Function::Ceiling, None) => {
                return self.step(column, Decimal::from(1));
            }
            (Function::Round | Function::Truncate, Some(Expression::Literal(Value::Int(digits)))) => {
                return match u8::try_from(*digits) {
                    Ok(digits) if digits < 30 => self.step(column, Decimal::new(1, digits)),
                    _ => Absorbed::Part,
                };
            }
            _ => return Absorbed::Part,
        }
        Absorbed::Whole
    }
}

/// Whether an expression is unknown wherever a column it reads is NULL.
fn is_strict(expression: &Expression) -> bool {
    match expression {
        Expression::Compare { .. }
        | Expression::Member { .. }
        | Expression::Not(_)
        | Expression::Arithmetic { .. }
        | Expression::Cast { .. }
        | Expression::Elapsed(..)
        | Expression::DayShift { .. }
        | Expression::StampShift { .. }
        | Expression::Like { .. } => expression.children().into_iter().all(is_strict),
        Expression::Call(function, arguments) => {
            !matches!(function, Function::Nulls | Function::NonNulls) && arguments.iter().all(is_strict)
        }
        Expression::Cell(_) | Expression::Literal(_) | Expression::Clock(_) => true,
        _ => false,
    }
}

/// NOT, pushed one step inwards where that is possible.
fn negate(expression: &Expression) -> Expression {
    match expression {
        Expression::Not(inner) => (**inner).clone(),
        Expression::Compare { operator, left, right } => {
            Expression::Compare { operator: operator.negated(), left: left.clone(), right: right.clone() }
        }
        other => Expression::Not(Box::new(other.clone())),
    }
}

fn as_length(value: &Value) -> Option<u64> {
    match value {
        Value::Int(length) => u64::try_from(*length).ok(),
        _ => None,
    }
}
