//! The arguments of `generate` and its kin, from SQL values to the engine's one struct.

use std::collections::BTreeMap;

use pgrx::datum::TimestampWithTimeZone;
use pgrx::pg_sys;
use serde_json::Value as Json;

use crate::engine::arguments::Arguments;
use crate::engine::error::{Error, sqlstate};
use crate::extension::call::Call;
use crate::extension::settings::{CONTACTS, Contacts, MAX_ROWS, RANKED_ROWS, STORED_ROWS};

/// Seconds between 1970-01-01 and 2000-01-01, where PostgreSQL's time begins.
const EPOCH_OF_2000: i64 = 946_684_800;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// The demo's entities, in the order of their arguments.
const ENTITIES: [&str; 4] = ["users", "products", "orders", "reviews"];

/// Reads the arguments that all of them share; `target` was read before.
pub(super) fn read(target: String, call: &mut Call) -> Result<Arguments, Error> {
    let mut arguments = Arguments { target, ..settings()? };
    for name in ENTITIES {
        if let Some(count) = call.optional::<i32>()? {
            arguments.entities.insert(name.to_owned(), i64::from(count));
        }
    }
    arguments.rows = call.optional::<Json>()?.map_or(Ok(BTreeMap::new()), counts)?;
    arguments.scale = call.required("scale")?;
    arguments.rows_default = call.required::<i32>("rows_default")?.into();
    arguments.include = patterns("include", call.optional()?)?;
    arguments.exclude = patterns("exclude", call.optional()?)?;
    arguments.rules = call.optional()?;
    arguments.seed = call.required("seed")?;
    arguments.as_of = call.optional::<TimestampWithTimeZone>()?.map(|moment| iso(moment.into())).transpose()?;
    arguments.locale = call.optional()?;
    arguments.llm = call.required("llm")?;
    arguments.model = call.optional()?;
    arguments.existing = call.required("existing")?;
    arguments.load = call.required("load")?;
    Ok(arguments)
}

fn settings() -> Result<Arguments, Error> {
    let contacts = match CONTACTS.get() {
        Contacts::Safe => "safe",
        Contacts::AsWritten => "as_written",
    };
    Ok(Arguments {
        today: today()?,
        stored_rows: STORED_ROWS.get().into(),
        ranked_rows: RANKED_ROWS.get().into(),
        max_rows: MAX_ROWS.get().into(),
        contacts: contacts.to_owned(),
        ..Arguments::default()
    })
}

/// The day on which the transaction began, 00:00 UTC.
fn today() -> Result<String, Error> {
    // SAFETY: reads when the current transaction began.
    let now = unsafe { pg_sys::GetCurrentTransactionStartTimestamp() };
    iso(now - now.rem_euclid(DAY))
}

/// ISO 8601 in UTC, from microseconds since 2000.
fn iso(microseconds: i64) -> Result<String, Error> {
    let moment =
        microseconds.checked_add(EPOCH_OF_2000 * 1_000_000).and_then(|since_1970| jiff::Timestamp::from_microsecond(since_1970).ok());
    moment.map(|moment| moment.to_string()).ok_or_else(|| {
        Error::new(sqlstate::INVALID_PARAMETER, "as_of is out of range").hint("Give a moment between the years -9999 and 9999.")
    })
}

fn counts(rows: Json) -> Result<BTreeMap<String, i64>, Error> {
    let Json::Object(rows) = rows else {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, "the argument rows must be a JSON object")
            .hint("For example: rows => '{\"a_table\": 100}'."));
    };
    rows.into_iter().map(|(name, count)| Ok((count_of(&name, &count)?, name))).map(|pair| pair.map(|(count, name)| (name, count))).collect()
}

fn count_of(name: &str, count: &Json) -> Result<i64, Error> {
    count.as_i64().ok_or_else(|| {
        Error::new(sqlstate::INVALID_PARAMETER, format!("the number of rows given for \"{name}\" is not an integer"))
            .detail(format!("Given was {count}."))
    })
}

fn patterns(name: &str, given: Option<Vec<Option<String>>>) -> Result<Option<Vec<String>>, Error> {
    let null = || Error::new(sqlstate::NULL_NOT_ALLOWED, format!("the argument {name} must not hold NULL"));
    given.map(|patterns| patterns.into_iter().map(|pattern| pattern.ok_or_else(null)).collect()).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{counts, iso, patterns};

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(iso(0).expect("in range"), "2000-01-01T00:00:00Z");
        assert_eq!(iso(-1).expect("in range"), "1999-12-31T23:59:59.999999Z");
        assert!(iso(i64::MAX).is_err(), "infinity");
    }

    #[test]
    fn counts_are_integers_by_name() {
        assert_eq!(counts(json!({"b": 2, "a": 1})).expect("valid").into_iter().collect::<Vec<_>>(), [("a".into(), 1), ("b".into(), 2)]);
        assert!(counts(json!([1])).is_err());
        assert!(counts(json!({"a": 1.5})).is_err());
        assert!(counts(json!({"a": "1"})).is_err());
    }

    #[test]
    fn a_list_of_patterns_holds_no_null() {
        assert_eq!(patterns("include", None).expect("valid"), None);
        assert!(patterns("include", Some(vec![Some("a".into()), None])).is_err());
    }
}
