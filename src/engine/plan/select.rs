//! Which tables a call fills, and the counts it was given.

use std::collections::BTreeMap;

use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::inputs::{Inputs, name};
use crate::engine::plan::{Fill, Layer};

/// A count that was given, and by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenCount {
    pub(super) rows: u64,
    pub(super) by: Layer,
}

/// Counts by table: the call's own, else the rules' times scale.
pub(super) fn given_counts(inputs: &Inputs) -> Result<BTreeMap<TableId, GivenCount>, Error> {
    let mut given: BTreeMap<TableId, GivenCount> = BTreeMap::new();
    for (table, rows) in &inputs.rules.counts {
        let scaled = libm::round(*rows as f64 * inputs.arguments.scale) as u64;
        given.insert(*table, GivenCount { rows: scaled, by: Layer::Rule });
    }
    let mut called: BTreeMap<TableId, (String, i64)> = BTreeMap::new();
    let arguments = inputs.arguments.entities.iter().chain(&inputs.arguments.rows);
    for (entity, &rows) in arguments {
        let table = table_of(inputs, entity)?;
        check_count(inputs, entity, rows)?;
        if let Some((other, before)) = called.get(&table).filter(|(_, before)| *before != rows) {
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("two counts for table {}", name(&inputs.catalog, table)))
                .detail(format!("\"{other}\" says {before}, \"{entity}\" says {rows}; both name that table."))
                .hint("Give one of them."));
        }
        called.insert(table, (entity.clone(), rows));
    }
    given.extend(called.into_iter().map(|(table, (_, rows))| (table, GivenCount { rows: rows as u64, by: Layer::Argument })));
    Ok(given)
}

fn check_count(inputs: &Inputs, entity: &str, rows: i64) -> Result<(), Error> {
    let most = inputs.arguments.max_rows;
    if (0..=most).contains(&rows) {
        return Ok(());
    }
    Err(Error::new(sqlstate::INVALID_PARAMETER, format!("cannot make {rows} rows for \"{entity}\""))
        .detail(format!("A count is between 0 and {most}."))
        .hint("The upper bound is the setting synthgen.max_rows."))
}

/// The table that an entity or table name means: by the rules' entities, else by the table's name.
fn table_of(inputs: &Inputs, entity: &str) -> Result<TableId, Error> {
    if let Some((_, table)) = inputs.rules.entities.iter().find(|(known, _)| known == entity) {
        return Ok(*table);
    }
    inputs.catalog.table_named(entity).map_err(|unknown| {
        Error::new(sqlstate::UNDEFINED_TABLE, format!("\"{entity}\" is no table or entity of {}", inputs.catalog.schemas.join(", ")))
            .detail(unknown.to_string())
            .hint("Name a table, or bind the word under \"entities\" in the rules.")
    })
}

/// What happens to each table, before capacity and constraints have their say.
pub(super) fn fills(inputs: &Inputs, given: &BTreeMap<TableId, GivenCount>) -> Result<Vec<Fill>, Error> {
    check_patterns(inputs)?;
    let mut fills = Vec::with_capacity(inputs.catalog.tables.len());
    for table in 0..inputs.catalog.tables.len() {
        let fill = fill(inputs, table, given)?;
        if let (Some(GivenCount { by: Layer::Argument, rows }), false) = (given.get(&table), fill == Fill::Make)
            && *rows > 0
        {
            return Err(not_filled(inputs, table, &fill));
        }
        fills.push(fill);
    }
    Ok(fills)
}

fn fill(inputs: &Inputs, table: TableId, given: &BTreeMap<TableId, GivenCount>) -> Result<Fill, Error> {
    let definition = &inputs.catalog.tables[table];
    let state = &inputs.states[table];
    if !definition.in_target {
        return Ok(Fill::Use("outside the target".into()));
    }
    if !selected(inputs, table) {
        return Ok(Fill::Skip("left out by include or exclude".into()));
    }
    if state.existing > 0 && inputs.arguments.existing == "error" {
        return Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("table {} is not empty", definition.qualified))
            .detail(format!("It holds {} rows, and existing => 'error' was asked for.", state.existing))
            .hint("Use existing => 'auto' or 'append', or leave the table out with exclude."));
    }
    if state.foreign > 0 && inputs.arguments.existing == "auto" {
        return Ok(Fill::Use(format!("{} of its {} rows were not written by synthgen", state.foreign, state.existing)));
    }
    let reference = state.stored.inserted > 0 || state.stored.reference > 0;
    if reference && !given.contains_key(&table) {
        return Ok(Fill::Use("reference rows".into()));
    }
    Ok(Fill::Make)
}

