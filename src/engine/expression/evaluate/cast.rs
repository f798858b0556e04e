//! Casts: as assignment to the type, but out of range is an error, not saturated.

use std::sync::Arc;

use super::super::Unsupported;
use super::Outcome;
use super::arithmetic::fits;
use crate::engine::catalog::TypeKind;
use crate::engine::value::Value;

/// The value cast to a type; `Unsupported` where PostgreSQL would raise or where the engine does not know.
pub(in super::super) fn cast(value: Value, kind: &TypeKind) -> Outcome {
    if value.is_null() {
        return Ok(value);
    }
    let failed = || Unsupported::new(format!("cast of {value:?} to {kind:?}"));
    let result = value.clone().fit(kind);
    let done = match (&result, kind) {
        (Value::Int(number), TypeKind::Integer { bytes }) => fits(*bytes, *number) && near(&value, &result),
        (Value::Decimal(_), TypeKind::Numeric { .. } | TypeKind::Money) => near(&value, &result),
        (Value::Float(number), TypeKind::Float { .. }) => number.is_finite() && close(&value, *number),
        (Value::Text(text), TypeKind::Enum { labels }) => labels.iter().any(|label| **label == **text),
        (Value::Bool(_), TypeKind::Boolean)
        | (Value::Text(_), TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. })
        | (Value::Date(_), TypeKind::Date)
        | (Value::Stamp(_), TypeKind::Timestamp { .. })
        | (Value::Time(_), TypeKind::Time { zoned: false, .. })
        | (Value::Uuid(_), TypeKind::Uuid) => true,
        _ => false,
    };
    done.then_some(result).ok_or_else(failed)
}

/// Whether rounding explains the difference: a saturated number is further away than its last digit.
fn near(value: &Value, result: &Value) -> bool {
    match (value.as_decimal(), result.as_decimal()) {
        (Some(from), Some(to)) => {
            let unit = crate::engine::value::Decimal::new(1, to.scale);
            from.checked_sub(to).is_some_and(|gap| {
                let gap = if gap.units < 0 { -gap } else { gap };
                gap.compare(unit).is_lt()
            })
        }
        _ => match (value, result.as_f64()) {
            (Value::Float(from), Some(to)) => (from - to).abs() < 1.0,
            (Value::Text(text), _) => {
                text.trim().parse::<f64>().is_ok_and(|from| result.as_f64().is_some_and(|to| (from - to).abs() < 1.0))
            }
            (Value::Bool(_), _) => true,
            _ => false,
        },
    }
}

/// Whether a double survived its narrowing.
fn close(value: &Value, number: f64) -> bool {
    let text = |text: &Arc<str>| text.trim().parse().ok();
    let from = match value {
        Value::Text(from) => text(from),
        other => other.as_f64(),
    };
    from.is_some_and(|from: f64| (from - number).abs() <= from.abs() * 1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::value::Decimal;

    #[test]
    fn out_of_range_is_an_error() {
        let small = TypeKind::Integer { bytes: 2 };
        assert_eq!(cast(Value::Int(7), &small), Ok(Value::Int(7)));
        assert!(cast(Value::Int(70_000), &small).is_err());
        assert_eq!(cast(Value::Decimal(Decimal::new(25, 1)), &small), Ok(Value::Int(3)));
        let money = TypeKind::Numeric { precision: Some(4), scale: Some(2) };
        assert_eq!(cast(Value::Int(99), &money), Ok(Value::Decimal(Decimal::new(9900, 2))));
        assert!(cast(Value::Int(100), &money).is_err());
        assert!(cast(Value::text("x"), &TypeKind::Date).is_err());
        assert!(cast(Value::Float(1e300), &TypeKind::Float { bytes: 4 }).is_err());
    }
}
