//! Re-owned tables: a review names a product and a user, and hangs under a delivered item that joins them.

use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;

/// The relation found: the table whose rows own, and the way from there to each referenced row.
#[derive(Debug, Clone)]
pub(super) struct Reowned {
    pub(super) owner: TableId,
    pub(super) along: Vec<(ForeignKeyId, Vec<ForeignKeyId>)>,
}

/// A judged thing (it has a rating) whose two mandatory keys are joined by a detail of a table with a lifecycle.
pub(super) fn reowned(
    catalog: &Catalog,
    meanings: &Meanings,
    table: TableId,
    owners: &[Option<ForeignKeyId>],
    alive: &dyn Fn(TableId) -> bool,
) -> Option<Reowned> {
    meanings.with_role(table, Role::Rating)?;
    let keys = &catalog.tables[table].foreign_keys;
    let mandatory: Vec<ForeignKeyId> = (0..keys.len()).filter(|&key| keys[key].mandatory).collect();
    if mandatory.len() != 2 {
        return None;
    }
    (0..catalog.tables.len()).filter(|&item| item != table && catalog.tables[item].in_target).find_map(|item| {
        let owner = owners[item]?;
        let deal = catalog.tables[item].foreign_keys[owner].referenced_table;
        if !alive(deal) {
            return None;
        }
        let way = |target: TableId| way(catalog, item, owner, deal, target);
        let along: Option<Vec<_>> = mandatory.iter().map(|&key| Some((key, way(keys[key].referenced_table)?))).collect();
        let along = along?;
        let different = along.iter().any(|(_, hops)| hops.len() == 1) && along.iter().any(|(_, hops)| hops.len() == 2);
        different.then_some(Reowned { owner: item, along })
    })
}

/// From an item to a table it names itself (the product), or that its owner names (the user).
fn way(catalog: &Catalog, item: TableId, owner: ForeignKeyId, deal: TableId, target: TableId) -> Option<Vec<ForeignKeyId>> {
    let names = |table: TableId| catalog.tables[table].foreign_keys.iter().position(|key| key.referenced_table == target && key.mandatory);
    names(item).map(|key| vec![key]).or_else(|| names(deal).map(|key| vec![owner, key]))
}
