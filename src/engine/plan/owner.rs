//! The owner of each table: the one foreign key under which its rows hang.

use std::collections::BTreeSet;

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{Catalog, ForeignKey, ForeignKeyId, Key, TableId};
use crate::engine::plan::deeds::deed;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::lines;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::parties;

/// What speaks for a key as owner, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    by_rule: bool,
    /// The primary key is this foreign key: one row at most under each parent.
    is_primary_key: bool,
    /// Another unique key is, which says the same.
    is_one_to_one: bool,
    /// Words of the parent's name that begin the table's own name.
    shared_words: usize,
    /// The parent is not a small list of reference rows.
    parent_is_made: bool,
    /// With how many of its columns a unique key begins.
    leads_unique_key: usize,
    /// The parent is a line of a deal, and the row names what that line names.
    is_under_line: bool,
    /// The parent is a deed of somebody whom the row names too, or is what somebody books before it begins.
    is_deed: bool,
    /// The parent has a count of its own.
    parent_is_counted: bool,
    /// How many other keys of the table hang under the same parent (a diamond's upper end).
    is_base: usize,
    /// The key whose column comes first is the likelier owner.
    first: std::cmp::Reverse<usize>,
}

/// The owning key of every table, `None` for roots.
pub(super) fn owners(
    inputs: &Inputs,
    meanings: &Meanings,
    counted: &BTreeSet<TableId>,
    made: &dyn Fn(TableId) -> bool,
) -> Vec<Option<ForeignKeyId>> {
    (0..inputs.catalog.tables.len()).map(|table| owner(inputs, meanings, table, counted, made)).collect()
}

fn owner(
    inputs: &Inputs,
    meanings: &Meanings,
    table: TableId,
    counted: &BTreeSet<TableId>,
    made: &dyn Fn(TableId) -> bool,
) -> Option<ForeignKeyId> {
    let catalog = &inputs.catalog;
    let keys = &catalog.tables[table].foreign_keys;
    let ruled = |key: usize| inputs.rules.relations.iter().find(|rule| rule.table == table && rule.foreign_key == key);
    // Rows that were there can be parents too; a list of reference rows is no more than a choice.
    let possible = |key: usize| {
        let parent = keys[key].referenced_table;
        let stored = &inputs.states[parent].stored;
        made(parent) || !stored.is_list() && !stored.rows.is_empty()
    };
    (0..keys.len())
        .filter(|&key| keys[key].mandatory && keys[key].referenced_table != table)
        .filter(|&key| ruled(key).is_none_or(|rule| rule.owner != Some(false)))
        .filter(|&key| !is_its_address(catalog, table, key) || ruled(key).is_some_and(|rule| rule.owner == Some(true)))
        .filter(|&key| possible(key) || ruled(key).is_some_and(|rule| rule.owner == Some(true)))
        .max_by_key(|&key| {
            let by_rule = ruled(key).is_some_and(|rule| rule.owner == Some(true) || rule.children.is_some());
            // Rows that are there hang where they hang, whatever this call counts.
            let counts = inputs.states[table].existing == 0 && counted.contains(&keys[key].referenced_table);
            let is_deed = deed(catalog, meanings, table, key).is_some()
                || parties::names_the_party(catalog, meanings, table, key)
                || lines::books_what_begins(catalog, meanings, table, key);
            let is_under_line = lines::hangs_under_line(catalog, meanings, table, key);
            Claim {
                by_rule,
                parent_is_made: possible(key),
                is_under_line,
                is_deed,
                parent_is_counted: counts,
                ..claim(catalog, table, key)
            }
        })
}

/// Whether a key says where something is: what has an address does not hang under that.
pub(super) fn is_its_address(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> bool {
    let definition = &catalog.tables[table];
    let to = &definition.foreign_keys[key];
    let (own, addresses) = (stem(&definition.name), stem(&catalog.tables[to.referenced_table].name));
    let (Some(noun), Some(address)) = (own.last(), addresses.last()) else { return false };
    let apart = !is_word_of(noun, "address") && !own.starts_with(&addresses);
    apart && is_word_of(address, "address") && !definition.unique_keys.iter().chain(&definition.primary_key).any(|unique| spans(unique, to))
}

/// What the catalog says for a key.
fn claim(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> Claim {
    let definition = &catalog.tables[table];
    let foreign_key = &definition.foreign_keys[key];
    let parent = foreign_key.referenced_table;
    let leads = definition
        .primary_key
        .iter()
        .chain(&definition.unique_keys)
        .filter(|unique| unique.columns.len() > 1)
        .map(|unique| unique.columns.iter().zip(&foreign_key.columns).take_while(|(own, leading)| own == leading).count())
        .max()
        .unwrap_or(0);
    let is_one_to_one = definition.unique_keys.iter().any(|unique| spans(unique, foreign_key));
    Claim {
        by_rule: false,
        is_one_to_one,
        is_primary_key: definition.primary_key.as_ref().is_some_and(|primary| primary.columns == foreign_key.columns),
        shared_words: shared_words(&definition.name, &catalog.tables[parent].name),
        parent_is_made: false,
        leads_unique_key: leads,
        is_under_line: false,
        is_deed: false,
        parent_is_counted: false,
        is_base: bases(catalog, table, key),
        first: std::cmp::Reverse(foreign_key.columns.iter().copied().min().unwrap_or(0)),
    }
}

/// Whether a unique key is over all rows and just the columns of a foreign key.
pub(super) fn spans(unique: &Key, key: &ForeignKey) -> bool {
    unique.predicate.is_none() && unique.expressions.is_empty() && unique.columns == key.columns
}

/// How many words of the parent's name stand at the beginning of the child's (`order_item` under `order`).
fn shared_words(child: &str, parent: &str) -> usize {
    let (child, parent) = (normalise(child), normalise(parent));
    if child.len() > parent.len() && child.starts_with(&parent) { parent.len() } else { 0 }
}

/// How many other keys of the table refer to rows that hang under the same parent.
fn bases(catalog: &Catalog, table: TableId, key: ForeignKeyId) -> usize {
    let keys = &catalog.tables[table].foreign_keys;
    let parent = keys[key].referenced_table;
    let hangs = |other: &usize| {
        let target = keys[*other].referenced_table;
        *other != key && target != parent && catalog.tables[target].foreign_keys.iter().any(|inner| inner.referenced_table == parent)
    };
    (0..keys.len()).filter(hangs).count()
}
