//! What a column does among its row's other columns: which meanings the planner itself must understand.
//!
//! The list of meanings is data (`data/roles.csv`): meaning, role.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A column's part in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    /// When the row was recorded.
    Created,
    /// When the thing itself happened; the same moment as `Created` where both exist.
    Happened,
    /// Last change.
    Updated,
    /// Last visit or use.
    LastSeen,
    /// When what was done last is due again.
    NextDue,
    /// Begin of a period.
    PeriodStart,
    /// End of a period.
    PeriodEnd,
    /// Set when the row's life ended well.
    Completed,
    /// Set when it was cancelled.
    Cancelled,
    /// Set once it left the house.
    Shipped,
    /// A number that exists once it left the house.
    Tracking,
    /// Any stamp after the row's own.
    Later,
    /// Usually empty (deleted, failed).
    Rarely,
    /// Nothing comes after it: somebody's death.
    AtLast,
    /// How many.
    Quantity,
    /// Price of one, as charged.
    UnitPrice,
    /// Price of one, as listed.
    Price,
    /// Quantity times unit price.
    LineTotal,
    /// Sum of the lines.
    Subtotal,
    /// Cost of delivery.
    Shipping,
    /// Tax.
    Tax,
    /// What is taken off.
    Discount,
    /// What is to be paid.
    Total,
    /// A promotion's value.
    PromotionValue,
    /// A promotion's kind.
    PromotionKind,
    /// The least amount to which a promotion applies.
    Minimum,
    /// Place among siblings.
    Position,
    /// The chief one of its siblings.
    Primary,
    /// Stars.
    Rating,
    /// A state.
    State,
}

/// The role of a meaning, if the planner gives it one.
pub(super) fn role_of(meaning: &str) -> Option<Role> {
    roles().get(meaning).copied()
}

fn roles() -> &'static BTreeMap<String, Role> {
    static ROLES: OnceLock<BTreeMap<String, Role>> = OnceLock::new();
    ROLES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/roles.csv").as_bytes());
        reader.deserialize::<(String, Role)>().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_belongs_to_a_known_meaning() {
        let unknown: Vec<&String> = roles().keys().filter(|id| crate::engine::vocabulary::meaning(id).is_none()).collect();
        assert!(roles().len() > 20 && unknown.is_empty(), "{unknown:?}");
    }
}
