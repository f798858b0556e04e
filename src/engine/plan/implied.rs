//! Keys that no constraint declares: a column that is named after another table's key holds numbers of its rows, as in schemas
//! whose application alone knows what refers to what.

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKey, Table, TableId, TypeKind};
use crate::engine::plan::Fill;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::inputs::Inputs;

/// A column and the row that it names.
struct Found {
    table: TableId,
    column: ColumnId,
    target: TableId,
}

/// Adds such keys to the catalog of the plan: they choose rows as declared ones do, but nothing proves or judges them. None
/// closes a cycle of tables, and none stands where a rule, a CHECK, a domain or a partition has its own say.
pub(super) fn add(inputs: &mut Inputs, fills: &[Fill]) {
    let usable = |table: TableId| match &fills[table] {
        Fill::Make => true,
        Fill::Use(_) => !inputs.states[table].stored.rows.is_empty(),
        _ => false,
    };
    let ruled = |table: TableId, column: ColumnId| inputs.rules.columns.iter().any(|rule| rule.table == table && rule.column == column);
    let catalog = &inputs.catalog;
    let mut found = Vec::new();
    for table in (0..catalog.tables.len()).filter(|&table| fills[table] == Fill::Make) {
        for column in 0..catalog.tables[table].columns.len() {
            if may_name(&catalog.tables[table], column)
                && !ruled(table, column)
                && let Some(target) = target(catalog, table, column, &usable)
            {
                found.push(Found { table, column, target });
            }
        }
    }
    for Found { table, column, target } in found {
        if table == target || !reaches(&inputs.catalog, target, table) {
            let key = implied(&inputs.catalog, table, column, target);
            inputs.catalog.tables[table].foreign_keys.push(key);
        }
    }
}

fn implied(catalog: &Catalog, table: TableId, column: ColumnId, target: TableId) -> ForeignKey {
    let own = &catalog.tables[table].columns[column];
    ForeignKey {
        name: own.name.clone(),
        columns: vec![column],
        referenced_table: target,
        referenced_columns: number_of(&catalog.tables[target]).into_iter().collect(),
        match_full: false,
        deferrable: false,
        mandatory: own.not_null,
        declared: false,
    }
}

/// Whether nothing else says what a column holds.
fn may_name(table: &Table, column: ColumnId) -> bool {
    let definition = &table.columns[column];
    let in_a_check = table.checks.iter().any(|check| check.columns.contains(&column));
    let in_a_partition = table.partitioning.as_ref().is_some_and(|by| by.columns.contains(&column));
    let is_free = !definition.generated && definition.sequence.is_none() && definition.data_type.domains.is_empty();
    let polymorphic = || {
        let subject = without_last(normalise(&definition.name));
        table.columns.iter().any(|other| {
            let words = normalise(&other.name);
            words.last().is_some_and(|last| is_word_of(last, "kind")) && without_last(words) == subject
        })
    };
    is_free && !in_a_check && !in_a_partition && !table.foreign_keys.iter().any(|key| key.columns.contains(&column)) && !polymorphic()
}

fn without_last(mut words: Vec<String>) -> Vec<String> {
    words.pop();
    words
}

/// The single column by which a table's rows are told apart.
fn number_of(table: &Table) -> Option<ColumnId> {
    match table.primary_key.as_ref()?.columns[..] {
        [column] => Some(column),
        _ => None,
    }
}

/// The table that a column's name names: `customer_id` the customers, `billing_address_id` the addresses, `parent_id` the row's
/// own. None where several could be meant.
fn target(catalog: &Catalog, table: TableId, column: ColumnId, usable: &dyn Fn(TableId) -> bool) -> Option<TableId> {
    let words = normalise(&catalog.tables[table].columns[column].name);
    if !words.last().is_some_and(|word| is_word_of(word, "number")) {
        return None;
    }
    let mut best: Option<(usize, Vec<TableId>)> = None;
    for other in 0..catalog.tables.len() {
        let length = if fits(catalog, table, column, other) { named(catalog, table, &words, other) } else { None };
        let Some(length) = length.filter(|_| usable(other)) else { continue };
        match &mut best {
            Some((most, tables)) if *most == length => tables.push(other),
            Some((most, _)) if *most > length => {}
            _ => best = Some((length, vec![other])),
        }
    }
    let (_, tables) = best?;
    let own_schema = |other: &TableId| catalog.tables[*other].schema == catalog.tables[table].schema;
    let near: Vec<TableId> = tables.iter().copied().filter(own_schema).collect();
    match (near.as_slice(), tables.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

/// Whether a column can hold another table's key.
fn fits(catalog: &Catalog, table: TableId, column: ColumnId, other: TableId) -> bool {
    let (own, target) = (&catalog.tables[table], &catalog.tables[other]);
    let Some(key) = number_of(target).filter(|_| target.in_target) else { return false };
    let is_own_key = own.primary_key.as_ref().is_some_and(|key| key.columns == [column]);
    if table == other {
        return !is_own_key
            && !own.columns[column].not_null
            && alike(&own.columns[column].data_type.kind, &target.columns[key].data_type.kind);
    }
    // A row of one's own for each of the other's: `user_profile` by `user_id`.
    let extends = || normalise(&own.name).starts_with(&normalise(&target.name)) || normalise(&own.name).starts_with(&stem(&target.name));
    (!is_own_key || extends()) && alike(&own.columns[column].data_type.kind, &target.columns[key].data_type.kind)
}

fn alike(own: &TypeKind, target: &TypeKind) -> bool {
    match (own, target) {
        (TypeKind::Integer { .. }, TypeKind::Integer { .. }) => true,
        _ => own == target && matches!(own, TypeKind::Uuid | TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. }),
    }
}

/// How many words of a column's name name another table's key, if they do.
fn named(catalog: &Catalog, table: TableId, words: &[String], other: TableId) -> Option<usize> {
    let target = &catalog.tables[other];
    let key = normalise(&target.columns[number_of(target)?].name);
    let (last, before) = words.split_last()?;
    if table == other && before.len() == 1 && is_word_of(&before[0], "above") && key.last() == Some(last) {
        return Some(1);
    }
    let noun = stem(&target.name);
    let full = if key.len() > 1 { key.clone() } else { noun.iter().cloned().chain(key.iter().cloned()).collect() };
    let says_its_table = key.len() > 1 && key[..key.len() - 1] != noun[..] && !noun.ends_with(&key[..key.len() - 1]);
    // A key of its own name is the table's only where no other table is called so.
    let another = says_its_table && catalog.tables.iter().any(|table| stem(&table.name) == key[..key.len() - 1]);
    let fits = words.ends_with(&full) && full.last().is_some_and(|word| is_word_of(word, "number")) && !another;
    (fits && (table != other || words.len() > full.len())).then_some(full.len())
}

/// Whether keys lead from one table to another.
pub(super) fn reaches(catalog: &Catalog, from: TableId, to: TableId) -> bool {
    let mut seen = vec![false; catalog.tables.len()];
    let mut open = vec![from];
    while let Some(table) = open.pop() {
        if table == to {
            return true;
        }
        if !std::mem::replace(&mut seen[table], true) {
            open.extend(catalog.tables[table].foreign_keys.iter().map(|key| key.referenced_table));
        }
    }
    false
}
