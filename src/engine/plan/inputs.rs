//! What a plan is made from, gathered before: nothing here is read while planning.

use std::collections::BTreeMap;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::plan::Stored;
use crate::engine::rules::Bound;
use crate::engine::vocabulary::Lists;

/// Everything that decides a plan.
#[derive(Debug)]
pub struct Inputs {
    /// The call.
    pub arguments: Arguments,
    /// The live catalog.
    pub catalog: Catalog,
    /// Microseconds since 2000-01-01 UTC.
    pub as_of: i64,
    /// The rules, bound.
    pub rules: Bound,
    /// The same as a document.
    pub rules_document: serde_json::Value,
    /// One per table.
    pub states: Vec<TableState>,
    /// Lists of words, the caller's own first.
    pub lists: Lists,
    /// Texts that the database takes for types not known otherwise, by the type's printed name.
    pub samples: BTreeMap<String, Vec<String>>,
}

/// What is in a table before the call.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct TableState {
    /// Rows there.
    pub existing: u64,
    /// Of these, rows that no run of ours wrote.
    pub foreign: u64,
    /// The greatest row_base + requested of earlier runs.
    pub ledger_base: u64,
    /// First key for made rows, by column with a sequence.
    pub next_keys: BTreeMap<ColumnId, i64>,
    /// Rows to use as parents: existing ones, then the reference rows this call inserts.
    pub stored: Stored,
}

impl TableState {
    /// Row number at which a new run begins.
    pub fn row_base(&self) -> u64 {
        self.existing.max(self.ledger_base)
    }
}

/// Names a table for people.
pub(super) fn name(catalog: &Catalog, table: TableId) -> &str {
    &catalog.tables[table].qualified
}
