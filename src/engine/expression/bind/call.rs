//! Functions, and the syntaxes that stand for functions.

use std::sync::Arc;

use sqlparser::ast::{
    CeilFloorKind, DateTimeField, Expr, Function as FunctionSyntax, FunctionArg, FunctionArgExpr, FunctionArguments, TrimWhereField,
};

use super::compare::agree;
use super::types::Collation;
use super::{Binding, Bound, Clock, Expression, Function, Operation, Type, Typed, literal, unsupported};
use crate::engine::catalog::TypeKind;
use crate::engine::constraint::Pattern;
use crate::engine::expression::Part;
use crate::engine::expression::parse::UNDER;
use crate::engine::value::{MICROS_PER_DAY, Value};

const INTEGER: Type = Type::Integer { bytes: 4 };

impl Binding<'_> {
    pub(super) fn call(&self, syntax: &Expr) -> Bound {
        match syntax {
            Expr::Function(function) => self.function(function),
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.numeric(Function::Ceiling, vec![self.bind(expr)?])
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.numeric(Function::Floor, vec![self.bind(expr)?])
            }
            Expr::Extract { field, expr, .. } => self.part(&field.to_string(), self.bind(expr)?, Type::Numeric),
            Expr::Position { expr, r#in } => self.text_call(Function::Position, vec![self.bind(r#in)?, self.bind(expr)?], INTEGER),
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut arguments = vec![self.bind(expr)?, self.bind(from)?];
                if let Some(count) = substring_for {
                    arguments.push(self.bind(count)?);
                }
                self.counted(Function::Substring, arguments)
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters: None } => {
                let (left, right) = match trim_where {
                    Some(TrimWhereField::Leading) => (true, false),
                    Some(TrimWhereField::Trailing) => (false, true),
                    _ => (true, true),
                };
                let mut arguments = vec![self.bind(expr)?];
                if let Some(what) = trim_what {
                    arguments.push(self.bind(what)?);
                }
                self.text_result(Function::Trim { left, right }, arguments)
            }
            other => unsupported(format!("expression {other}")),
        }
    }

    fn function(&self, syntax: &FunctionSyntax) -> Bound {
        let parts: Vec<&str> = syntax.name.0.iter().filter_map(|part| part.as_ident()).map(|ident| ident.value.as_str()).collect();
        let name = match parts.as_slice() {
            [name] | ["pg_catalog", name] => name.to_ascii_lowercase(),
            _ => return unsupported(format!("function {}", syntax.name)),
        };
        if syntax.filter.is_some() || syntax.over.is_some() || !syntax.within_group.is_empty() {
            return unsupported(format!("function {name} with FILTER or OVER"));
        }
        let arguments = arguments(syntax)?;
        if name == UNDER {
            return self.under(&arguments);
        }
        let bound = arguments.iter().map(|argument| self.bind(argument)).collect::<Result<Vec<_>, _>>()?;
        self.named(&name, bound)
    }

    fn named(&self, name: &str, arguments: Vec<Typed>) -> Bound {
        match (name, arguments.len()) {
            ("now" | "current_timestamp" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp", 0) => {
                Ok(Typed::new(Expression::Clock(Clock::Now), Type::Stamp { zoned: true }))
            }
            ("current_date", 0) => Ok(Typed::new(Expression::Clock(Clock::Today), Type::Date)),
            ("localtimestamp", 0) if !self.exact => Ok(Typed::new(Expression::Clock(Clock::Now), Type::Stamp { zoned: false })),
            ("lower", 1) => self.text_result(Function::Lower { ascii: self.exact }, arguments),
            ("upper", 1) => self.text_result(Function::Upper { ascii: self.exact }, arguments),
            ("btrim", 1 | 2) => self.text_result(Function::Trim { left: true, right: true }, arguments),
            ("ltrim", 1 | 2) => self.text_result(Function::Trim { left: true, right: false }, arguments),
            ("rtrim", 1 | 2) => self.text_result(Function::Trim { left: false, right: true }, arguments),
            ("length" | "char_length" | "character_length", 1) => self.length(arguments),
            ("octet_length", 1) => self.text_call(Function::OctetLength, arguments, INTEGER),
            ("cardinality", 1) => elements(Function::Cardinality, arguments),
            ("array_length", 2) => elements(Function::ArrayLength, arguments),
            ("strpos", 2) => self.text_call(Function::Position, arguments, INTEGER),
            ("starts_with", 2) => self.text_call(Function::StartsWith, arguments, Type::Boolean),
            ("replace", 3) => self.text_result(Function::Replace, arguments),
            ("left", 2) => self.counted(Function::Left, arguments),
            ("right", 2) => self.counted(Function::Right, arguments),
            ("substr" | "substring", 2 | 3) => self.counted(Function::Substring, arguments),
            ("abs", 1) => self.numeric(Function::Absolute, arguments),
            ("round", 1 | 2) => self.numeric(Function::Round, arguments),
            ("floor", 1) => self.numeric(Function::Floor, arguments),
            ("ceil" | "ceiling", 1) => self.numeric(Function::Ceiling, arguments),
            ("trunc", 1 | 2) => self.numeric(Function::Truncate, arguments),
            ("sign", 1) => self.numeric(Function::Sign, arguments),
            ("mod", 2) => self.modulo(arguments),
            ("power", 2) if !self.exact => self.power(arguments),
            ("num_nonnulls", _) => Ok(counted_nulls(Function::NonNulls, arguments)),
            ("num_nulls", _) => Ok(counted_nulls(Function::Nulls, arguments)),
            ("coalesce", 1..) => coalesce(arguments),
            ("nullif", 2) => self.null_if(arguments),
            ("greatest", 1..) => self.extreme(true, arguments),
            ("least", 1..) => self.extreme(false, arguments),
            ("date_trunc", 2) => self.date_trunc(arguments),
            ("date_part", 2) => self.date_part(arguments),
            _ => unsupported(format!("function {name}")),
        }
    }

    /// Texts from arguments that may be literals or char(n).
    fn texts(&self, arguments: Vec<Typed>) -> Result<(Vec<Expression>, Collation), super::BindError> {
        let mut collation = Collation::Literal;
        let mut expressions = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let text = match argument.kind {
                Type::Text(_) => argument,
                Type::Unknown => literal::typed_constant(argument, &Type::Text(Collation::Literal))?,
                Type::Char(_) => self.cast_to(argument, &TypeKind::Text)?,
                kind => return unsupported(format!("{kind:?} where a text is expected")),
            };
            if let Type::Text(own) = text.kind {
                collation = collation.with(own);
            }
            expressions.push(text.expression);
        }
        Ok((expressions, collation))
    }

    fn text_call(&self, function: Function, arguments: Vec<Typed>, result: Type) -> Bound {
        // char(n) is stored with its blanks, which octets count.
        if function == Function::OctetLength && matches!(arguments[0].kind, Type::Char(_)) {
            return unsupported("octet_length of char(n)");
        }
        let (expressions, collation) = self.texts(arguments)?;
        if self.exact && collation == Collation::Other {
            return unsupported("text under a collation of its own");
        }
        Ok(Typed::new(Expression::Call(function, expressions), result))
    }

    fn text_result(&self, function: Function, arguments: Vec<Typed>) -> Bound {
        let (expressions, collation) = self.texts(arguments)?;
        if self.exact && collation == Collation::Other {
            return unsupported("text under a collation of its own");
        }
        Ok(Typed::new(Expression::Call(function, expressions), Type::Text(collation)))
    }

    fn length(&self, arguments: Vec<Typed>) -> Bound {
        let (expressions, _) = self.texts(arguments)?;
        Ok(Typed::new(Expression::Call(Function::Length, expressions), INTEGER))
    }

    /// left, right, substr: a text, then integers.
    fn counted(&self, function: Function, mut arguments: Vec<Typed>) -> Bound {
        let numbers = arguments.split_off(1);
        if let Some(other) = numbers.iter().find(|number| !matches!(number.kind, Type::Integer { .. })) {
            return unsupported(format!("{function:?} by {:?}", other.kind));
        }
        let (mut expressions, collation) = self.texts(arguments)?;
        expressions.extend(numbers.into_iter().map(|number| number.expression));
        Ok(Typed::new(Expression::Call(function, expressions), Type::Text(collation)))
    }

    pub(super) fn concatenate(&self, left: &Expr, right: &Expr) -> Bound {
        self.text_result(Function::Concatenate, vec![self.bind(left)?, self.bind(right)?])
    }

    pub(super) fn like(&self, operand: &Expr, pattern: &Expr, fold: bool) -> Bound {
        let operand = self.bind(operand)?;
        if matches!(operand.kind, Type::Char(_)) {
            return unsupported("LIKE on char(n), whose blanks count there");
        }
        let (mut expressions, collation) = self.texts(vec![operand, self.bind(pattern)?])?;
        if self.exact && collation == Collation::Other {
            return unsupported("LIKE under a collation of its own");
        }
        let pattern = expressions.pop().unwrap_or(Expression::Literal(Value::Null));
        let operand = expressions.pop().unwrap_or(Expression::Literal(Value::Null));
        Ok(Typed::boolean(Expression::Like { operand: Box::new(operand), pattern: Box::new(pattern), fold }))
    }

    /// `~` and `~*` by a constant pattern; SIMILAR TO is printed so too.
    pub(super) fn regex(&self, operand: &Expr, pattern: &Expr, fold: bool) -> Bound {
        let (expressions, collation) = self.texts(vec![self.bind(operand)?])?;
        if self.exact && collation == Collation::Other {
            return unsupported("a pattern under a collation of its own");
        }
        let source = match similar(pattern) {
            Some(inner) => self.constant_text(inner)?.map(|text| similar_to_regex(&text)),
            None => self.constant_text(pattern)?,
        };
        match source.and_then(|source| Pattern::regex(&source, fold)) {
            Some(pattern) => Ok(Typed::new(Expression::Call(Function::Matches(Arc::new(pattern)), expressions), Type::Boolean)),
            None => unsupported("a pattern that is not read"),
        }
    }

    fn constant_text(&self, syntax: &Expr) -> Result<Option<String>, super::BindError> {
        let (mut expressions, _) = self.texts(vec![self.bind(syntax)?])?;
        Ok(match expressions.pop() {
            Some(Expression::Literal(Value::Text(text))) => Some(text.to_string()),
            _ => None,
        })
    }

    /// Functions that keep integers integers and numerics numeric; what is defined on doubles only takes doubles.
    fn numeric(&self, function: Function, mut arguments: Vec<Typed>) -> Bound {
        let digits = if arguments.len() > 1 { arguments.pop() } else { None };
        let Some(operand) = arguments.pop() else { return unsupported("function without arguments") };
        let integers_stay = matches!(function, Function::Absolute);
        let operand = match &operand.kind {
            Type::Integer { .. } if integers_stay => operand,
            // PostgreSQL prefers the double's function for an integer argument, with the same result.
            Type::Integer { .. } if digits.is_none() && function != Function::Sign => {
                self.cast_to(operand, &TypeKind::Float { bytes: 8 })?
            }
            Type::Integer { .. } => self.cast_to(operand, &TypeKind::Numeric { precision: None, scale: None })?,
            Type::Numeric => operand,
            Type::Float { .. } if digits.is_none() && function != Function::Sign => operand,
            kind => return unsupported(format!("{function:?} of {kind:?}")),
        };
        let kind = operand.kind.clone();
        let mut expressions = vec![operand.expression];
        match digits {
            Some(digits) if matches!(digits.kind, Type::Integer { .. }) => expressions.push(digits.expression),
            Some(digits) => return unsupported(format!("digits of {:?}", digits.kind)),
            None => {}
        }
        Ok(Typed::new(Expression::Call(function, expressions), kind))
    }

    fn modulo(&self, arguments: Vec<Typed>) -> Bound {
        let mut arguments = arguments.into_iter();
        let (Some(left), Some(right)) = (arguments.next(), arguments.next()) else { return unsupported("mod") };
        self.combine(Operation::Modulo, left, right)
    }

    /// A number to a whole power, in doubles, which is exact enough where nothing is judged by it.
    fn power(&self, arguments: Vec<Typed>) -> Bound {
        let double = TypeKind::Float { bytes: 8 };
        let doubles = arguments.into_iter().map(|argument| self.cast_to(argument, &double));
        let doubles = doubles.map(|bound| Ok(bound?.expression)).collect::<Result<Vec<_>, super::BindError>>()?;
        Ok(Typed::new(Expression::Call(Function::Power, doubles), Type::Float { bytes: 8 }))
    }

    fn extreme(&self, greatest: bool, arguments: Vec<Typed>) -> Bound {
        let (expressions, kind) = agree(arguments)?;
        match kind {
            Type::Integer { .. } | Type::Numeric | Type::Float { .. } | Type::Date | Type::Stamp { .. } => {}
            Type::Text(_) if !self.exact => {}
            kind => return unsupported(format!("greatest or least of {kind:?}")),
        }
        Ok(Typed::new(Expression::Extreme { greatest, operands: expressions }, kind))
    }

    fn null_if(&self, arguments: Vec<Typed>) -> Bound {
        let mut arguments = arguments.into_iter();
        let (Some(left), Some(right)) = (arguments.next(), arguments.next()) else { return unsupported("nullif") };
        let kind = left.kind.clone();
        match self.compare(super::Operator::Equal, left, right)?.expression {
            Expression::Compare { left, right, .. } if kind != Type::Unknown && !matches!(kind, Type::Char(_) | Type::CaseFolded) => {
                Ok(Typed::new(Expression::NullIf(left, right), kind))
            }
            _ => unsupported(format!("nullif of {kind:?}")),
        }
    }

    fn date_part(&self, mut arguments: Vec<Typed>) -> Bound {
        let operand = arguments.pop();
        match (arguments.pop().map(|field| field.expression), operand) {
            (Some(Expression::Literal(Value::Text(field))), Some(operand)) => self.part(&field, operand, Type::Float { bytes: 8 }),
            _ => unsupported("date_part of a computed field"),
        }
    }

    /// Up to minutes every zone agrees; hours and longer are left to zones without one.
    fn date_trunc(&self, mut arguments: Vec<Typed>) -> Bound {
        let operand = arguments.pop();
        let (Some(Expression::Literal(Value::Text(unit))), Some(operand)) = (arguments.pop().map(|unit| unit.expression), operand) else {
            return unsupported("date_trunc by a computed unit");
        };
        let micros = match unit.to_ascii_lowercase().as_str() {
            "microseconds" => 1,
            "milliseconds" => 1_000,
            "second" => 1_000_000,
            "minute" => 60_000_000,
            "hour" => 3_600_000_000,
            "day" => MICROS_PER_DAY,
            other => return unsupported(format!("date_trunc to {other}")),
        };
        match operand.kind {
            Type::Stamp { zoned } if !zoned || micros <= 60_000_000 || !self.exact => {
                Ok(Typed::new(Expression::Call(Function::TruncateTime(micros), vec![operand.expression]), operand.kind))
            }
            kind => unsupported(format!("date_trunc of {kind:?}")),
        }
    }

    fn part(&self, field: &str, operand: Typed, kind: Type) -> Bound {
        match operand.kind {
            // What lies between two stamps is kept in microseconds.
            Type::Interval if field.eq_ignore_ascii_case("epoch") && operand.interval.is_none() && !self.exact => {
                let second = Typed::new(Expression::Literal(Value::Int(1_000_000)), Type::Integer { bytes: 8 });
                let micros = Typed::new(operand.expression, Type::Numeric);
                return self.combine(Operation::Divide, micros, second);
            }
            Type::Date | Type::Stamp { zoned: false } => {}
            Type::Stamp { zoned: true } if !self.exact => {}
            kind => return unsupported(format!("part of {kind:?}")),
        }
        let part = match field.to_ascii_lowercase().as_str() {
            "year" => Part::Year,
            "quarter" => Part::Quarter,
            "month" => Part::Month,
            "day" => Part::Day,
            "dow" => Part::DayOfWeek,
            "isodow" => Part::IsoDayOfWeek,
            "doy" => Part::DayOfYear,
            "hour" => Part::Hour,
            "minute" => Part::Minute,
            other => return unsupported(format!("part {other}")),
        };
        Ok(Typed::new(Expression::Call(Function::Part(part), vec![operand.expression]), kind))
    }
}

