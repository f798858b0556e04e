//! Comparisons: both sides brought to one type.

use sqlparser::ast::{BinaryOperator, DataType, Expr};

use super::types::Collation;
use super::{BindError, Binding, Bound, Expression, Function, Operator, Type, Typed, comparison, literal, negated, unsupported};
use crate::engine::catalog::TypeKind;
use crate::engine::value::Value;

/// Expressions of one type; literals take it from the others.
pub(super) fn agree(parts: Vec<Typed>) -> Result<(Vec<Expression>, Type), BindError> {
    let mut kind = Type::Unknown;
    for part in &parts {
        kind = common(&kind, &part.kind)?;
    }
    let expressions = parts.into_iter().map(|part| match (&part.kind, &kind) {
        (Type::Unknown, _) => literal::constant(part.expression, &kind),
        (Type::Integer { .. }, Type::Numeric | Type::Float { .. }) | (Type::Numeric, Type::Float { .. }) => {
            Ok(promoted(part.expression, &kind))
        }
        _ => Ok(part.expression),
    });
    Ok((expressions.collect::<Result<_, _>>()?, kind))
}

/// A number as the wider type that the parts share.
fn promoted(expression: Expression, kind: &Type) -> Expression {
    let kind = match kind {
        Type::Float { bytes } => TypeKind::Float { bytes: *bytes },
        _ => TypeKind::Numeric { precision: None, scale: None },
    };
    match expression {
        Expression::Literal(value) => Expression::Literal(value.fit(&kind)),
        operand => Expression::Cast { operand: Box::new(operand), kind },
    }
}

/// The type that two parts of CASE, COALESCE, GREATEST share.
fn common(left: &Type, right: &Type) -> Result<Type, BindError> {
    Ok(match (left, right) {
        (Type::Unknown, kind) | (kind, Type::Unknown) => kind.clone(),
        (left, right) if left == right => left.clone(),
        (Type::Integer { bytes: left }, Type::Integer { bytes: right }) => Type::Integer { bytes: *left.max(right) },
        (Type::Integer { .. }, Type::Numeric) | (Type::Numeric, Type::Integer { .. }) => Type::Numeric,
        (Type::Float { bytes: 8 }, Type::Integer { .. } | Type::Numeric)
        | (Type::Integer { .. } | Type::Numeric, Type::Float { bytes: 8 }) => Type::Float { bytes: 8 },
        (Type::Text(left), Type::Text(right)) => Type::Text(left.with(*right)),
        (left, right) => return unsupported(format!("{left:?} beside {right:?}")),
    })
}

/// What a part of a type looks like where it is compared: blanks of char(n) do not count.
fn comparable(part: Typed) -> Expression {
    match (part.kind, part.expression) {
        (Type::Char(_), Expression::Literal(Value::Text(text))) => Expression::Literal(Value::text(text.trim_end_matches(' '))),
        (Type::Char(_), expression) => Expression::Call(Function::Trim { left: false, right: true }, vec![expression]),
        (_, expression) => expression,
    }
}

fn ranked(expression: Expression, labels: &std::sync::Arc<[String]>) -> Expression {
    match expression {
        Expression::Literal(Value::Text(label)) => {
            let rank = labels.iter().position(|candidate| **candidate == *label);
            Expression::Literal(rank.map_or(Value::Null, |rank| Value::Int(rank as i64)))
        }
        other => Expression::Call(Function::EnumRank(std::sync::Arc::clone(labels)), vec![other]),
    }
}

