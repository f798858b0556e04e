//! Literals and casts.

use sqlparser::ast::{CharacterLength, DataType, ExactNumberInfo, Expr, Interval as IntervalSyntax, TimezoneInfo, Value as Literal};

use super::types::Collation;
use super::{BindError, Binding, Bound, Expression, Interval, Type, Typed, cast, unsupported};
use crate::engine::catalog::TypeKind;
use crate::engine::value::{Decimal, Value};

/// A literal: whole numbers are integer or bigint, others numeric, strings take their type from what they meet.
pub(super) fn literal(literal: &Literal) -> Bound {
    Ok(match literal {
        Literal::Number(text, _) => return number(text),
        Literal::SingleQuotedString(text) | Literal::EscapedStringLiteral(text) => {
            Typed::new(Expression::Literal(Value::text(text.as_str())), Type::Unknown)
        }
        Literal::Boolean(yes) => Typed::boolean(Expression::Literal(Value::Bool(*yes))),
        Literal::Null => Typed::new(Expression::Literal(Value::Null), Type::Unknown),
        other => return unsupported(format!("literal {other}")),
    })
}

fn number(text: &str) -> Bound {
    if let Ok(number) = text.parse::<i64>() {
        let bytes = if i32::try_from(number).is_ok() { 4 } else { 8 };
        return Ok(Typed::new(Expression::Literal(Value::Int(number)), Type::Integer { bytes }));
    }
    match Decimal::parse(text) {
        Some(number) => Ok(Typed::new(Expression::Literal(Value::Decimal(number)), Type::Numeric)),
        None => unsupported(format!("number {text}")),
    }
}

/// INTERVAL '1 day', as a rule may write it.
pub(super) fn interval(syntax: &IntervalSyntax) -> Bound {
    let Expr::Value(value) = &*syntax.value else { return unsupported("interval of an expression") };
    let Literal::SingleQuotedString(text) = &value.value else { return unsupported("interval of no string") };
    match &syntax.leading_field {
        None => interval_constant(text),
        Some(unit) if syntax.last_field.is_none() => interval_constant(&format!("{text} {unit}")),
        Some(_) => unsupported("interval with two units"),
    }
}

fn interval_constant(text: &str) -> Bound {
    let parts = Interval::parse(text).and_then(|interval| Some((interval, interval.length()?)));
    let Some((interval, length)) = parts else { return unsupported(format!("interval '{text}'")) };
    let mut constant = Typed::new(Expression::Literal(Value::Int(length)), Type::Interval);
    constant.interval = Some(interval);
    Ok(constant)
}

/// A literal of unknown type read as a type; anything else unchanged.
pub(super) fn constant(expression: Expression, kind: &Type) -> Result<Expression, BindError> {
    match expression {
        Expression::Literal(Value::Text(text)) => Ok(Expression::Literal(read(&text, kind)?)),
        other => Ok(other),
    }
}

/// As `constant`, keeping an interval's parts.
pub(super) fn typed_constant(bound: Typed, kind: &Type) -> Bound {
    match (&bound.expression, kind) {
        (Expression::Literal(Value::Text(text)), Type::Interval) => interval_constant(text),
        _ => Ok(Typed::new(constant(bound.expression, kind)?, kind.clone())),
    }
}

fn read(text: &str, kind: &Type) -> Result<Value, BindError> {
    let Some(reads_as) = kind.reads_as() else { return unsupported(format!("literal '{text}' of {kind:?}")) };
    if let Type::Enum(labels) = kind {
        return if labels.iter().any(|label| label == text) { Ok(Value::text(text)) } else { unsupported(format!("'{text}' is no label")) };
    }
    if matches!(kind, Type::Text(_) | Type::CaseFolded | Type::Unknown) {
        return Ok(Value::text(text));
    }
    let value = match kind {
        // A double in a text is read as such, then narrowed.
        Type::Float { .. } => Value::parse(&reads_as, text).fit(&reads_as),
        Type::Char(_) => Value::text(text.trim_end_matches(' ')),
        _ => Value::parse(&reads_as, text),
    };
    match value {
        Value::Text(text) if !matches!(kind, Type::Char(_)) => unsupported(format!("literal '{text}' of {kind:?}")),
        Value::Float(number) if !number.is_finite() => unsupported(format!("literal '{text}'")),
        value => Ok(value),
    }
}

