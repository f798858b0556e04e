//! What things are sold for: the listed price, less the per cent that are taken off it.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::Fact;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;

/// The meaning of a column that tells how many per cent are taken off a price.
const PERCENT_OFF: &str = "money.discount_percentage";

/// The price of a thing that hangs under another, or that a line of an order names.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale {
    /// The listed price.
    pub price: Fact,
    /// The per cent that are taken off it.
    pub percent: Option<Fact>,
    /// Some cost a little more or less than what is listed: the larger sizes of a thing.
    pub varied: bool,
}

/// The column that tells how many per cent are taken off a table's prices.
pub(super) fn percent_off(meanings: &Meanings, table: TableId) -> Option<ColumnId> {
    meanings.ids_of(table).position(|id| id == Some(PERCENT_OFF))
}

/// Whether a table's rows tell themselves what is taken off: then nothing is taken off their prices before.
pub(super) fn takes_off(meanings: &Meanings, table: TableId) -> bool {
    percent_off(meanings, table).is_some() || meanings.with_role(table, Role::Discount).is_some()
}
