//! Syntax to bound expressions: names become columns, literals take the type of what they meet.

mod arithmetic;
mod call;
mod compare;
mod interval;
mod literal;
mod path;
mod types;

use std::cell::Cell;

use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, UnaryOperator};

use self::interval::Interval;
use self::types::Type;
use super::evaluate::cast;
use super::{Clock, Expression, Function, Operation, Operator, Parsed, Test, Unsupported};
use crate::engine::catalog::{Catalog, Column, ColumnId, TableId};
use crate::engine::value::Value;

/// Deepest nesting that is bound.
const MAX_DEPTH: u32 = 300;

/// Why an expression could not be bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// It is no SQL expression.
    #[error("cannot read the expression: {0}")]
    Syntax(String),
    /// A name that is no column, reference or table here.
    #[error("there is no \"{name}\" on {table}")]
    UnknownName {
        /// As written.
        name: String,
        /// Where it was looked for.
        table: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// A name that more than one reference answers to.
    #[error("\"{name}\" on {table} may be {}", .candidates.join(" or "))]
    AmbiguousName {
        /// As written.
        name: String,
        /// Where it was looked for.
        table: String,
        /// Columns of the references that it may be.
        candidates: Vec<String>,
    },
    /// Not understood; a database would judge it.
    #[error("not supported: {0}")]
    Unsupported(#[from] Unsupported),
}

/// What names in an expression mean, and how exact its evaluation has to be.
#[derive(Debug, Clone)]
pub struct Binding<'a> {
    catalog: &'a Catalog,
    table: TableId,
    /// The column that a domain's VALUE stands for.
    value: Option<ColumnId>,
    /// Refuse what depends on the server's locale or the session's time zone.
    exact: bool,
    /// Take what is not understood among the operands of AND and OR as unknown.
    partial: bool,
    /// How deep binding has descended.
    depth: Cell<u32>,
}

/// A bound part and its type.
#[derive(Debug, Clone)]
struct Typed {
    expression: Expression,
    kind: Type,
    /// Of an interval constant: its parts, for adding to a stamp.
    interval: Option<Interval>,
    /// Of a multiple of one: how many times it is.
    times: Option<Box<Expression>>,
}

type Bound = Result<Typed, BindError>;

impl Typed {
    fn new(expression: Expression, kind: Type) -> Self {
        Self { expression, kind, interval: None, times: None }
    }

    fn boolean(expression: Expression) -> Self {
        Self::new(expression, Type::Boolean)
    }

    fn boxed(self) -> Box<Expression> {
        Box::new(self.expression)
    }
}

fn unsupported<T>(reason: impl Into<String>) -> Result<T, BindError> {
    Err(BindError::Unsupported(Unsupported::new(reason)))
}

impl<'a> Binding<'a> {
    /// For a rule's condition: paths through references; times in UTC, texts by their bytes.
    pub fn rule(catalog: &'a Catalog, table: TableId) -> Self {
        Self { catalog, table, value: None, exact: false, partial: false, depth: Cell::new(0) }
    }

    /// For a table's own CHECK, generation expression or predicate: what the server's locale or
    /// the session's time zone decides is `Unsupported`.
    pub fn check(catalog: &'a Catalog, table: TableId) -> Self {
        Self { catalog, table, value: None, exact: true, partial: false, depth: Cell::new(0) }
    }

    /// For a domain's CHECK over VALUE, where a column of that domain is the value.
    pub fn domain(catalog: &'a Catalog, table: TableId, column: ColumnId) -> Self {
        Self { catalog, table, value: Some(column), exact: true, partial: false, depth: Cell::new(0) }
    }

    /// The same names, where the locale and the time zone may matter: for hints, not for judging.
    #[must_use]
    pub fn lenient(&self) -> Self {
        Self { exact: false, ..self.clone() }
    }

    /// The same, where what is not understood among the operands of AND and OR is unknown: what then is false fails,
    /// whatever the database makes of the rest.
    #[must_use]
    pub fn partial(&self) -> Self {
        Self { partial: true, ..self.clone() }
    }

    /// Binds the parts of an outermost AND, each by itself.
    pub fn conjuncts(&self, parsed: &Parsed) -> Vec<Result<Expression, BindError>> {
        let mut parts = Vec::new();
        let mut open = vec![&parsed.0];
        while let Some(syntax) = open.pop() {
            match syntax {
                Expr::Nested(inner) => open.push(inner),
                Expr::BinaryOp { left, op: BinaryOperator::And, right } => open.extend([&**right, &**left]),
                other => parts.push(self.boolean(other).map(|bound| bound.expression)),
            }
        }
        parts
    }

