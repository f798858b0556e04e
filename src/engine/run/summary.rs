//! What a run did.

use serde::Serialize;

use crate::engine::port::TableOutcome;

/// The result of `generate`.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The run's number in the ledger.
    pub run_id: i64,
    /// Seed.
    pub seed: i64,
    /// ISO 8601, UTC.
    pub as_of: String,
    /// A line a table, in load order, those left alone last.
    pub tables: Vec<TableOutcome>,
    /// Rows inserted in all.
    pub rows: i64,
    /// Milliseconds in all.
    pub elapsed_ms: f64,
}

impl Summary {
    /// The closing line of the report.
    pub fn line(&self) -> String {
        let filled = self.tables.iter().filter(|table| table.inserted > 0).count();
        format!(
            "done: {} {}, {} rows in {:.1} s, seed {}, as_of {}, run {}",
            filled,
            if filled == 1 { "table" } else { "tables" },
            grouped(self.rows),
            self.elapsed_ms / 1000.0,
            self.seed,
            self.as_of,
            self.run_id
        )
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            (grouped(0), grouped(999), grouped(1000), grouped(-1_234_567)),
            ("0".into(), "999".into(), "1,000".into(), "-1,234,567".into())
        );
    }
}
