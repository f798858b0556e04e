//! A column's default, as far as the engine can compute it.

use sqlparser::ast::{DataType, Expr, FunctionArguments, UnaryOperator, Value as Literal};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use xxhash_rust::xxh3::xxh3_128;

use crate::engine::catalog::{Column, TypeKind};
use crate::engine::literal;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// What a default's expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Default {
    /// The same for every row.
    Constant(Value),
    /// The present moment, which the engine takes from `as_of`.
    Now,
    /// A uuid without meaning, which the engine derives from the row's names.
    Uuid,
    /// Only the database can tell.
    Unknown,
}

/// Functions that tell the present moment.
const NOW: &[&str] = &[
    "now",
    "current_timestamp",
    "localtimestamp",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
    "current_date",
    "current_time",
    "localtime",
];
/// Functions that make a random uuid.
const UUID: &[&str] = &["gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuidv7", "uuid_generate_v1", "uuid_generate_v1mc"];

impl Default {
    /// What the default of a column comes to; `None` where it has none.
    pub(super) fn of(column: &Column) -> Option<Self> {
        let text = column.default.as_ref()?;
        let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).and_then(|mut parser| parser.parse_expr());
        Some(parsed.map_or(Self::Unknown, |expression| evaluate(&expression, &column.data_type.kind)))
    }

    /// The value for a row, told by names that no other row has; `None` where only the database can tell.
    pub(super) fn value(&self, kind: &TypeKind, as_of: i64, row: &str) -> Option<Value> {
        match self {
            Self::Constant(value) => Some(value.clone()),
            Self::Now => Some(moment(kind, as_of)),
            Self::Uuid => Some(Value::Uuid(version_4(xxh3_128(row.as_bytes()))).fit(kind)),
            Self::Unknown => None,
        }
    }
}

/// The value of a column's default, where it is the same for every row.
pub fn constant_default(column: &Column) -> Option<Value> {
    match Default::of(column)? {
        Default::Constant(value) => Some(value),
        _ => None,
    }
}

fn evaluate(expression: &Expr, kind: &TypeKind) -> Default {
    match expression {
        Expr::Nested(inner) => evaluate(inner, kind),
        Expr::Cast { expr, data_type, .. } => cast(expr, data_type, kind),
        Expr::Value(value) => constant(&value.value, kind),
        Expr::TypedString(typed) => constant(&typed.value.value, kind),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match &**expr {
            Expr::Value(value) => read(&format!("-{}", value.value), kind),
            _ => Default::Unknown,
        },
        Expr::AtTimeZone { timestamp, .. } if evaluate(timestamp, kind) == Default::Now => Default::Now,
        Expr::Array(array) if array.elem.is_empty() => read("{}", kind),
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase());
            let nothing = match &function.args {
                FunctionArguments::None => true,
                FunctionArguments::List(list) => list.args.is_empty(),
                FunctionArguments::Subquery(_) => false,
            };
            called(&name.unwrap_or_default(), nothing, &function.args.to_string())
        }
        _ => Default::Unknown,
    }
}

/// A cast of a literal is read as the column's type; a cast between others may change the value.
fn cast(inner: &Expr, to: &DataType, kind: &TypeKind) -> Default {
    match (evaluate(inner, kind), to) {
        (Default::Unknown, _) => match inner {
            // 'now'::text::date and the like, as old schemas have it.
            Expr::Cast { expr, .. } if expr.to_string() == "'now'" => Default::Now,
            _ => Default::Unknown,
        },
        (found, _) => found,
    }
}

fn called(name: &str, nothing: bool, arguments: &str) -> Default {
    let arguments = arguments.to_lowercase();
    if NOW.contains(&name) && (nothing || arguments.len() <= 3) {
        return Default::Now;
    }
    if name == "timezone" && (arguments.contains("now()") || arguments.contains("current_timestamp")) {
        return Default::Now;
    }
    if UUID.contains(&name) && nothing { Default::Uuid } else { Default::Unknown }
}

