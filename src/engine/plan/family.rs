//! Which table's rows hang under which, and which have a life.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::reown::{Reowned, reowned};
use crate::engine::plan::select::GivenCount;
use crate::engine::plan::{Fill, Lifecycle, lifecycles, owner};

/// Which table's rows hang under which, among the tables that are filled.
pub(super) struct Family {
    pub(super) owners: Vec<Option<ForeignKeyId>>,
    pub(super) lifecycles: Vec<Option<Lifecycle>>,
    pub(super) reowned: BTreeMap<TableId, Reowned>,
}

impl Family {
    pub(super) fn find(inputs: &Inputs, meanings: &Meanings, given: &BTreeMap<TableId, GivenCount>, fills: &[Fill]) -> Self {
        let catalog = &inputs.catalog;
        let made = |table: TableId| fills[table] == Fill::Make;
        let counted: BTreeSet<TableId> = given.keys().copied().collect();
        // Rows hang under rows that are there, too, but for lists of reference rows.
        let peopled = |table: TableId| {
            let state = &inputs.states[table];
            let used = catalog.tables[table].in_target && matches!(fills[table], Fill::Use(_));
            made(table) || used && state.existing > 0 && state.stored.reference == 0 && state.stored.inserted == 0
        };
        let owners = owner::owners(inputs, meanings, &counted, &peopled);
        let lifecycles: Vec<Option<Lifecycle>> = (0..catalog.tables.len())
            .map(|table| if made(table) { lifecycles::lifecycle(inputs, meanings, table) } else { None })
            .collect();
        let alive = |table: TableId| lifecycles[table].is_some();
        let reowned = (0..catalog.tables.len())
            .filter(|&table| made(table))
            .filter_map(|table| Some((table, reowned(catalog, meanings, table, &owners, &alive).filter(|found| made(found.owner))?)))
            .collect();
        Self { owners, lifecycles, reowned }
    }

    /// The table under whose rows a table's rows hang, and whether it has no other way to be filled.
    pub(super) fn parent(&self, catalog: &crate::engine::catalog::Catalog, table: TableId) -> Option<(TableId, bool)> {
        match self.reowned.get(&table) {
            Some(found) => Some((found.owner, true)),
            None => self.owners[table].map(|key| (catalog.tables[table].foreign_keys[key].referenced_table, false)),
        }
    }
}
