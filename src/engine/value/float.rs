//! Floats as text in JSON, which knows neither NaN nor infinity.

use serde::{Deserialize, Deserializer, Serializer, de};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{value:?}"))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use crate::engine::value::{Decimal, Value};

    #[test]
    fn values_come_back_as_they_were() {
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Decimal(Decimal { units: i128::MIN, scale: 37 }),
            Value::Float(f64::INFINITY),
            Value::Float(-0.1),
            Value::Float(5e-324),
            Value::text("é \u{1} \""),
            Value::Date(-1),
            Value::Stamp(i64::MAX),
            Value::Time(0),
            Value::Uuid(u128::MAX),
        ];
        let text = serde_json::to_string(&values).expect("they are written");
        assert_eq!(serde_json::from_str::<Vec<Value>>(&text).expect("they are read"), values);
        let nan = serde_json::to_string(&Value::Float(f64::NAN)).expect("it is written");
        assert!(matches!(serde_json::from_str(&nan), Ok(Value::Float(number)) if number.is_nan()));
    }
}