impl Binding<'_> {
    /// A cast as written: of a constant at once, of a cell where it is known to be the same on every server.
    pub(super) fn cast_syntax(&self, operand: Typed, target: &DataType) -> Bound {
        if let Some(kind) = plain_kind(target) {
            return self.cast_to(operand, &kind);
        }
        match target {
            DataType::Interval { .. } => match (&operand.kind, &operand.expression) {
                (Type::Unknown, Expression::Literal(Value::Text(text))) => interval_constant(text),
                (Type::Interval, _) => Ok(operand),
                _ => unsupported("cast to interval"),
            },
            // Its elements' number stays, and nothing else is asked of an array.
            DataType::Array(_) if operand.kind == Type::Array => Ok(operand),
            DataType::Custom(name, _) => self.cast_to_named(operand, &name.to_string()),
            other => unsupported(format!("cast to {other}")),
        }
    }

    /// The type that a cast's operand's other side has may be an enum, which the catalog knows by its columns only.
    fn cast_to_named(&self, operand: Typed, name: &str) -> Bound {
        let bare = name.rsplit('.').next().unwrap_or(name).replace('"', "");
        match bare.as_str() {
            "bpchar" => self.cast_to(operand, &TypeKind::Char { length: u32::MAX }),
            "name" | "citext" => unsupported(format!("cast to {name}")),
            "money" => self.cast_to(operand, &TypeKind::Money),
            _ => match self.enum_named(&bare) {
                Some(kind) => self.cast_to(operand, &kind),
                None => unsupported(format!("cast to {name}")),
            },
        }
    }

    /// The enum that some column of the catalog has under this name.
    fn enum_named(&self, bare: &str) -> Option<TypeKind> {
        let columns = self.catalog.tables.iter().flat_map(|table| &table.columns);
        let mut kinds = columns
            .filter(|column| {
                column.data_type.domains.is_empty()
                    && column.data_type.name.rsplit('.').next().is_some_and(|name| name.replace('"', "") == bare)
            })
            .map(|column| &column.data_type.kind)
            .filter(|kind| matches!(kind, TypeKind::Enum { .. }));
        let kind = kinds.next()?;
        kinds.all(|other| other == kind).then(|| kind.clone())
    }

    pub(super) fn cast_to(&self, operand: Typed, kind: &TypeKind) -> Bound {
        let target = Type::of_kind(kind, collation_of(&operand.kind));
        if operand.kind == Type::Unknown {
            let expression = constant(operand.expression, &target)?;
            return match expression {
                Expression::Literal(value) => Ok(Typed::new(Expression::Literal(cast(value, kind)?), target)),
                _ => unsupported("cast of an untyped expression"),
            };
        }
        self.castable(&operand.kind, &target)?;
        let same = operand.kind == target && !has_modifier(kind);
        Ok(match operand.expression {
            expression if same => Typed::new(expression, target),
            Expression::Literal(value) => Typed::new(Expression::Literal(cast(value, kind)?), target),
            expression => Typed::new(Expression::Cast { operand: Box::new(expression), kind: kind.clone() }, target),
        })
    }

    /// Whether a cast between types is one that `cast` makes as every server does.
    fn castable(&self, from: &Type, to: &Type) -> Result<(), BindError> {
        let zone = |zoned: bool| zoned && self.exact;
        let known = match (from, to) {
            // A real becomes numeric by its six digits, of which its value here, a double, knows nothing.
            (Type::Float { bytes: 4 }, Type::Numeric) => !self.exact,
            (Type::Integer { .. } | Type::Numeric | Type::Float { .. }, to) if to.is_number() => true,
            (Type::Boolean, Type::Integer { bytes: 4 }) | (Type::Text(_) | Type::Char(_), Type::Char(_)) => true,
            (from, Type::Text(_)) => prints_alike(from),
            (Type::Date, Type::Stamp { zoned }) | (Type::Stamp { zoned }, Type::Date) => !zone(*zoned),
            (Type::Stamp { zoned: from }, Type::Stamp { zoned: to }) => from == to || !self.exact,
            (from, to) => from == to,
        };
        if known { Ok(()) } else { unsupported(format!("cast of {from:?} to {to:?}")) }
    }
}