fn constant(value: &Literal, kind: &TypeKind) -> Default {
    match value {
        Literal::Null => Default::Constant(Value::Null),
        Literal::Boolean(yes) => read(if *yes { "true" } else { "false" }, kind),
        Literal::Number(number, _) => read(number, kind),
        Literal::SingleQuotedString(text) | Literal::EscapedStringLiteral(text) => {
            let temporal = matches!(kind, TypeKind::Timestamp { .. } | TypeKind::Date | TypeKind::Time { .. });
            if temporal && text.eq_ignore_ascii_case("now") { Default::Now } else { read(text, kind) }
        }
        _ => Default::Unknown,
    }
}

fn read(text: &str, kind: &TypeKind) -> Default {
    literal::read(kind, text).map_or(Default::Unknown, Default::Constant)
}

fn moment(kind: &TypeKind, as_of: i64) -> Value {
    match kind {
        TypeKind::Date => Value::Date(as_of.div_euclid(MICROS_PER_DAY) as i32),
        TypeKind::Time { .. } => Value::Time(as_of.rem_euclid(MICROS_PER_DAY)),
        _ => Value::Stamp(as_of).fit(kind),
    }
}

/// The bits of a random uuid (RFC 9562, version 4) over a hash.
fn version_4(hash: u128) -> u128 {
    (hash & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::catalog::DataType as Type;

    fn default(kind: TypeKind, text: &str) -> Default {
        let data_type = Type { name: String::new(), kind, ..Type::default() };
        Default::of(&Column { default: Some(text.into()), data_type, ..Column::default() }).expect("there is a default")
    }

    #[test]
    fn constants_are_read_as_the_column_stores_them() {
        let stamp = || TypeKind::Timestamp { zoned: true, precision: None };
        let numeric = TypeKind::Numeric { precision: Some(5), scale: Some(2) };
        let array = TypeKind::Array { element: Box::new(TypeKind::Text) };
        let told = |kind, text| match default(kind, text) {
            Default::Constant(value) => value.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(told(TypeKind::Boolean, "true"), "t");
        assert_eq!(told(TypeKind::Text, "'My wish list'::character varying"), "My wish list");
        assert_eq!(told(TypeKind::Integer { bytes: 2 }, "'-1'::integer"), "-1");
        assert_eq!(told(numeric, "(-1.5)"), "-1.50");
        assert_eq!(told(TypeKind::Json { binary: true }, "'{}'::jsonb"), "{}");
        assert_eq!(told(array, "ARRAY[]::text[]"), "{}");
        assert_eq!(told(TypeKind::Text, "NULL::character varying"), "");
        assert_eq!(told(stamp(), "'2020-01-01 00:00:00+00'::timestamp with time zone"), "2020-01-01 00:00:00+00");
    }

    #[test]
    fn the_present_is_as_of() {
        let stamp = || TypeKind::Timestamp { zoned: true, precision: None };
        for text in [
            "now()",
            "CURRENT_TIMESTAMP",
            "timezone('utc'::text, now())",
            "(now() AT TIME ZONE 'utc'::text)",
            "CURRENT_TIMESTAMP(3)",
            "'now'::text::timestamp",
        ] {
            assert_eq!(default(stamp(), text), Default::Now, "{text}");
        }
        assert_eq!(default(TypeKind::Date, "('now'::text)::date"), Default::Now);
        assert_eq!(default(TypeKind::Date, "(now() + '30 days'::interval)"), Default::Unknown);
        assert_eq!(Default::Now.value(&TypeKind::Date, -1, ""), Some(Value::Date(-1)));
    }

    #[test]
    fn uuids_are_of_version_4_and_differ_by_row() {
        assert_eq!(default(TypeKind::Uuid, "gen_random_uuid()"), Default::Uuid);
        let made = |row| Default::Uuid.value(&TypeKind::Uuid, 0, row).map(|value| value.to_string()).unwrap_or_default();
        assert_ne!(made("a"), made("b"));
        assert_eq!((&made("a")[14..15], made("a").len()), ("4", 36));
        assert!("89ab".contains(&made("a")[19..20]));
        assert_eq!(default(TypeKind::Text, "my_function()"), Default::Unknown);
    }
}