/// The argument of `similar_to_escape`, with the usual escape.
fn similar(pattern: &Expr) -> Option<&Expr> {
    let Expr::Function(function) = pattern else { return None };
    let arguments = arguments(function).ok()?;
    let known = function.name.to_string().eq_ignore_ascii_case("similar_to_escape");
    if known && arguments.len() == 1 { arguments.first().copied() } else { None }
}

/// SIMILAR TO as a regular expression over the whole text.
fn similar_to_regex(text: &str) -> String {
    let (mut regex, mut inside) = (String::from("^(?:"), false);
    for letter in text.chars() {
        inside = (inside || letter == '[') && letter != ']';
        match letter {
            '%' if !inside => regex.push_str(".*"),
            '_' if !inside => regex.push('.'),
            '.' | '^' | '$' if !inside => regex.extend(['\\', letter]),
            other => regex.push(other),
        }
    }
    regex + ")$"
}

fn coalesce(arguments: Vec<Typed>) -> Bound {
    let (expressions, kind) = agree(arguments)?;
    Ok(Typed::new(Expression::Coalesce(expressions), kind))
}

fn counted_nulls(function: Function, arguments: Vec<Typed>) -> Typed {
    Typed::new(Expression::Call(function, arguments.into_iter().map(|argument| argument.expression).collect()), INTEGER)
}

/// `cardinality(x)`, `array_length(x, 1)`.
fn elements(function: Function, mut arguments: Vec<Typed>) -> Bound {
    let first =
        arguments.len() == 1 || matches!(arguments.pop().map(|dimension| dimension.expression), Some(Expression::Literal(Value::Int(1))));
    match arguments.pop() {
        Some(array) if first && array.kind == Type::Array => Ok(Typed::new(Expression::Call(function, vec![array.expression]), INTEGER)),
        _ => unsupported(format!("{function:?} of what is no array of one dimension")),
    }
}

fn arguments(syntax: &FunctionSyntax) -> Result<Vec<&Expr>, super::BindError> {
    match &syntax.args {
        FunctionArguments::None => Ok(Vec::new()),
        FunctionArguments::List(list) if list.clauses.is_empty() && list.duplicate_treatment.is_none() => list
            .args
            .iter()
            .map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
                other => unsupported(format!("argument {other}")),
            })
            .collect(),
        _ => unsupported("function arguments"),
    }
}