/// Whether values of a type have the same text everywhere.
fn prints_alike(from: &Type) -> bool {
    matches!(
        from,
        Type::CaseFolded
            | Type::Enum(_)
            | Type::Text(_)
            | Type::Char(_)
            | Type::Boolean
            | Type::Integer { .. }
            | Type::Numeric
            | Type::Uuid
            | Type::Date
    )
}

fn collation_of(kind: &Type) -> Collation {
    match kind {
        Type::Text(collation) | Type::Char(collation) => *collation,
        Type::CaseFolded => Collation::Locale,
        _ => Collation::Literal,
    }
}

fn has_modifier(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Numeric { precision, .. } => precision.is_some(),
        TypeKind::Varchar { length } => length.is_some(),
        TypeKind::Char { length } => *length != u32::MAX,
        TypeKind::Timestamp { precision, .. } | TypeKind::Time { precision, .. } => precision.is_some(),
        _ => false,
    }
}

/// A built-in type as written.
fn plain_kind(target: &DataType) -> Option<TypeKind> {
    let zoned = |info: &TimezoneInfo| matches!(info, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz);
    Some(match target {
        DataType::Bool | DataType::Boolean => TypeKind::Boolean,
        DataType::SmallInt(None) | DataType::Int2(None) => TypeKind::Integer { bytes: 2 },
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) => TypeKind::Integer { bytes: 4 },
        DataType::BigInt(None) | DataType::Int8(None) => TypeKind::Integer { bytes: 8 },
        DataType::Numeric(info) | DataType::Decimal(info) => match info {
            ExactNumberInfo::None => TypeKind::Numeric { precision: None, scale: None },
            ExactNumberInfo::Precision(precision) => TypeKind::Numeric { precision: u16::try_from(*precision).ok(), scale: Some(0) },
            ExactNumberInfo::PrecisionAndScale(precision, scale) => {
                TypeKind::Numeric { precision: u16::try_from(*precision).ok(), scale: i16::try_from(*scale).ok() }
            }
        },
        DataType::Real | DataType::Float4 => TypeKind::Float { bytes: 4 },
        DataType::DoublePrecision | DataType::Float8 | DataType::Double(ExactNumberInfo::None) => TypeKind::Float { bytes: 8 },
        DataType::Text => TypeKind::Text,
        DataType::Varchar(length) | DataType::CharacterVarying(length) => TypeKind::Varchar { length: character_length(length.as_ref())? },
        // char without a length is char(1).
        DataType::Char(length) | DataType::Character(length) => TypeKind::Char { length: character_length(length.as_ref())?.unwrap_or(1) },
        DataType::Date => TypeKind::Date,
        DataType::Timestamp(precision, info) => TypeKind::Timestamp { zoned: zoned(info), precision: digits(*precision)? },
        DataType::Time(precision, info) => TypeKind::Time { zoned: zoned(info), precision: digits(*precision)? },
        DataType::Uuid => TypeKind::Uuid,
        _ => return None,
    })
}

#[expect(clippy::option_option, reason = "outside: whether it is understood; inside: whether there is one")]
fn digits(precision: Option<u64>) -> Option<Option<u8>> {
    match precision {
        Some(digits) => u8::try_from(digits).ok().map(Some),
        None => Some(None),
    }
}

#[expect(clippy::option_option, reason = "outside: whether it is understood; inside: whether there is one")]
fn character_length(length: Option<&CharacterLength>) -> Option<Option<u32>> {
    match length {
        None => Some(None),
        Some(CharacterLength::IntegerLength { length, unit: None }) => u32::try_from(*length).ok().map(Some),
        Some(_) => None,
    }
}
