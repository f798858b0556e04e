//! Keys from sequences, taken as one block each before the first row is written.

use crate::engine::catalog::ColumnId;
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

fn reserve_column(world: &mut dyn World, plan: &Plan, rows: &Rows, facts: &Facts, table: usize, column: ColumnId) -> Result<(), Error> {
    let Some(sequence) = &plan.catalog.tables[table].columns[column].sequence else { return Ok(()) };
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
