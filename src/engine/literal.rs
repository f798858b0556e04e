//! A text written by a person, read as a value that a column can hold: rules' values and reference cells.
//!
//! Stricter than a cast: nothing is cut, saturated or guessed. Fractions beyond a numeric's scale are rounded, as
//! PostgreSQL does on assignment.

use crate::engine::catalog::TypeKind;
use crate::engine::value::Value;

/// Why a text is no value of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Not a spelling of the type at all.
    #[error("\"{text}\" is not {expected}")]
    Spelling {
        /// The text.
        text: String,
        /// What is expected, with its article.
        expected: String,
    },
    /// A number outside the type's bounds.
    #[error("{text} is out of range for {type_name}")]
    OutOfRange {
        /// The text.
        text: String,
        /// The type.
        type_name: String,
    },
    /// A text longer than the type holds.
    #[error("\"{text}\" has {length} characters, {limit} fit")]
    TooLong {
        /// The text, cut where it is very long.
        text: String,
        /// Its length in characters.
        length: usize,
        /// The longest length that fits.
        limit: u32,
    },
    /// Not a label of the enum.
    #[error("\"{text}\" is none of {labels}")]
    Label {
        /// The text.
        text: String,
        /// The labels, quoted.
        labels: String,
    },
}

/// Longest part of a text that a message repeats.
const SHOWN: usize = 60;

/// The value that a column of this kind stores for the text.
pub fn read(kind: &TypeKind, text: &str) -> Result<Value, Misfit> {
    match kind {
        TypeKind::Text => Ok(Value::text(text)),
        TypeKind::Varchar { length } => within(text, *length).map(|()| Value::text(text)),
        TypeKind::Char { length } => within(text, Some(*length)).map(|()| Value::text(text.trim_end_matches(' '))),
        TypeKind::Enum { labels } => label(labels, text),
        TypeKind::Json { .. } => json(text),
        TypeKind::Array { .. } => array(text),
        TypeKind::Date => date(text),
        _ => typed(kind, text),
    }
}

/// What a value of the kind is called in messages, with its article.
pub fn describe(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Boolean => "a boolean".into(),
        TypeKind::Integer { bytes: 2 } => "a smallint".into(),
        TypeKind::Integer { bytes: 8 } => "a bigint".into(),
        TypeKind::Integer { .. } => "an integer".into(),
        TypeKind::Numeric { precision: Some(precision), scale } => format!("a numeric({precision},{})", scale.unwrap_or(0)),
        TypeKind::Numeric { .. } | TypeKind::Money | TypeKind::Float { .. } => "a number".into(),
        TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } => "a text".into(),
        TypeKind::Date => "a date".into(),
        TypeKind::Timestamp { .. } => "a time stamp".into(),
        TypeKind::Time { .. } => "a time of day".into(),
        TypeKind::Interval => "an interval".into(),
        TypeKind::Uuid => "a uuid".into(),
        TypeKind::Json { .. } => "valid JSON".into(),
        TypeKind::Bytes => "a bytea".into(),
        TypeKind::Inet => "a network address".into(),
        TypeKind::Enum { .. } => "a label".into(),
        TypeKind::Array { .. } => "an array such as {a,b}".into(),
        TypeKind::Bits { .. } => "a bit string".into(),
        TypeKind::Range { .. } => "a range".into(),
        TypeKind::Composite { .. } | TypeKind::Named { .. } | TypeKind::Other => "a value".into(),
    }
}

fn spelling(kind: &TypeKind, text: &str) -> Misfit {
    Misfit::Spelling { text: shown(text), expected: describe(kind) }
}

fn shown(text: &str) -> String {
    text.char_indices().nth(SHOWN).map_or_else(|| text.to_owned(), |(end, _)| format!("{}..", &text[..end]))
}

fn within(text: &str, limit: Option<u32>) -> Result<(), Misfit> {
    // Trailing blanks beyond the length are cut without an error, as the SQL standard wants.
    let length = text.trim_end_matches(' ').chars().count();
    match limit {
        Some(limit) if length > limit as usize => Err(Misfit::TooLong { text: shown(text), length, limit }),
        _ => Ok(()),
    }
}

fn label(labels: &[String], text: &str) -> Result<Value, Misfit> {
    if labels.iter().any(|label| label == text) {
        return Ok(Value::text(text));
    }
    let labels: Vec<String> = labels.iter().map(|label| format!("\"{label}\"")).collect();
    Err(Misfit::Label { text: shown(text), labels: labels.join(", ") })
}

