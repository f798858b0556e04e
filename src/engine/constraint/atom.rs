//! One conjunct of a CHECK, where it says something about one column alone.

use crate::engine::catalog::ColumnId;
use crate::engine::constraint::{Bound, ColumnDomain};
use crate::engine::expression::{Expression, Function, Operator, Test};
use crate::engine::value::Value;

/// Takes a conjunct into the domains; false where it says more than a domain can hold.
pub(super) fn absorb(conjunct: &Expression, domains: &mut [ColumnDomain]) -> bool {
    match conjunct {
        Expression::All(parts) => {
            // All or nothing, so that what is left over is tested whole.
            let mut trial = domains.to_vec();
            let whole = parts.iter().all(|part| absorb(part, &mut trial));
            if whole {
                domains.clone_from_slice(&trial);
            }
            whole
        }
        Expression::Any(parts) => absorb_or_null(parts, domains),
        Expression::Member { operand, values } => column_of(operand).is_some_and(|column| narrow(&mut domains[column], values)),
        Expression::Compare { operator, left, right } => compare(*operator, left, right, domains),
        _ => false,
    }
}

/// `x IS NULL OR ..x..`: a CHECK passes on NULL anyway.
fn absorb_or_null(parts: &[Expression], domains: &mut [ColumnDomain]) -> bool {
    let [first, second] = parts else { return false };
    let null_of = |part: &Expression| match part {
        Expression::Is { operand, test: Test::Null } => column_of(operand),
        _ => None,
    };
    match (null_of(first), null_of(second)) {
        (Some(column), None) => only_about(second, column) && absorb(second, domains),
        (None, Some(column)) => only_about(first, column) && absorb(first, domains),
        _ => false,
    }
}

fn only_about(expression: &Expression, column: ColumnId) -> bool {
    expression.columns().iter().all(|path| path.hops.is_empty() && path.column == column)
}

fn column_of(expression: &Expression) -> Option<ColumnId> {
    match expression {
        Expression::Cell(path) if path.hops.is_empty() => Some(path.column),
        Expression::Cast { operand, .. } => column_of(operand),
        _ => None,
    }
}

fn compare(operator: Operator, left: &Expression, right: &Expression, domains: &mut [ColumnDomain]) -> bool {
    match (left, right) {
        (_, Expression::Literal(value)) => against(operator, left, value, domains),
        (Expression::Literal(value), _) => against(operator.mirrored(), right, value, domains),
        _ => false,
    }
}

fn against(operator: Operator, operand: &Expression, value: &Value, domains: &mut [ColumnDomain]) -> bool {
    if let Expression::Call(Function::Length, arguments) = operand {
        let Some(column) = arguments.first().and_then(column_of) else { return false };
        return length(operator, value, &mut domains[column]);
    }
    let Some(column) = column_of(operand) else { return false };
    let domain = &mut domains[column];
    let inclusive = matches!(operator, Operator::LessEqual | Operator::GreaterEqual);
    match operator {
        Operator::Equal => narrow(domain, std::slice::from_ref(value)),
        // The order of texts is the collation's: not provable.
        _ if matches!(value, Value::Text(_)) && operator != Operator::NotEqual => false,
        Operator::NotEqual if *value == Value::text("") => {
            domain.min_length = Some(domain.min_length.unwrap_or(0).max(1));
            true
        }
        Operator::NotEqual => false,
        Operator::Greater | Operator::GreaterEqual => {
            if domain.min.as_ref().is_none_or(|min| {
                matches!(value.compare(&min.value), Some(std::cmp::Ordering::Greater)) || *value == min.value && !inclusive
            }) {
                domain.min = Some(Bound { value: value.clone(), inclusive });
            }
            true
        }
        Operator::Less | Operator::LessEqual => {
            if domain
                .max
                .as_ref()
                .is_none_or(|max| matches!(value.compare(&max.value), Some(std::cmp::Ordering::Less)) || *value == max.value && !inclusive)
            {
                domain.max = Some(Bound { value: value.clone(), inclusive });
            }
            true
        }
    }
}

fn length(operator: Operator, value: &Value, domain: &mut ColumnDomain) -> bool {
    let Value::Int(length) = value else { return false };
    let (min, max) = match operator {
        Operator::Equal => (Some(*length), Some(*length)),
        Operator::Greater => (Some(length + 1), None),
        Operator::GreaterEqual => (Some(*length), None),
        Operator::Less => (None, Some(length - 1)),
        Operator::LessEqual => (None, Some(*length)),
        Operator::NotEqual => return false,
    };
    if let Some(min) = min {
        domain.min_length = Some(domain.min_length.unwrap_or(0).max(min.max(0) as u64));
    }
    if let Some(max) = max {
        domain.max_length = Some(domain.max_length.unwrap_or(u64::MAX).min(max.max(0) as u64));
    }
    true
}

/// Keeps of the allowed values those that the list has too.
fn narrow(domain: &mut ColumnDomain, values: &[Value]) -> bool {
    let values: Vec<Value> = values.iter().filter(|value| !value.is_null()).cloned().collect();
    domain.allowed = Some(match domain.allowed.take() {
        Some(allowed) => allowed.into_iter().filter(|value| values.contains(value)).collect(),
        None => values,
    });
    true
}
