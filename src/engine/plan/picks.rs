//! How each foreign key finds its row: the owner, a group under a shared parent, or freely.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKey, ForeignKeyId, Key, Table, TableId};
use crate::engine::constraint::TableFacts;
use crate::engine::expression::Operator;
use crate::engine::plan::deeds::{Deed, deed, happens, is_person, is_written};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::lines;
use crate::engine::plan::lookups;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::owner;
use crate::engine::plan::parties;
use crate::engine::plan::role::Role;
use crate::engine::plan::{Distinct, Layer, Pick, PickPlan};
use crate::engine::rows::random::StreamKey;

/// Share of NULLs in a nullable foreign key without a rule, by a hash of its name: they differ.
const NULLABLE: [f64; 5] = [0.05, 0.1, 0.15, 0.2, 0.25];

/// The same of a key that should name a row, and of one that names a promotion.
const RARELY: f64 = 0.02;
const MOSTLY: f64 = 0.7;

/// More siblings than this take their partners from a permutation.
pub(super) const MOST_COMPARED: u64 = 16;

/// What the keys' plans depend on.
pub(super) struct Context<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) meanings: &'a Meanings,
    pub(super) owners: &'a [Option<ForeignKeyId>],
    pub(super) broken: &'a BTreeSet<(TableId, ForeignKeyId)>,
    /// Mandatory keys that close a cycle and name rows of its ring.
    pub(super) ringed: &'a BTreeSet<(TableId, ForeignKeyId)>,
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
    let null_fraction = match free && !foreign_key.mandatory && !sets_alone(catalog, table, key) {
        true if context.meanings.with_role(foreign_key.referenced_table, Role::PromotionValue).is_some() => MOSTLY,
        true if is_plain(catalog, table, key) => RARELY,
        true => NULLABLE[(stream.bits(0) % 5) as usize],
        false => 0.0,
    };
    PickPlan { pick, null_fraction, key: stream, decided_by: Layer::Inference, ..PickPlan::nothing() }
}

