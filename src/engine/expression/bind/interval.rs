//! Interval constants.

use crate::engine::value::MICROS_PER_DAY;

/// An interval, in the parts that PostgreSQL keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Interval {
    pub(super) months: i32,
    pub(super) days: i32,
    pub(super) micros: i64,
}

impl Interval {
    /// Reads `1 year 2 mons -3 days 04:05:06.5`, as printed under IntervalStyle postgres.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut interval = Self::default();
        let mut words = text.split_whitespace();
        let mut any = false;
        while let Some(word) = words.next() {
            any = true;
            if word.contains(':') {
                interval.micros = interval.micros.checked_add(clock(word)?)?;
                continue;
            }
            let count: i64 = word.strip_prefix('+').unwrap_or(word).parse().ok()?;
            interval.add(count, words.next()?)?;
        }
        any.then_some(interval)
    }

    fn add(&mut self, count: i64, unit: &str) -> Option<()> {
        let lower = unit.to_ascii_lowercase();
        let unit = lower.strip_suffix('s').unwrap_or(&lower);
        let small = i32::try_from(count).ok();
        match unit {
            "year" => self.months = self.months.checked_add(small?.checked_mul(12)?)?,
            "mon" | "month" => self.months = self.months.checked_add(small?)?,
            "week" => self.days = self.days.checked_add(small?.checked_mul(7)?)?,
            "day" => self.days = self.days.checked_add(small?)?,
            "hour" => self.micros = self.micros.checked_add(count.checked_mul(3_600_000_000)?)?,
            "min" | "minute" => self.micros = self.micros.checked_add(count.checked_mul(60_000_000)?)?,
            "sec" | "second" => self.micros = self.micros.checked_add(count.checked_mul(1_000_000)?)?,
            _ => return None,
        }
        Some(())
    }

    /// The length by which PostgreSQL compares intervals: months of 30 days, days of 24 hours.
    pub(super) fn length(self) -> Option<i64> {
        let days = i64::from(self.months) * 30 + i64::from(self.days);
        days.checked_mul(MICROS_PER_DAY)?.checked_add(self.micros)
    }

    pub(super) fn negated(self) -> Option<Self> {
        Some(Self { months: self.months.checked_neg()?, days: self.days.checked_neg()?, micros: self.micros.checked_neg()? })
    }
}

/// `[-]HH:MM[:SS[.ffffff]]`
fn clock(word: &str) -> Option<i64> {
    let (sign, word) = match word.as_bytes().first()? {
        b'-' => (-1, &word[1..]),
        b'+' => (1, &word[1..]),
        _ => (1, word),
    };
    let mut parts = word.splitn(3, ':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    (hours >= 0 && (0..60).contains(&minutes) && (0.0..60.0).contains(&seconds)).then_some(())?;
    let micros = (seconds * 1e6).round() as i64;
    hours.checked_mul(3_600_000_000)?.checked_add(minutes * 60_000_000 + micros)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_postgresql_prints() {
        let read = |text: &str| Interval::parse(text).map(|interval| (interval.months, interval.days, interval.micros));
        assert_eq!(read("18 years"), Some((216, 0, 0)));
        assert_eq!(read("1 year 2 mons -3 days 04:05:06.5"), Some((14, -3, 14_706_500_000)));
        assert_eq!(read("-00:00:01"), Some((0, 0, -1_000_000)));
        assert_eq!(read("00:00:00"), Some((0, 0, 0)));
        assert_eq!(read("2 weeks"), Some((0, 14, 0)));
        for text in ["", "5", "1 fortnight", "P1Y", "1.5 days"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
