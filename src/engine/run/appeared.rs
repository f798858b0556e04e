//! Rows that a table's load did not write as planned: those that triggers wrote instead, those that triggers dropped.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{Fill, Plan, Remembered, Source};
use crate::engine::port::{Path, TableOutcome, World};
use crate::engine::rows::{Learned, Rows};
use crate::engine::run::probe;
use crate::engine::survey;
use crate::engine::value::Value;

/// Keys asked for at once.
const BATCH: usize = 5_000;

/// Rows of triggers that others may name, where their keys are not the planned ones.
const KNOWN: u64 = 100_000;

/// Rows that triggers wrote into a table of at most one row a parent: there is no room for ours.
pub(super) fn appeared(world: &mut dyn World, plan: &Plan, table: TableId) -> Result<Option<u64>, Error> {
    let definition = &plan.catalog.tables[table];
    let triggers = plan.order.iter().any(|&other| !plan.catalog.tables[other].triggers.is_empty());
    let one_each = definition.primary_key.as_ref().is_some_and(|key| {
        definition.foreign_keys.iter().any(|foreign| {
            foreign.mandatory
                && foreign.columns.iter().all(|column| key.columns.contains(column))
                && foreign.columns.len() == key.columns.len()
        })
    });
    if !triggers || !one_each || plan.tables[table].existing > 0 {
        return Ok(None);
    }
    appeared_rows(world, plan, table)
}

/// Rows in a table beside those that were there and the call's own, where there are any.
pub(super) fn appeared_rows(world: &mut dyn World, plan: &Plan, table: TableId) -> Result<Option<u64>, Error> {
    let definition = &plan.catalog.tables[table];
    let mut rows = 0_u64;
    world.rows(Path::Caller, &format!("select pg_catalog.count(*)::text from {}", definition.qualified), &[], &mut |fields| {
        rows = fields[0].and_then(|count| count.parse().ok()).unwrap_or(0);
        Ok(())
    })?;
    let ours = plan.tables[table].existing + plan.tables[table].stored.inserted as u64;
    Ok(rows.checked_sub(ours).filter(|more| *more > 0))
}

/// The rows that triggers wrote stand in the place of the planned ones: rows below name them.
///
/// Not where the run commits as it goes: another transaction could not know what this one read.
pub(super) fn by_triggers(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    appeared: u64,
    outcome: &mut TableOutcome,
) -> Result<(), Error> {
    outcome.verdict = "by trigger";
    outcome.detail = format!("{appeared} rows were written by a trigger as the tables above were filled");
    rows.layouts[table].left_out.clear();
    if is_named(plan, table) && plan.catalog.tables[table].may_select && !world.commits() && !as_planned(world, plan, rows, table)? {
        take_over(world, plan, rows, table)?;
        rows.settle_losses(table, &mut || world.interrupted())?;
    }
    Ok(())
}

/// Whether rows of tables that are made name a table's rows.
fn is_named(plan: &Plan, table: TableId) -> bool {
    let names = |other: TableId| plan.catalog.tables[other].foreign_keys.iter().any(|key| key.referenced_table == table);
    (0..plan.tables.len()).any(|other| plan.tables[other].fill == Fill::Make && names(other))
}

/// Whether the rows there have the keys that were planned.
fn as_planned(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<bool, Error> {
    let mut all = true;
    let known = each_batch(world, plan, rows, table, &mut |_, there| all &= there.iter().all(|there| *there))?;
    Ok(known && all)
}

/// Rows that a trigger dropped: nothing may name them.
pub(super) fn leave_dropped_out(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<(), Error> {
    let mut dropped = BTreeSet::new();
    each_batch(world, plan, rows, table, &mut |start, there| {
        dropped.extend((start..).zip(there).filter(|(_, there)| !**there).map(|(position, _)| position));
    })?;
    rows.layouts[table].left_out.extend(dropped);
    Ok(())
}

/// Asks which of the made rows' primary keys are there, a batch of positions at a time; false where they cannot be known.
fn each_batch(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    each: &mut dyn FnMut(u64, &[bool]),
) -> Result<bool, Error> {
    let definition = &plan.catalog.tables[table];
    let Some(key) = &definition.primary_key else { return Ok(false) };
    if key.columns.iter().any(|&column| matches!(plan.tables[table].columns[column].source, Source::Database)) {
        return Ok(false);
    }
    let by_key = Remembered {
        name: key.name.clone(),
        columns: key.columns.clone(),
        nulls_equal: false,
        folded: false,
        injective: true,
        predicate: None,
    };
    let (stored, made) = (rows.layouts[table].stored, rows.layouts[table].made);
    for start in (0..made).step_by(BATCH) {
        world.interrupted()?;
        let end = (start + BATCH as u64).min(made);
        let keys: Vec<Vec<Value>> =
            (start..end).map(|position| key.columns.iter().map(|&column| rows.cell(table, stored + position, column)).collect()).collect();
        each(start, &probe::taken(world, definition, &by_key, &keys)?);
    }
    Ok(true)
}

/// The cells of a table become those of the rows that are there; each stands where the planned row of its parent stood,
/// where there is one.
fn take_over(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<(), Error> {
    let definition = &plan.catalog.tables[table];
    let columns: Vec<ColumnId> = (0..definition.columns.len()).collect();
    let mut found = survey::rows(world, &plan.catalog, table, &columns, KNOWN)?.rows;
    let (stored, made) = (rows.layouts[table].stored, rows.layouts[table].made);
    let under: &[ColumnId] = definition.foreign_keys.iter().find(|key| key.mandatory).map_or(&[], |key| &key.columns);
    let mut by_parent: BTreeMap<Vec<String>, usize> =
        found.iter().enumerate().map(|(place, row)| (under.iter().map(|&column| shown(&row[column])).collect(), place)).collect();
    let mut places: Vec<Option<usize>> = Vec::new();
    for position in 0..made {
        if position % BATCH as u64 == 0 {
            world.interrupted()?;
        }
        let parent = under.iter().map(|&column| shown(&rows.cell(table, stored + position, column))).collect::<Vec<_>>();
        places.push(by_parent.remove(&parent));
    }
    let placed: BTreeSet<usize> = places.iter().flatten().copied().collect();
    let mut others = (0..found.len()).filter(|place| !placed.contains(place));
    places.iter_mut().filter(|place| place.is_none()).for_each(|place| *place = others.next());
    let layout = &mut rows.layouts[table];
    layout.left_out.extend((0..).zip(&places).filter(|(_, place)| place.is_none()).map(|(position, _)| position));
    layout.attempts.clear();
    let tuples = places.iter().map(|place| place.map_or_else(Vec::new, |place| std::mem::take(&mut found[place]))).collect();
    rows.learn(table, Learned { from: 0, columns, tuples, different: true });
    Ok(())
}

fn shown(value: &Value) -> String {
    let mut text = String::new();
    value.write_text(&mut text);
    text
}
