//! How a promotion's value is to be read, by the words of its kind (`data/discount_kinds.csv`).

use std::sync::OnceLock;

/// How a promotion's value is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKind {
    /// Delivery costs nothing; the value says nothing.
    Delivery,
    /// A sum of money.
    Amount,
    /// Per cent.
    Share,
}

impl DiscountKind {
    /// The kind that a label names; per cent where it names none. Of several parts the first of the list decides.
    pub fn of(label: &str) -> Self {
        let label = label.to_lowercase();
        parts().iter().find(|(part, _)| label.contains(part.as_str())).map_or(Self::Share, |(_, kind)| *kind)
    }
}

fn parts() -> &'static [(String, DiscountKind)] {
    static PARTS: OnceLock<Vec<(String, DiscountKind)>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/discount_kinds.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_by_their_parts() {
        use DiscountKind::{Amount, Delivery, Share};
        assert!(parts().len() > 20);
        let kinds =
            ["Percentage", "FIXED_AMOUNT", "FreeShipping", "Festbetrag", "Prozentsatz", "versandkostenfrei", "?"].map(DiscountKind::of);
        assert_eq!(kinds, [Share, Amount, Delivery, Amount, Share, Delivery, Share]);
    }
}
