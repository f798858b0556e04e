//! What an expression may come to where only NULLs and constants of a row are known: sets of truths.

use super::shape::{CellShape, ShapeColumn, equal};
use crate::engine::expression::{Expression, Function, Operation, Operator, Test};
use crate::engine::value::Value;

/// Sets of truths, as bits.
pub(super) type Truths = u8;
const TRUE: Truths = 1;
pub(super) const FALSE: Truths = 2;
const UNKNOWN: Truths = 4;
const ANY: Truths = TRUE | FALSE | UNKNOWN;

/// Whether something is NULL: can it be, can it not be.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Nullness {
    null: bool,
    value: bool,
}

/// The columns of a row and what is chosen for some of them.
pub(super) struct View<'a> {
    pub(super) columns: &'a [ShapeColumn],
    pub(super) chosen: &'a [Option<CellShape>],
}

impl View<'_> {
    fn state(&self, expression: &Expression) -> Option<&CellShape> {
        let Expression::Cell(path) = expression else { return None };
        let place = self.columns.iter().position(|column| path.hops.is_empty() && column.column == path.column)?;
        self.chosen[place].as_ref()
    }

    fn may_be_null(&self, expression: &Expression) -> bool {
        let Expression::Cell(path) = expression else { return true };
        self.columns.iter().find(|column| path.hops.is_empty() && column.column == path.column).is_none_or(|column| column.nullable)
    }

    /// The truths that an expression may still have.
    pub(super) fn truths(&self, expression: &Expression) -> Truths {
        match expression {
            Expression::Literal(Value::Bool(true)) => TRUE,
            Expression::Literal(Value::Bool(false)) => FALSE,
            Expression::Literal(Value::Null) => UNKNOWN,
            Expression::Cell(_) => match self.state(expression) {
                Some(CellShape::Null) => UNKNOWN,
                Some(CellShape::Is(Value::Bool(true))) => TRUE,
                Some(CellShape::Is(Value::Bool(false))) => FALSE,
                Some(_) => TRUE | FALSE,
                None => TRUE | FALSE | if self.may_be_null(expression) { UNKNOWN } else { 0 },
            },
            Expression::Not(inner) => negated(self.truths(inner)),
            Expression::All(parts) => parts.iter().map(|part| self.truths(part)).fold(TRUE, and),
            Expression::Any(parts) => negated(parts.iter().map(|part| negated(self.truths(part))).fold(TRUE, and)),
            Expression::Is { operand, test } => self.is(operand, *test),
            Expression::Compare { operator, left, right } => self.compare(*operator, left, right),
            Expression::Member { operand, values } => values
                .iter()
                .map(|value| self.with_constant(Operator::Equal, operand, value))
                .fold(FALSE, |found, one| negated(and(negated(found), negated(one)))),
            Expression::Distinct(left, right) => self.distinct(left, right),
            Expression::Case { branches, otherwise } => self.case(branches, otherwise),
            Expression::Coalesce(parts) => self.coalesce(parts),
            other => of_nullness(self.nullness(other)),
        }
    }

    fn is(&self, operand: &Expression, test: Test) -> Truths {
        let held = |yes: bool, no: bool| (if yes { TRUE } else { 0 }) | (if no { FALSE } else { 0 });
        match test {
            Test::Null => {
                let nullness = self.nullness(operand);
                held(nullness.null, nullness.value)
            }
            Test::True => {
                let truths = self.truths(operand);
                held(truths & TRUE != 0, truths & (FALSE | UNKNOWN) != 0)
            }
            Test::False => {
                let truths = self.truths(operand);
                held(truths & FALSE != 0, truths & (TRUE | UNKNOWN) != 0)
            }
        }
    }

    fn compare(&self, operator: Operator, left: &Expression, right: &Expression) -> Truths {
        if let Expression::Literal(value) = right
            && matches!(left, Expression::Cell(_))
        {
            return self.with_constant(operator, left, value);
        }
        if let Expression::Literal(value) = left
            && matches!(right, Expression::Cell(_))
        {
            return self.with_constant(operator.mirrored(), right, value);
        }
        if let (Some(left), Some(right)) = (self.numbers(left), self.numbers(right)) {
            let held = left.iter().flat_map(|left| right.iter().map(move |right| operator.holds(left.cmp(right))));
            return held.fold(0, |truths, held| truths | if held { TRUE } else { FALSE });
        }
        if is_boolean(left) && is_boolean(right) && !operator.orders() {
            let same = both(self.truths(left), self.truths(right));
            return if operator == Operator::Equal { same } else { negated(same) };
        }
        let (left, right) = (self.nullness(left), self.nullness(right));
        of_nullness(Nullness { null: left.null || right.null, value: left.value && right.value })
    }

    fn with_constant(&self, operator: Operator, side: &Expression, value: &Value) -> Truths {
        if value.is_null() {
            return UNKNOWN;
        }
        match self.state(side) {
            Some(CellShape::Null) => UNKNOWN,
            Some(CellShape::Is(own)) => own.compare(value).map_or(ANY, |order| if operator.holds(order) { TRUE } else { FALSE }),
            Some(CellShape::Other(others)) if !operator.orders() && others.iter().any(|other| equal(other, value)) => {
                if operator == Operator::NotEqual { TRUE } else { FALSE }
            }
            _ => of_nullness(self.nullness(side)),
        }
    }

    fn distinct(&self, left: &Expression, right: &Expression) -> Truths {
        let (left, right) = (self.nullness(left), self.nullness(right));
        match (left.value, left.null, right.value, right.null) {
            (false, true, false, true) => FALSE,
            (false, true, true, false) | (true, false, false, true) => TRUE,
            _ => TRUE | FALSE,
        }
    }

    fn case(&self, branches: &[(Expression, Expression)], otherwise: &Expression) -> Truths {
        let mut truths = 0;
        for (when, then) in branches {
            let held = self.truths(when);
            if held & TRUE != 0 {
                truths |= self.truths(then);
            }
            if held == TRUE {
                return truths;
            }
        }
        truths | self.truths(otherwise)
    }

    fn coalesce(&self, parts: &[Expression]) -> Truths {
        let mut truths = 0;
        for part in parts {
            let own = self.truths(part);
            truths |= own & (TRUE | FALSE);
            if own & UNKNOWN == 0 {
                return truths;
            }
        }
        truths | UNKNOWN
    }

    fn nullness(&self, expression: &Expression) -> Nullness {
        match expression {
            Expression::Literal(value) => Nullness { null: value.is_null(), value: !value.is_null() },
            Expression::Cell(_) => match self.state(expression) {
                Some(CellShape::Null) => Nullness { null: true, value: false },
                Some(_) => Nullness { null: false, value: true },
                None => Nullness { null: self.may_be_null(expression), value: true },
            },
            Expression::Is { .. } | Expression::Distinct(..) | Expression::Call(Function::NonNulls | Function::Nulls, _) => {
                Nullness { null: false, value: true }
            }
            Expression::Coalesce(parts) | Expression::Extreme { operands: parts, .. } => {
                let parts: Vec<Nullness> = parts.iter().map(|part| self.nullness(part)).collect();
                Nullness { null: parts.iter().all(|part| part.null), value: parts.iter().any(|part| part.value) }
            }
            Expression::Case { branches, otherwise } => {
                let all = branches.iter().map(|(_, then)| then).chain([&**otherwise]).map(|part| self.nullness(part));
                all.fold(Nullness { null: false, value: false }, |found, part| Nullness {
                    null: found.null || part.null,
                    value: found.value || part.value,
                })
            }
            Expression::NullIf(left, _) => Nullness { null: true, value: self.nullness(left).value },
            Expression::All(_) | Expression::Any(_) | Expression::Not(_) | Expression::Compare { .. } | Expression::Member { .. } => {
                let truths = self.truths(expression);
                Nullness { null: truths & UNKNOWN != 0, value: truths & (TRUE | FALSE) != 0 }
            }
            strict => {
                let parts: Vec<Nullness> = strict.children().into_iter().map(|part| self.nullness(part)).collect();
                Nullness { null: parts.iter().any(|part| part.null), value: parts.iter().all(|part| part.value) }
            }
        }
    }

    /// The whole numbers a count may be; `None` where it is no count.
    fn numbers(&self, expression: &Expression) -> Option<Vec<i64>> {
        let mut numbers = match expression {
            Expression::Literal(Value::Int(number)) => vec![*number],
            Expression::Call(function @ (Function::NonNulls | Function::Nulls), parts) => {
                let nulls = *function == Function::Nulls;
                let parts: Vec<Nullness> = parts.iter().map(|part| self.nullness(part)).collect();
                let sure = parts.iter().filter(|part| if nulls { !part.value } else { !part.null }).count() as i64;
                let most = parts.iter().filter(|part| if nulls { part.null } else { part.value }).count() as i64;
                (sure..=most).collect()
            }
            Expression::Cast { operand, .. } if is_boolean(operand) => self.of_truths(self.truths(operand), 1, 0)?,
            Expression::Case { branches, otherwise } => {
                let mut numbers = Vec::new();
                let mut ended = false;
                for (when, then) in branches {
                    let held = self.truths(when);
                    if held & TRUE != 0 {
                        numbers.extend(self.numbers(then)?);
                    }
                    if held == TRUE {
                        ended = true;
                        break;
                    }
                }
                if !ended {
                    numbers.extend(self.numbers(otherwise)?);
                }
                numbers
            }
            Expression::Arithmetic { operation: operation @ (Operation::Add | Operation::Subtract), left, right, .. } => {
                let (left, right) = (self.numbers(left)?, self.numbers(right)?);
                let sign = if *operation == Operation::Add { 1 } else { -1 };
                left.iter().flat_map(|left| right.iter().map(move |right| left + sign * right)).collect()
            }
            _ => return None,
        };
        numbers.sort_unstable();
        numbers.dedup();
        (numbers.len() <= 64).then_some(numbers)
    }

    #[expect(clippy::unused_self, reason = "reads as the other ways to a number do")]
    fn of_truths(&self, truths: Truths, yes: i64, no: i64) -> Option<Vec<i64>> {
        (truths & UNKNOWN == 0).then(|| {
            let mut numbers = Vec::new();
            if truths & TRUE != 0 {
                numbers.push(yes);
            }
            if truths & FALSE != 0 {
                numbers.push(no);
            }
            numbers
        })
    }
}

