//! Sides of a comparison: a column (bare, or under something that keeps its order), or a constant.

use std::sync::Arc;

use super::bound::Moment;
use crate::engine::catalog::{Column, ColumnId, TypeKind};
use crate::engine::expression::{Expression, Function, Operation};
use crate::engine::value::Value;

/// A column as a comparison sees it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Subject {
    /// Its value.
    Value(ColumnId),
    /// Its value without blanks at the ends.
    Trimmed(ColumnId),
    /// Its length in characters.
    Length(ColumnId),
    /// Its length in characters without blanks at the ends.
    TrimmedLength(ColumnId),
    /// The position of its label.
    Rank(ColumnId, Arc<[String]>),
    /// Its remainder by a whole number.
    Remainder(ColumnId, i64),
}

/// Reads sides of comparisons on one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a>(pub(super) &'a [Column]);

impl Sides<'_> {
    /// The column of the row that an expression is, through casts that keep its value.
    pub(super) fn column(self, expression: &Expression) -> Option<ColumnId> {
        match expression {
            Expression::Cell(path) if path.hops.is_empty() => Some(path.column),
            Expression::Cast { operand, kind } => {
                let column = self.column(operand)?;
                keeps(&self.0.get(column)?.data_type.kind, kind).then_some(column)
            }
            // char(n) compares without its trailing blanks, and domains hold it so.
            Expression::Call(Function::Trim { left: false, right: true }, arguments) if arguments.len() == 1 => {
                let column = self.column(&arguments[0])?;
                matches!(self.0.get(column)?.data_type.kind, TypeKind::Char { .. }).then_some(column)
            }
            _ => None,
        }
    }

    /// What an expression looks at, if it is one column.
    pub(super) fn subject(self, expression: &Expression) -> Option<Subject> {
        if let Some(column) = self.column(expression) {
            return Some(Subject::Value(column));
        }
        match expression {
            Expression::Call(Function::Trim { left: true, right: true }, arguments) if arguments.len() == 1 => {
                self.column(&arguments[0]).map(Subject::Trimmed)
            }
            Expression::Call(Function::Length, arguments) => match self.subject(&arguments[0])? {
                Subject::Value(column) => Some(Subject::Length(column)),
                Subject::Trimmed(column) => Some(Subject::TrimmedLength(column)),
                _ => None,
            },
            Expression::Call(Function::EnumRank(labels), arguments) => {
                self.column(&arguments[0]).map(|column| Subject::Rank(column, Arc::clone(labels)))
            }
            Expression::Arithmetic { operation: Operation::Modulo, left, right, .. } => match &**right {
                Expression::Literal(Value::Int(divisor)) => self.column(left).map(|column| Subject::Remainder(column, *divisor)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether a cast from a column's kind leaves what a comparison sees of a value: it neither rounds nor fails.
fn keeps(from: &TypeKind, to: &TypeKind) -> bool {
    match (from, to) {
        (TypeKind::Integer { bytes: from }, TypeKind::Integer { bytes: to }) => from <= to,
        // A double holds integers of four bytes exactly.
        (TypeKind::Integer { bytes: 2 | 4 } | TypeKind::Float { .. }, TypeKind::Float { bytes: 8 })
        | (TypeKind::Integer { .. } | TypeKind::Numeric { .. }, TypeKind::Numeric { precision: None, .. })
        | (
            TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Enum { .. },
            TypeKind::Text | TypeKind::Varchar { length: None },
        ) => true,
        (TypeKind::Text | TypeKind::Char { .. }, TypeKind::Char { length }) => *length == u32::MAX,
        _ => false,
    }
}

/// The value of an expression that reads nothing, if it is one.
pub(super) fn constant(expression: &Expression) -> Option<Value> {
    match expression {
        Expression::Literal(value) => Some(value.clone()),
        Expression::Cell(_) | Expression::Clock(_) => None,
        other if other.columns().is_empty() && other.ancestries().is_empty() && !other.reads_clock() => {
            other.evaluate(&mut Moment(&Value::Null)).ok()
        }
        _ => None,
    }
}

/// Whether an expression depends on the clock and nothing else.
pub(super) fn is_clock(expression: &Expression) -> bool {
    expression.reads_clock() && expression.columns().is_empty() && expression.ancestries().is_empty()
}