fn json(text: &str) -> Result<Value, Misfit> {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(Value::text(text)),
        Err(_) => Err(spelling(&TypeKind::Json { binary: true }, text)),
    }
}

fn array(text: &str) -> Result<Value, Misfit> {
    let trimmed = text.trim();
    if trimmed.starts_with('{') && trimmed.ends_with('}') {
        return Ok(Value::text(trimmed));
    }
    Err(spelling(&TypeKind::Array { element: Box::default() }, text))
}

/// A date; a time stamp at midnight is one too, as other systems write dates so.
fn date(text: &str) -> Result<Value, Misfit> {
    match Value::text(text.trim()).fit(&TypeKind::Date) {
        date @ Value::Date(_) => Ok(date),
        _ => Err(spelling(&TypeKind::Date, text)),
    }
}

fn typed(kind: &TypeKind, text: &str) -> Result<Value, Misfit> {
    let value = Value::parse(kind, text);
    if let Value::Text(_) = value {
        return match kind {
            TypeKind::Integer { .. } if is_whole(text) => Err(out_of_range(kind, text)),
            TypeKind::Interval
            | TypeKind::Bytes
            | TypeKind::Inet
            | TypeKind::Bits { .. }
            | TypeKind::Range { .. }
            | TypeKind::Composite { .. }
            | TypeKind::Named { .. }
            | TypeKind::Other => Ok(value),
            _ => Err(spelling(kind, text)),
        };
    }
    if let (TypeKind::Numeric { precision: Some(_), scale }, Value::Decimal(number)) = (kind, &value) {
        let stored = value.clone().fit(kind);
        let rounded = Value::Decimal(number.round_to(scale.unwrap_or(0)));
        // fit saturates at the widest number: what it changes beyond rounding did not fit.
        if stored.compare(&rounded) != Some(std::cmp::Ordering::Equal) {
            return Err(out_of_range(kind, text));
        }
    }
    Ok(value.fit(kind))
}

fn is_whole(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn out_of_range(kind: &TypeKind, text: &str) -> Misfit {
    let type_name = describe(kind);
    let type_name = type_name.split_once(' ').map_or(type_name.as_str(), |(_, name)| name).to_owned();
    Misfit::OutOfRange { text: shown(text.trim()), type_name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: &TypeKind, text: &str) -> String {
        read(kind, text).expect_err("no value of the type").to_string()
    }

    #[test]
    fn values_are_read_as_stored() {
        let numeric = TypeKind::Numeric { precision: Some(4), scale: Some(2) };
        assert_eq!(read(&numeric, "1.005").expect("fits").to_string(), "1.01");
        assert_eq!(read(&TypeKind::Boolean, "1"), Ok(Value::Bool(true)));
        assert_eq!(read(&TypeKind::Char { length: 2 }, "DE  "), Ok(Value::text("DE")));
        let midnight = read(&TypeKind::Date, "2011-04-08 00:00:00.000");
        assert_eq!(midnight, read(&TypeKind::Date, "2011-04-08"));
        assert!(matches!(midnight, Ok(Value::Date(_))));
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let numeric = TypeKind::Numeric { precision: Some(4), scale: Some(2) };
        assert_eq!(fault(&numeric, "100"), "100 is out of range for numeric(4,2)");
        assert_eq!(fault(&numeric, "many"), "\"many\" is not a numeric(4,2)");
        assert_eq!(fault(&TypeKind::Integer { bytes: 2 }, "40000"), "40000 is out of range for smallint");
        assert_eq!(fault(&TypeKind::Integer { bytes: 4 }, "1.5"), "\"1.5\" is not an integer");
        assert_eq!(fault(&TypeKind::Varchar { length: Some(3) }, "Zürich"), "\"Zürich\" has 6 characters, 3 fit");
        assert_eq!(fault(&TypeKind::Enum { labels: vec!["A".into(), "B".into()] }, "C"), "\"C\" is none of \"A\", \"B\"");
        assert_eq!(fault(&TypeKind::Json { binary: true }, "{"), "\"{\" is not valid JSON");
        assert_eq!(fault(&TypeKind::Date, "2023-02-29"), "\"2023-02-29\" is not a date");
        assert_eq!(fault(&TypeKind::Boolean, "2"), "\"2\" is not a boolean");
    }
}
