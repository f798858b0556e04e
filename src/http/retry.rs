//! When a request is sent again, and after how long.

use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// How often a question is sent at most.
pub(super) const TRIES: u32 = 4;

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Whether a refusal may be different next time.
pub(super) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500..=599)
}

/// A wait of full jitter before try `next` (2, 3, ..): anything up to twice the last bound.
pub(super) fn wait(next: u32) -> Duration {
    let bound = FIRST_WAIT.saturating_mul(1 << (next - 2).min(8)).min(LONGEST_WAIT);
    bound.mul_f64(chance())
}

/// What a `Retry-After` asks for: seconds or a date. `None` where it says nothing that can be read.
pub(super) fn asked_wait(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    let now = Timestamp::try_from(now).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// From 0 to 1. No data depend on it: it spreads waits.
fn chance() -> f64 {
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let seconds = |value: &str| asked_wait(value, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 1.5 "), Some(1));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0), "a date that has passed");
        assert_eq!(seconds("1e300"), Some(u64::MAX));
        for nothing in ["", "soon", "-5", "nan"] {
            assert_eq!(seconds(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn waits_are_bounded_and_differ() {
        let waits: Vec<Duration> = (2..60).map(wait).collect();
        assert!(waits.iter().all(|wait| *wait <= LONGEST_WAIT), "{waits:?}");
        assert!(waits.windows(2).any(|pair| pair[0] != pair[1]));
        assert!(wait(2) <= FIRST_WAIT);
    }

    #[test]
    fn what_the_caller_did_wrong_is_not_sent_again() {
        assert!([408, 409, 425, 429, 500, 503, 529].into_iter().all(is_transient));
        assert!(![400, 401, 402, 403, 404, 413, 422, 302, 200].into_iter().any(is_transient));
    }
}