impl Binding<'_> {
    pub(super) fn compare(&self, operator: Operator, left: Typed, right: Typed) -> Bound {
        let (left, right) = self.unify(left, right, operator.orders())?;
        Ok(Typed::boolean(Expression::Compare { operator, left: Box::new(left), right: Box::new(right) }))
    }

    /// Both sides as values that `Value::compare` orders as PostgreSQL does.
    fn unify(&self, left: Typed, right: Typed, orders: bool) -> Result<(Expression, Expression), BindError> {
        let (left, right) = match (&left.kind, &right.kind) {
            (Type::Unknown, Type::Unknown) => (left, right),
            (Type::Unknown, kind) => (literal::typed_constant(left, kind)?, right),
            (kind, Type::Unknown) => {
                let kind = kind.clone();
                (left, literal::typed_constant(right, &kind)?)
            }
            _ => (left, right),
        };
        match (&left.kind, &right.kind) {
            (Type::Enum(labels), Type::Enum(others)) if labels == others && orders => {
                let labels = std::sync::Arc::clone(labels);
                Ok((ranked(left.expression, &labels), ranked(right.expression, &labels)))
            }
            (Type::CaseFolded, Type::CaseFolded) if !self.exact && !orders => {
                let lower = |part: Typed| Expression::Call(Function::Lower { ascii: false }, vec![part.expression]);
                Ok((lower(left), lower(right)))
            }
            (first, second) => {
                self.check_comparable(first, second, orders)?;
                Ok((comparable(left), comparable(right)))
            }
        }
    }

    fn check_comparable(&self, left: &Type, right: &Type, orders: bool) -> Result<(), BindError> {
        let known = match (left, right) {
            (left, right) if left.is_number() && right.is_number() => true,
            (Type::Text(left) | Type::Char(left), Type::Text(right) | Type::Char(right)) => self.collates(left.with(*right), orders),
            (Type::Date, Type::Date | Type::Stamp { zoned: false })
            | (Type::Stamp { zoned: false }, Type::Date)
            | (Type::Interval, Type::Interval) => true,
            (Type::Date, Type::Stamp { .. }) | (Type::Stamp { .. }, Type::Date) => !self.exact,
            (Type::Stamp { zoned: left }, Type::Stamp { zoned: right }) => left == right || !self.exact,
            (Type::Array | Type::Opaque | Type::CaseFolded, _) | (_, Type::Array | Type::Opaque | Type::CaseFolded) => false,
            (left, right) => left == right,
        };
        if known { Ok(()) } else { unsupported(format!("comparison of {left:?} with {right:?}")) }
    }

    /// Whether the engine's comparison by bytes is the collation's.
    fn collates(&self, collation: Collation, orders: bool) -> bool {
        match collation {
            _ if !self.exact => true,
            Collation::Bytes => true,
            Collation::Locale | Collation::Literal => !orders,
            Collation::Other => false,
        }
    }

    pub(super) fn distinct(&self, left: &Expr, right: &Expr) -> Bound {
        let (left, right) = self.unify(self.bind(left)?, self.bind(right)?, false)?;
        Ok(Typed::boolean(Expression::Distinct(Box::new(left), Box::new(right))))
    }

    pub(super) fn between(&self, operand: &Expr, low: &Expr, high: &Expr, not: bool) -> Bound {
        let above = self.compare(Operator::GreaterEqual, self.bind(operand)?, self.bind(low)?)?;
        let below = self.compare(Operator::LessEqual, self.bind(operand)?, self.bind(high)?)?;
        Ok(negated(Typed::boolean(Expression::all(vec![above.expression, below.expression])), not))
    }

    /// IN a list: a set where all are constants, else an OR.
    pub(super) fn member<'e>(&self, operand: &Expr, list: impl Iterator<Item = &'e Expr>) -> Bound {
        let mut tests = Vec::new();
        for item in list {
            tests.push(self.compare(Operator::Equal, self.bind(operand)?, self.bind(item)?)?.expression);
        }
        Ok(Typed::boolean(gathered(tests)))
    }

    /// `x = ANY (ARRAY[..])`; other comparisons become an OR.
    pub(super) fn any(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Bound {
        let tests = self.each(left, operator, right)?;
        Ok(Typed::boolean(gathered(tests)))
    }

    /// `x <> ALL (ARRAY[..])` is NOT IN; other comparisons become an AND.
    pub(super) fn every(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Bound {
        if *operator == BinaryOperator::NotEq {
            return Ok(negated(self.any(left, &BinaryOperator::Eq, right)?, true));
        }
        Ok(Typed::boolean(Expression::all(self.each(left, operator, right)?)))
    }

    fn each(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Result<Vec<Expression>, BindError> {
        let Some(operator) = comparison(operator) else { return unsupported(format!("{operator} ANY")) };
        let (elements, element_type) = elements(right, None)?;
        let test = |element: &Expr| {
            let bound = self.bind(element)?;
            let bound = match element_type {
                Some(kind) => self.cast_syntax(bound, kind)?,
                None => bound,
            };
            Ok(self.compare(operator, self.bind(left)?, bound)?.expression)
        };
        elements.iter().map(test).collect()
    }
}

/// The elements of an array constructor, and the element type of a cast around it.
fn elements<'e>(array: &'e Expr, kind: Option<&'e DataType>) -> Result<(&'e [Expr], Option<&'e DataType>), BindError> {
    match array {
        Expr::Nested(inner) => elements(inner, kind),
        Expr::Array(array) => Ok((&array.elem, kind)),
        Expr::Cast { expr, data_type: DataType::Array(element), .. } if kind.is_none() => match element {
            sqlparser::ast::ArrayElemTypeDef::SquareBracket(element, None) => elements(expr, Some(element)),
            _ => unsupported("array type"),
        },
        other => unsupported(format!("array {other}")),
    }
}

/// Tests of one operand against constants as one set; else their OR.
fn gathered(tests: Vec<Expression>) -> Expression {
    let Some(Expression::Compare { left: operand, .. }) = tests.first() else { return Expression::Any(tests) };
    let operand = operand.clone();
    let mut values = Vec::with_capacity(tests.len());
    for test in &tests {
        match test {
            Expression::Compare { operator: Operator::Equal, left, right } if **left == *operand => match &**right {
                Expression::Literal(value) => values.push(value.clone()),
                _ => return Expression::any(tests),
            },
            _ => return Expression::any(tests),
        }
    }
    Expression::Member { operand, values }
}
