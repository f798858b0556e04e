//! `as_of`: text to microseconds and back.

use jiff::{Timestamp, civil};

use crate::engine::error::{Error, sqlstate};

/// 2000-01-01 00:00 UTC in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// Microseconds since 2000-01-01 UTC of an ISO 8601 stamp with a zone, or a date or stamp taken as UTC.
pub(super) fn parse(text: &str) -> Result<i64, Error> {
    let text = text.trim();
    let zoned = text.parse::<Timestamp>().ok();
    let civil = || text.parse::<civil::DateTime>().ok().or_else(|| text.parse::<civil::Date>().ok().map(|date| date.at(0, 0, 0, 0)));
    let stamp = zoned.or_else(|| civil()?.in_tz("UTC").ok().map(|zoned| zoned.timestamp()));
    stamp.map(|stamp| stamp.as_microsecond() - EPOCH).ok_or_else(|| {
        Error::new(sqlstate::INVALID_PARAMETER, format!("as_of \"{text}\" is no point in time"))
            .hint("Write it as 2026-01-01 or 2026-01-01T00:00:00Z.")
    })
}

/// The stamp in ISO 8601, UTC; only the date at midnight.
pub(super) fn print(micros: i64) -> String {
    let text = Timestamp::from_microsecond(micros + EPOCH).map_or_else(|_| micros.to_string(), |stamp| stamp.to_string());
    text.strip_suffix("T00:00:00Z").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_stamps_are_read_as_utc() {
        assert_eq!(parse("2000-01-01").expect("a date"), 0);
        assert_eq!(parse("2000-01-02T00:00:00Z").expect("a stamp"), 86_400_000_000);
        assert_eq!(parse("2000-01-01 02:00:00+02:00").expect("a zoned stamp"), 0);
        assert_eq!(print(0), "2000-01-01");
        assert!(parse("soon").is_err());
    }
}