    /// Binds a boolean expression.
    pub fn condition(&self, parsed: &Parsed) -> Result<Expression, BindError> {
        Ok(self.boolean(&parsed.0)?.expression)
    }

    /// Binds an expression of any type.
    pub fn scalar(&self, parsed: &Parsed) -> Result<Expression, BindError> {
        Ok(self.bind(&parsed.0)?.expression)
    }

    fn boolean(&self, syntax: &Expr) -> Bound {
        let bound = self.bind(syntax)?;
        match bound.kind {
            Type::Boolean => Ok(bound),
            Type::Unknown => Ok(Typed::boolean(literal::constant(bound.expression, &Type::Boolean)?)),
            kind => unsupported(format!("{kind:?} where a boolean is expected")),
        }
    }

    fn cell(&self, path: super::CellPath, column: &Column) -> Typed {
        Typed::new(Expression::Cell(path), Type::of_column(column, self.catalog))
    }

    fn bind(&self, syntax: &Expr) -> Bound {
        if self.depth.get() >= MAX_DEPTH {
            return unsupported("expression nested too deep");
        }
        self.depth.set(self.depth.get() + 1);
        let bound = self.descend(syntax);
        self.depth.set(self.depth.get() - 1);
        bound
    }

    fn descend(&self, syntax: &Expr) -> Bound {
        match syntax {
            Expr::Nested(inner) => self.bind(inner),
            Expr::Identifier(name) => self.name(std::slice::from_ref(name)),
            Expr::CompoundIdentifier(names) => self.name(names),
            Expr::Value(value) => literal::literal(&value.value),
            Expr::TypedString(typed) => self.cast_syntax(literal::literal(&typed.value.value)?, &typed.data_type),
            Expr::Interval(interval) => literal::interval(interval),
            Expr::Cast { expr, data_type, format: None, .. } => self.cast_syntax(self.bind(expr)?, data_type),
            Expr::Collate { expr, collation } => collate(self.bind(expr)?, &collation.to_string()),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_) => self.is(syntax),
            Expr::IsDistinctFrom(left, right) => self.distinct(left, right),
            Expr::IsNotDistinctFrom(left, right) => Ok(negated(self.distinct(left, right)?, true)),
            Expr::InList { expr, list, negated } => Ok(self::negated(self.member(expr, list.iter())?, *negated)),
            Expr::AnyOp { left, compare_op, right, .. } => self.any(left, compare_op, right),
            Expr::AllOp { left, compare_op, right } => self.every(left, compare_op, right),
            Expr::Between { expr, negated, low, high } => self.between(expr, low, high, *negated),
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                Ok(self::negated(self.like(expr, pattern, false)?, *negated))
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                Ok(self::negated(self.like(expr, pattern, true)?, *negated))
            }
            Expr::Case { operand, conditions, else_result, .. } => self.case(operand.as_deref(), conditions, else_result.as_deref()),
            Expr::Function(_)
            | Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Extract { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. }
            | Expr::Trim { .. } => self.call(syntax),
            other => unsupported(format!("expression {other}")),
        }
    }

    fn unary(&self, operator: UnaryOperator, operand: &Expr) -> Bound {
        match operator {
            UnaryOperator::Not => Ok(negated(self.boolean(operand)?, true)),
            UnaryOperator::Plus => self.bind(operand),
            UnaryOperator::Minus => self.negate(operand),
            other => unsupported(format!("operator {other}")),
        }
    }

    fn binary(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Bound {
        if let Some(comparison) = comparison(operator) {
            return self.compare(comparison, self.bind(left)?, self.bind(right)?);
        }
        match operator {
            BinaryOperator::And => Ok(Typed::boolean(Expression::all(self.chain(left, operator, right)?))),
            BinaryOperator::Or => Ok(Typed::boolean(Expression::any(self.chain(left, operator, right)?))),
            BinaryOperator::Plus => self.arithmetic(Operation::Add, left, right),
            BinaryOperator::Minus => self.arithmetic(Operation::Subtract, left, right),
            BinaryOperator::Multiply => self.arithmetic(Operation::Multiply, left, right),
            BinaryOperator::Divide => self.arithmetic(Operation::Divide, left, right),
            BinaryOperator::Modulo => self.arithmetic(Operation::Modulo, left, right),
            BinaryOperator::StringConcat => self.concatenate(left, right),
            BinaryOperator::PGLikeMatch => self.like(left, right, false),
            BinaryOperator::PGILikeMatch => self.like(left, right, true),
            BinaryOperator::PGNotLikeMatch => Ok(negated(self.like(left, right, false)?, true)),
            BinaryOperator::PGNotILikeMatch => Ok(negated(self.like(left, right, true)?, true)),
            BinaryOperator::PGRegexMatch => self.regex(left, right, false),
            BinaryOperator::PGRegexIMatch => self.regex(left, right, true),
            BinaryOperator::PGRegexNotMatch => Ok(negated(self.regex(left, right, false)?, true)),
            BinaryOperator::PGRegexNotIMatch => Ok(negated(self.regex(left, right, true)?, true)),
            other => unsupported(format!("operator {other}")),
        }
    }

    /// The operands of `a OR b OR c`, whose tree leans to the left as deep as it is long.
    fn chain(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Result<Vec<Expression>, BindError> {
        let mut operands = vec![right];
        let mut rest = left;
        while let Expr::BinaryOp { left, op, right } = rest {
            if op != operator {
                break;
            }
            operands.push(right);
            rest = left;
        }
        operands.push(rest);
        let bound = |operand| match self.boolean(operand) {
            Err(BindError::Unsupported(_)) if self.partial => Ok(Expression::Literal(Value::Null)),
            bound => Ok(bound?.expression),
        };
        operands.into_iter().rev().map(bound).collect()
    }

    /// IS [NOT] NULL, TRUE, FALSE, UNKNOWN.
    fn is(&self, syntax: &Expr) -> Bound {
        let (operand, test, not) = match syntax {
            Expr::IsNull(operand) => (self.bind(operand)?, Test::Null, false),
            Expr::IsNotNull(operand) => (self.bind(operand)?, Test::Null, true),
            Expr::IsUnknown(operand) => (self.boolean(operand)?, Test::Null, false),
            Expr::IsNotUnknown(operand) => (self.boolean(operand)?, Test::Null, true),
            Expr::IsTrue(operand) => (self.boolean(operand)?, Test::True, false),
            Expr::IsNotTrue(operand) => (self.boolean(operand)?, Test::True, true),
            Expr::IsFalse(operand) => (self.boolean(operand)?, Test::False, false),
            Expr::IsNotFalse(operand) => (self.boolean(operand)?, Test::False, true),
            other => return unsupported(format!("expression {other}")),
        };
        Ok(negated(Typed::boolean(Expression::Is { operand: operand.boxed(), test }), not))
    }

    fn case(&self, operand: Option<&Expr>, conditions: &[CaseWhen], otherwise: Option<&Expr>) -> Bound {
        let mut whens = Vec::with_capacity(conditions.len());
        let mut results = Vec::with_capacity(conditions.len() + 1);
        for branch in conditions {
            whens.push(match operand {
                Some(operand) => self.compare(Operator::Equal, self.bind(operand)?, self.bind(&branch.condition)?)?.expression,
                None => self.boolean(&branch.condition)?.expression,
            });
            results.push(self.bind(&branch.result)?);
        }
        results.push(match otherwise {
            Some(otherwise) => self.bind(otherwise)?,
            None => Typed::new(Expression::Literal(Value::Null), Type::Unknown),
        });
        let (mut results, kind) = compare::agree(results)?;
        let otherwise = results.pop().unwrap_or(Expression::Literal(Value::Null));
        let branches = whens.into_iter().zip(results).collect();
        Ok(Typed::new(Expression::Case { branches, otherwise: Box::new(otherwise) }, kind))
    }
}

fn collate(operand: Typed, collation: &str) -> Bound {
    match operand.kind {
        Type::Text(_) => Ok(Typed::new(operand.expression, Type::Text(types::Collation::named(collation)))),
        kind => unsupported(format!("COLLATE on {kind:?}")),
    }
}

/// NOT, where asked for; two of them cancel.
fn negated(bound: Typed, not: bool) -> Typed {
    match bound.expression {
        expression if !not => Typed::boolean(expression),
        Expression::Not(inner) => Typed::boolean(*inner),
        expression => Typed::boolean(Expression::Not(Box::new(expression))),
    }
}

fn comparison(operator: &BinaryOperator) -> Option<Operator> {
    Some(match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::Lt => Operator::Less,
        BinaryOperator::LtEq => Operator::LessEqual,
        BinaryOperator::Gt => Operator::Greater,
        BinaryOperator::GtEq => Operator::GreaterEqual,
        _ => return None,
    })
}