/// Where earlier runs wrote rows, a call that gives counts grows only those tables and what hangs under their new
/// rows. Empty tables are filled as ever; so is what a growing table can hang under only while it grows too (the
/// delivered items of new reviews). `parent` tells a table's owner, and whether it is of that kind. True if any table
/// was held back.
pub(super) fn hold_back(
    inputs: &Inputs,
    given: &BTreeMap<TableId, GivenCount>,
    parent: &dyn Fn(TableId) -> Option<(TableId, bool)>,
    fills: &mut [Fill],
) -> bool {
    let asked: Vec<TableId> = given.iter().filter(|(_, given)| given.by == Layer::Argument).map(|(table, _)| *table).collect();
    if asked.is_empty() {
        return false;
    }
    let mut grows: Vec<bool> = (0..fills.len())
        .map(|table| fills[table] == Fill::Make && (inputs.states[table].existing == 0 || asked.contains(&table)))
        .collect();
    loop {
        let before = grows.clone();
        for table in (0..fills.len()).filter(|&table| fills[table] == Fill::Make) {
            let Some((owner, needed)) = parent(table) else { continue };
            grows[table] |= grows[owner];
            if needed && grows[table] {
                // Not the items alone: the totals of orders that are there stand.
                grows[owner] = true;
                grows[parent(owner).map_or(owner, |(above, _)| above)] = true;
            }
        }
        if grows == before {
            break;
        }
    }
    let held: Vec<TableId> = (0..fills.len()).filter(|&table| fills[table] == Fill::Make && !grows[table]).collect();
    for &table in &held {
        fills[table] = Fill::Use("keeps the rows it has: the call's counts are for other tables".into());
    }
    !held.is_empty()
}

fn not_filled(inputs: &Inputs, table: TableId, fill: &Fill) -> Error {
    let state = &inputs.states[table];
    let (Fill::Use(reason) | Fill::Skip(reason) | Fill::Refuse(reason)) = fill else {
        return Error::new(sqlstate::INTERNAL, "a table that is filled cannot be refused");
    };
    let error = Error::new(
        sqlstate::NOT_IN_PREREQUISITE_STATE,
        format!("table {} gets no rows, but a count was given for it", name(&inputs.catalog, table)),
    )
    .detail(format!("Reason: {reason}."));
    if state.foreign > 0 {
        return error.hint("Use existing => 'append' to add rows beside them, or give no count for the table.");
    }
    error.hint("Give no count for the table, or change include and exclude.")
}

fn selected(inputs: &Inputs, table: TableId) -> bool {
    let definition = &inputs.catalog.tables[table];
    let names = [definition.name.as_str(), definition.qualified.as_str()];
    let matches =
        |patterns: &[String]| patterns.iter().any(|pattern| names.iter().any(|name| like(pattern, name)) || unquoted(pattern, definition));
    inputs.arguments.include.as_deref().is_none_or(matches) && !inputs.arguments.exclude.as_deref().is_some_and(matches)
}

fn unquoted(pattern: &str, table: &crate::engine::catalog::Table) -> bool {
    like(pattern, &format!("{}.{}", table.schema, table.name))
}

fn check_patterns(inputs: &Inputs) -> Result<(), Error> {
    let patterns = inputs.arguments.include.iter().flatten().chain(inputs.arguments.exclude.iter().flatten());
    for pattern in patterns {
        let any = inputs
            .catalog
            .tables
            .iter()
            .any(|table| like(pattern, &table.name) || like(pattern, &table.qualified) || unquoted(pattern, table));
        if !any {
            return Err(Error::new(sqlstate::UNDEFINED_TABLE, format!("\"{pattern}\" in include or exclude matches no table"))
                .detail("A pattern is compared with names of tables, with and without their schema.")
                .hint(format!("The target has {} tables; * stands for any characters.", inputs.catalog.tables.len())));
        }
    }
    Ok(())
}

/// Matches `*` patterns.
fn like(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name
            .strip_prefix(head)
            .is_some_and(|rest| (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| like(tail, &rest[at..]))),
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn stars_match_any_characters() {
        assert!(like("*_item", "cart_item") && like("a*c", "abc") && like("abc", "abc") && like("*", ""));
        assert!(!like("*_item", "cart_items") && !like("a*c", "abd"));
    }
}
