//! Keys from sequences, taken as one block each before the first row is written.

use crate::engine::catalog::{Catalog, ColumnId, Sequence, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Plan, Source};
use crate::engine::port::World;
use crate::engine::rows::Rows;
use crate::engine::run::gather::Gathered;
use crate::engine::survey;

/// Reserves what reference rows and made rows need; the blocks must begin where the plan says.
pub(super) fn reserve(world: &mut dyn World, plan: &Plan, rows: &Rows, gathered: &Facts) -> Result<(), Error> {
    for table in 0..plan.tables.len() {
        for column in 0..plan.catalog.tables[table].columns.len() {
            reserve_column(world, plan, rows, gathered, table, column)?;
        }
    }
    Ok(())
}

/// What of the gathering the reservation needs.
pub(super) struct Facts {
    pub(super) survey: survey::Survey,
    pub(super) numbered: std::collections::BTreeMap<(usize, ColumnId), (i64, u64)>,
}

impl Facts {
    /// Splits a gathering into its inputs and what the load needs.
    pub(super) fn split(gathered: Gathered) -> (crate::engine::plan::Inputs, crate::engine::reference::Resolved, Self) {
        (gathered.inputs, gathered.resolved, Self { survey: gathered.survey, numbered: gathered.numbered })
    }
}

/// Keys between the blocks of two columns that share a sequence.
pub(super) const APART: i64 = 100_000;

/// The columns that take their keys from a column's sequence, itself among them.
pub(super) fn sharers(catalog: &Catalog, table: TableId, column: ColumnId) -> Vec<(TableId, ColumnId)> {
    let Some(own) = &catalog.tables[table].columns[column].sequence else { return Vec::new() };
    let mut found = Vec::new();
    for (at, definition) in catalog.tables.iter().enumerate().filter(|(_, definition)| definition.in_target) {
        for (place, other) in definition.columns.iter().enumerate() {
            if other.sequence.as_ref().is_some_and(|sequence| sequence.oid == own.oid) {
                found.push((at, place));
            }
        }
    }
    found
}

/// One block for all columns that share a sequence, as soon as the first of them is seen.
fn reserve_shared(
    world: &mut dyn World,
    plan: &Plan,
    rows: &Rows,
    facts: &Facts,
    sharers: &[(TableId, ColumnId)],
    sequence: &Sequence,
) -> Result<(), Error> {
    let taken = |&(table, column): &(TableId, ColumnId)| {
        let made = matches!(plan.tables[table].columns.get(column).map(|planned| &planned.source), Some(Source::Serial { .. }));
        made && rows.layouts[table].made > 0
    };
    if sharers.iter().any(taken) {
        let count = sharers.len() as u64 * APART as u64;
        survey::reserve(world, sequence, count, facts.survey.furthest(&plan.catalog, sequence.oid))?;
    }
    Ok(())
}

fn reserve_column(world: &mut dyn World, plan: &Plan, rows: &Rows, facts: &Facts, table: usize, column: ColumnId) -> Result<(), Error> {
    let Some(sequence) = &plan.catalog.tables[table].columns[column].sequence else { return Ok(()) };
    let sharers = sharers(&plan.catalog, table, column);
    if sharers.len() > 1 {
        return if sharers[0] == (table, column) { reserve_shared(world, plan, rows, facts, &sharers, sequence) } else { Ok(()) };
    }
    let (numbered_first, numbered) = facts.numbered.get(&(table, column)).copied().unwrap_or((0, 0));
    let made = match plan.tables[table].columns.get(column).map(|planned| &planned.source) {
        Some(Source::Serial { .. }) => rows.layouts[table].made,
        _ => 0,
    };
    let own_keys = plan.tables[table].stored.inserted > 0 && plan.tables[table].stored.columns.contains(&column) && numbered == 0;
    if numbered + made == 0 && !own_keys {
        return Ok(());
    }
    let above =
        highest_given(plan, table, column, sequence.increment).into_iter().chain(facts.survey.furthest(&plan.catalog, sequence.oid));
    let above = if sequence.increment > 0 { above.max() } else { above.min() };
    if own_keys {
        survey::reserve(world, sequence, made.max(1), above)?;
        return Ok(());
    }
    let first = survey::reserve(world, sequence, numbered + made, facts.survey.furthest(&plan.catalog, sequence.oid))?;
    let planned = if numbered > 0 { numbered_first } else { planned_first(plan, table, column) };
    if first == planned {
        return Ok(());
    }
    Err(Error::new(sqlstate::SERIALIZATION, format!("sequence {} moved while the call was planned", sequence.name))
        .detail(format!("The plan's keys begin at {planned}, the sequence now gives {first}."))
        .hint("Nothing was written; run the call again."))
}

fn planned_first(plan: &Plan, table: usize, column: ColumnId) -> i64 {
    match plan.tables[table].columns.get(column).map(|planned| &planned.source) {
        Some(Source::Serial { first, .. }) => *first,
        _ => 0,
    }
}

/// The farthest key that reference rows bring along themselves.
fn highest_given(plan: &Plan, table: usize, column: ColumnId, increment: i64) -> Option<i64> {
    let stored = &plan.tables[table].stored;
    let keys = stored
        .rows
        .iter()
        .rev()
        .take(stored.inserted)
        .filter_map(|row| if let crate::engine::value::Value::Int(key) = row[column] { Some(key) } else { None });
    if increment > 0 { keys.max() } else { keys.min() }
}