/// Whether a key bears just the name of what it names, in a table of which no key is mandatory: nobody cared to say so, and an
/// order without a customer is an error.
fn is_plain(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> bool {
    let definition = &catalog.tables[table];
    let keys = &definition.foreign_keys;
    let noun = stem(&catalog.tables[keys[key].referenced_table].name);
    let plain = |column: &ColumnId| normalise(&definition.columns[*column].name).starts_with(&noun);
    keys[key].columns.first().is_some_and(plain) && !keys.iter().any(|key| key.mandatory)
}

/// Whether only this key gives a NOT NULL column its value: then it names a row, though other columns of it may be NULL.
fn sets_alone(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> bool {
    let definition = &catalog.tables[table];
    let others =
        |column: &ColumnId| definition.foreign_keys.iter().enumerate().any(|(at, other)| at != key && other.columns.contains(column));
    definition.foreign_keys[key].columns.iter().any(|column| definition.columns[*column].not_null && !others(column))
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
        return Pick::Later;
    }
    if context.ringed.contains(&(table, key)) {
        return Pick::Ring;
    }
    if target == table {
        return if !foreign_key.mandatory && lookups::is_flat(catalog, context.meanings, table) {
            Pick::Nothing("a list without levels".into())
        } else {
            Pick::Tree
        };
    }
    if !(context.usable)(target) {
        return Pick::Nothing(format!("{} has no rows", catalog.tables[target].qualified));
    }
    if context.state_keys[table] == Some(key) {
        return Pick::State;
    }
    if let Some(hops) = shared_with_owner(context, table, key) {
        return Pick::Along(hops);
    }
    if let Some(hops) = partys_own(context, table, key) {
        return Pick::Along(hops);
    }
    if let Some((base, inner)) = group(context, table, key) {
        return Pick::Within { base, inner };
    }
    Pick::Free { distinct: Distinct::No }
}

/// Of a table with one row at most under each parent, or whose parent happened: what the parent's key of the same name leads
/// to. The receipt of a payment is of the payment's own customer, and so are all payments of an order; but anybody comments on
/// what somebody wrote.
fn shared_with_owner(context: &Context, table: TableId, key: ForeignKeyId) -> Option<Vec<ForeignKeyId>> {
    let catalog = &context.inputs.catalog;
    let definition = &catalog.tables[table];
    let owner = &definition.foreign_keys[context.owners[table]?];
    let own = &definition.foreign_keys[key];
    let mut keys = definition.primary_key.iter().chain(&definition.unique_keys);
    let one_to_one = keys.any(|unique| owner::spans(unique, owner));
    let anybody = match deed(catalog, context.meanings, table, context.owners[table]?) {
        Some(Deed::Written) => is_person(context.meanings, own.referenced_table),
        Some(Deed::Happened) => false,
        // What hangs under a kind of ticket is of that kind's own event; but a row that is one of a pair must find partners, and
        // one whose other keys lead there too is of one group with them, unless a line of a deal says what it is of.
        None => {
            let mut uniques = definition.primary_key.iter().chain(&definition.unique_keys);
            let paired = uniques.any(|unique| own.columns.iter().any(|column| unique.columns.contains(column)));
            let under_line = context.owners[table].is_some_and(|owner| lines::hangs_under_line(catalog, context.meanings, table, owner));
            let mut others = definition.foreign_keys.iter().enumerate().filter(|(at, _)| *at != key && Some(*at) != context.owners[table]);
            let grouped = others.any(|(_, other)| {
                let theirs = &catalog.tables[other.referenced_table].foreign_keys;
                theirs.iter().any(|inner| inner.referenced_table == own.referenced_table)
            });
            paired || grouped && !under_line || is_person(context.meanings, own.referenced_table) || is_list(context, own.referenced_table)
        }
    };
    // Nobody lives where they work, or where they buy.
    let elsewhere = owner::is_its_address(catalog, table, key) && is_person(context.meanings, table);
    if !one_to_one && anybody || owner.referenced_table == table || elsewhere {
        return None;
    }
    let names =
        |table: &Table, key: &ForeignKey| -> Vec<String> { key.columns.iter().map(|&column| table.columns[column].name.clone()).collect() };
    let same = |parent: &Table, theirs: &ForeignKey| {
        theirs.referenced_table == own.referenced_table
            && theirs.referenced_columns == own.referenced_columns
            && names(parent, theirs) == names(definition, own)
            && (theirs.mandatory || !own.mandatory)
    };
    let in_time = |table: TableId, key: usize| !context.broken.contains(&(table, key)) && !context.ringed.contains(&(table, key));
    let way = |table: TableId| {
        let keys = &catalog.tables[table].foreign_keys;
        keys.iter().position(|theirs| same(&catalog.tables[table], theirs)).filter(|&key| in_time(table, key))
    };
    let parent = owner.referenced_table;
    way(parent).map(|hop| vec![hop]).or_else(|| {
        // The host of a booking's listing.
        let further = catalog.tables[parent].foreign_keys.iter().enumerate();
        let mut further = further.filter(|(key, to)| to.mandatory && to.referenced_table != parent && in_time(parent, *key));
        // The account of an event's organiser is not that of who buys a ticket.
        let role = |hop: ForeignKeyId, at: TableId| {
            let noun = stem(&catalog.tables[own.referenced_table].name);
            let plain = names(definition, own).first().is_some_and(|name| normalise(name).starts_with(&noun));
            !plain
                || !is_person(context.meanings, own.referenced_table)
                || happens(context.meanings, at) && catalog.tables[at].foreign_keys[hop].mandatory
        };
        further.find_map(|(key, to)| {
            let hop = way(to.referenced_table)?;
            role(hop, to.referenced_table).then(|| vec![key, hop])
        })
    })
}

/// Whom the deal that the row hangs under is with.
fn partys_own(context: &Context, table: TableId, key: ForeignKeyId) -> Option<Vec<ForeignKeyId>> {
    let in_time = |table: TableId, key: usize| !context.broken.contains(&(table, key)) && !context.ringed.contains(&(table, key));
    parties::way(&context.inputs.catalog, context.meanings, table, (context.owners[table]?, key), &in_time)
}

/// Whether a table is a list from which others choose, and no thing of its own.
fn is_list(context: &Context, table: TableId) -> bool {
    lookups::label(&context.inputs.catalog, context.meanings, table).is_some() || !context.inputs.states[table].stored.rows.is_empty()
}

/// A diamond: our key `base` and the referenced table's key `inner` lead to the same table, so the referenced
/// row must be one of those that hang under our own base row. But people like, save and report what others wrote.
fn group(context: &Context, table: TableId, key: ForeignKeyId) -> Option<(ForeignKeyId, ForeignKeyId)> {
    let catalog = &context.inputs.catalog;
    let keys = &catalog.tables[table].foreign_keys;
    let target = keys[key].referenced_table;
    let definition = &catalog.tables[table];
    let uniques = definition.primary_key.iter().chain(&definition.unique_keys);
    let holds = |unique: &Key, foreign: &ForeignKey| foreign.columns.iter().all(|column| unique.columns.contains(column));
    let written = is_written(catalog, context.meanings, target);
    let mut found = Vec::new();
    for (inner, inner_key) in catalog.tables[target].foreign_keys.iter().enumerate() {
        if inner_key.referenced_table == target {
            continue;
        }
        for (base, base_key) in keys.iter().enumerate() {
            let same = base != key && base_key.referenced_table == inner_key.referenced_table && base_key.referenced_table != table;
            // Of rows that are in one group anyway no key would tell pairs with the group apart.
            let pair = |unique: &Key| {
                unique.columns.len() == base_key.columns.len() + keys[key].columns.len()
                    && holds(unique, base_key)
                    && holds(unique, &keys[key])
            };
            let respond = || written && is_person(context.meanings, base_key.referenced_table);
            if same
                && !uniques.clone().any(pair)
                && is_in_time(context, (table, base, key), (target, inner))
                && !respond()
                && (context.owners[target] == Some(inner) || !is_label(context, table, base))
            {
                let together = uniques.clone().any(|unique| holds(unique, base_key) && holds(unique, &keys[key]));
                found.push((!together, belonging(context, table, base, target, inner), base, inner));
            }
        }
    }
    found.into_iter().max().map(|(_, _, base, inner)| (base, inner))
}

/// Whether both keys of a diamond name their rows as these are made, and the row's is no state of its own.
fn is_in_time(
    context: &Context,
    (table, base, key): (TableId, ForeignKeyId, ForeignKeyId),
    (target, inner): (TableId, ForeignKeyId),
) -> bool {
    let keys = &context.inputs.catalog.tables[table].foreign_keys;
    let declared = keys[key].declared && keys[base].declared;
    let later = |at: TableId, key: ForeignKeyId| context.broken.contains(&(at, key));
    let ringed = |at: TableId, key: ForeignKeyId| context.ringed.contains(&(at, key));
    let untold = later(table, base) || ringed(table, base) || ringed(target, inner) || !declared && later(target, inner);
    !untold && context.state_keys[table] != Some(base)
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

/// Pairs of keys to one table that a CHECK puts in order, the lower one first: `a_id < b_id`.
pub(super) fn ordered_pairs(catalog: &Catalog, table: TableId, facts: &TableFacts) -> Vec<(ForeignKeyId, ForeignKeyId)> {
    let keys = &catalog.tables[table].foreign_keys;
    let key_of = |column: usize| keys.iter().position(|key| key.columns == [column]);
    let pairs = facts.comparisons.iter().filter(|comparison| comparison.operator.orders()).filter_map(|comparison| {
        let (left, right) = (key_of(comparison.left)?, key_of(comparison.right)?);
        let rising = matches!(comparison.operator, Operator::Less | Operator::LessEqual);
        let alike = keys[left].referenced_table == keys[right].referenced_table && keys[left].referenced_table != table;
        alike.then_some(if rising { (left, right) } else { (right, left) })
    });
    pairs.collect()
}

/// Lets each pair of free keys take the earlier and the later of two rows.
pub(super) fn sort(picks: &mut [PickPlan], pairs: &[(ForeignKeyId, ForeignKeyId)]) {
    for &(low, high) in pairs {
        let free = |key: ForeignKeyId| matches!(picks[key].pick, Pick::Free { .. });
        if free(low) && free(high) {
            picks[low].sorted = Some((high, true));
            picks[high].sorted = Some((low, false));
        }
    }
}

/// Keys that share columns agree on them: one decides each column, the others name rows that have its value. Returns
/// why they cannot, where one of them has no choice.
pub(super) fn agree(catalog: &Catalog, table: TableId, picks: &mut [PickPlan]) -> Option<String> {
    let keys = &catalog.tables[table].foreign_keys;
    let mut order: Vec<ForeignKeyId> = (0..keys.len()).filter(|&key| !matches!(picks[key].pick, Pick::Nothing(_))).collect();
    order.sort_by_key(|&key| {
        let binding = match picks[key].pick {
            Pick::Owner => 0,
            Pick::Along(_) => 1,
            Pick::State => 2,
            Pick::Within { .. } => 4,
            _ => 3,
        };
        // Of a group's key and the key to the group itself, the latter decides.
        (binding, !keys[key].mandatory, keys[key].columns.len(), key)
    });
    let mut decided: BTreeMap<usize, ForeignKeyId> = BTreeMap::new();
    for key in order {
        let pairs = keys[key].columns.iter().copied().zip(keys[key].referenced_columns.iter().copied());
        let shared: Vec<(usize, usize)> = pairs.filter(|(own, _)| decided.contains_key(own)).collect();
        for &column in &keys[key].columns {
            decided.entry(column).or_insert(key);
        }
        if shared.is_empty() || same_group(catalog, table, &picks[key].pick, key, &shared) {
            continue;
        }
        match &picks[key].pick {
            Pick::Within { .. } => picks[key].pick = Pick::Free { distinct: Distinct::No },
            Pick::Free { .. } | Pick::Tree => {}
            _ => {
                return Some(format!(
                    "its key {} and {} share columns, and neither has a choice",
                    keys[key].name, keys[decided[&shared[0].0]].name
                ));
            }
        }
        if shared.len() == keys[key].columns.len() {
            picks[key].null_fraction = 0.0;
        }
        picks[key].shared = shared;
    }
    None
}

/// Whether a row found under a shared parent agrees on the columns anyway: they are the keys to that parent.
fn same_group(catalog: &Catalog, table: TableId, pick: &Pick, key: ForeignKeyId, shared: &[(usize, usize)]) -> bool {
    let Pick::Within { base, inner } = pick else { return false };
    let keys = &catalog.tables[table].foreign_keys;
    let (ours, theirs) = (&keys[*base], &catalog.tables[keys[key].referenced_table].foreign_keys[*inner]);
    shared.iter().all(|(own, referenced)| {
        let place = ours.columns.iter().position(|column| column == own);
        let same = theirs.columns.iter().position(|column| column == referenced);
        place.zip(same).is_some_and(|(place, same)| ours.referenced_columns[place] == theirs.referenced_columns[same])
    })
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
