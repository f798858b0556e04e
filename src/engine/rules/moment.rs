//! Moments as people write them: `2026-01-01`, `2026-01-01 08:00`, `2026-01-01T08:00:00+02:00`.

use crate::engine::catalog::TypeKind;
use crate::engine::value::Value;

/// The moment in ISO 8601 with the zone Z; what has no zone is UTC. `None`: not a moment.
pub(super) fn in_utc(text: &str) -> Option<String> {
    let kind = TypeKind::Timestamp { zoned: true, precision: None };
    match Value::parse(&kind, text) {
        stamp @ Value::Stamp(_) => {
            let printed = stamp.to_string();
            Some(format!("{}Z", printed.strip_suffix("+00")?.replacen(' ', "T", 1)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(in_utc("2026-01-01").as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(in_utc("2026-01-01T08:30:00+02:00").as_deref(), Some("2026-01-01T06:30:00Z"));
        assert_eq!(in_utc("yesterday"), None);
        assert_eq!(in_utc("2026-02-30"), None);
    }
}
