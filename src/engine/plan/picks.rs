//! How each foreign key finds its row: the owner, a group under a shared parent, or freely.

use std::collections::BTreeSet;

use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::{Distinct, Layer, Pick, PickPlan};
use crate::engine::rows::random::StreamKey;

/// Share of NULLs in a nullable foreign key without a rule, by a hash of its name: they differ.
const NULLABLE: [f64; 5] = [0.05, 0.1, 0.15, 0.2, 0.25];

/// More siblings than this take their partners from a permutation.
const MOST_COMPARED: u64 = 16;

/// What the keys' plans depend on.
pub(super) struct Context<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) owners: &'a [Option<ForeignKeyId>],
    pub(super) broken: &'a BTreeSet<(TableId, ForeignKeyId)>,
    /// The key that leads to a table of states, where the table has a lifecycle.
    pub(super) state_keys: &'a [Option<ForeignKeyId>],
    /// Tables whose rows can be named: made or stored.
    pub(super) usable: &'a dyn Fn(TableId) -> bool,
}

/// Plans all foreign keys of a table.
pub(super) fn picks(context: &Context, table: TableId) -> Vec<PickPlan> {
    let keys = context.inputs.catalog.tables[table].foreign_keys.len();
    (0..keys).map(|key| pick_plan(context, table, key)).collect()
}

fn pick_plan(context: &Context, table: TableId, key: ForeignKeyId) -> PickPlan {
    let catalog = &context.inputs.catalog;
    let foreign_key = &catalog.tables[table].foreign_keys[key];
    let stream = StreamKey::new(context.inputs.arguments.seed, &catalog.tables[table].qualified, &columns_text(catalog, table, key));
    let pick = pick(context, table, key);
    let free = matches!(pick, Pick::Free { .. } | Pick::Within { .. });
    let null_fraction = if free && !foreign_key.mandatory { NULLABLE[(stream.bits(0) % 5) as usize] } else { 0.0 };
    PickPlan {
        pick,
        null_fraction,
        key: stream,
        not_after: false,
        prefers: None,
        at_home: false,
        valid: None,
        kin: None,
        decided_by: Layer::Inference,
    }
}

fn columns_text(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> String {
    let definition = &catalog.tables[table];
    definition.foreign_keys[key].columns.iter().map(|&column| definition.columns[column].name.as_str()).collect::<Vec<_>>().join(",")
}

fn pick(context: &Context, table: TableId, key: ForeignKeyId) -> Pick {
    let catalog = &context.inputs.catalog;
    let foreign_key = &catalog.tables[table].foreign_keys[key];
    let target = foreign_key.referenced_table;
    if context.owners[table] == Some(key) {
        return Pick::Owner;
    }
    if context.broken.contains(&(table, key)) {
        return Pick::Nothing("it closes a cycle of tables".into());
    }
    if target == table {
        return Pick::Tree;
    }
    if !(context.usable)(target) {
        return Pick::Nothing(format!("{} has no rows", catalog.tables[target].qualified));
    }
    if context.state_keys[table] == Some(key) {
        return Pick::State;
    }
    if let Some((base, inner)) = group(context, table, key) {
        return Pick::Within { base, inner };
    }
    Pick::Free { distinct: Distinct::No }
}

/// A diamond: our key `base` and the referenced table's key `inner` lead to the same table, so the referenced
/// row must be one of those that hang under our own base row.
fn group(context: &Context, table: TableId, key: ForeignKeyId) -> Option<(ForeignKeyId, ForeignKeyId)> {
    let catalog = &context.inputs.catalog;
    let keys = &catalog.tables[table].foreign_keys;
    let target = keys[key].referenced_table;
    let mut found = Vec::new();
    for (inner, inner_key) in catalog.tables[target].foreign_keys.iter().enumerate() {
        if inner_key.referenced_table == target {
            continue;
        }
        for (base, base_key) in keys.iter().enumerate() {
            let same = base != key && base_key.referenced_table == inner_key.referenced_table && base_key.referenced_table != table;
            if same
                && !context.broken.contains(&(table, base))
                && context.state_keys[table] != Some(base)
                && (context.owners[target] == Some(inner) || !is_label(context, table, base))
            {
                found.push((belonging(context, table, base, target, inner), base, inner));
            }
        }
    }
    found.into_iter().max().map(|(_, base, inner)| (base, inner))
}

/// How strongly a diamond binds: rows owned by the shared parent, a base that is the owner itself.
fn belonging(context: &Context, table: TableId, base: ForeignKeyId, target: TableId, inner: ForeignKeyId) -> (bool, bool) {
    (context.owners[target] == Some(inner) || !made(context, target), context.owners[table] == Some(base))
}

fn made(context: &Context, table: TableId) -> bool {
    context.owners[table].is_some() || context.inputs.states[table].stored.rows.is_empty()
}

/// Two tables that both name a currency or a status do not belong together for that: the shared table must own
/// the rows of one of them (or be what a stored list is grouped by).
fn is_label(context: &Context, table: TableId, base: ForeignKeyId) -> bool {
    let catalog = &context.inputs.catalog;
    let shared = catalog.tables[table].foreign_keys[base].referenced_table;
    let stored = !context.inputs.states[shared].stored.rows.is_empty();
    let groups_a_list = catalog.tables[table].foreign_keys.iter().any(|key| {
        let target = key.referenced_table;
        target != shared
            && context.inputs.states[target].stored.is_list()
            && catalog.tables[target].foreign_keys.iter().any(|inner| inner.referenced_table == shared)
    });
    stored && !groups_a_list
}

/// Keeps partners of siblings apart where a unique key demands it: returns the key chosen to differ.
pub(super) fn separate(
    catalog: &Catalog,
    table: TableId,
    owner: Option<ForeignKeyId>,
    picks: &mut [PickPlan],
    unique: &[usize],
    most_children: u64,
) -> Option<ForeignKeyId> {
    let keys = &catalog.tables[table].foreign_keys;
    let covers = |key: ForeignKeyId| keys[key].columns.iter().all(|column| unique.contains(column));
    let owner_inside = owner.is_some_and(covers);
    let partner =
        (0..keys.len()).filter(|&key| Some(key) != owner && covers(key)).find(|&key| matches!(picks[key].pick, Pick::Free { .. }))?;
    let not_owner = owner.is_some_and(|owner| keys[owner].referenced_table == keys[partner].referenced_table);
    let distinct = match (owner_inside, unique.len() == keys[partner].columns.len()) {
        (true, _) => Distinct::PerOwner { not_owner, permuted: most_children > MOST_COMPARED },
        (false, true) => Distinct::Globally,
        (false, false) => return None,
    };
    picks[partner].pick = Pick::Free { distinct };
    picks[partner].null_fraction = 0.0;
    Some(partner)
}