fn is_boolean(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Is { .. }
            | Expression::Not(_)
            | Expression::All(_)
            | Expression::Any(_)
            | Expression::Compare { .. }
            | Expression::Member { .. }
            | Expression::Distinct(..)
            | Expression::Like { .. }
            | Expression::Literal(Value::Bool(_))
    )
}

fn of_nullness(nullness: Nullness) -> Truths {
    (if nullness.value { TRUE | FALSE } else { 0 }) | (if nullness.null { UNKNOWN } else { 0 })
}

fn negated(truths: Truths) -> Truths {
    (truths & UNKNOWN) | (if truths & TRUE != 0 { FALSE } else { 0 }) | (if truths & FALSE != 0 { TRUE } else { 0 })
}

fn and(left: Truths, right: Truths) -> Truths {
    let mut truths = 0;
    if left & TRUE != 0 && right & TRUE != 0 {
        truths |= TRUE;
    }
    if left & FALSE != 0 || right & FALSE != 0 {
        truths |= FALSE;
    }
    if left & UNKNOWN != 0 && right & (TRUE | UNKNOWN) != 0 || right & UNKNOWN != 0 && left & (TRUE | UNKNOWN) != 0 {
        truths |= UNKNOWN;
    }
    truths
}

/// Whether two truths are the same.
fn both(left: Truths, right: Truths) -> Truths {
    let mut truths = 0;
    if left & right & (TRUE | FALSE) != 0 {
        truths |= TRUE;
    }
    if left & TRUE != 0 && right & FALSE != 0 || left & FALSE != 0 && right & TRUE != 0 {
        truths |= FALSE;
    }
    truths | ((left | right) & UNKNOWN)
}
