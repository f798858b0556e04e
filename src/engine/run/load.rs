//! Loads one table and tells what came of it.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Fill, Plan, Remembered, Source};
use crate::engine::port::{DatabaseError, TableOutcome, World, WrittenKeys};
use crate::engine::rows::Rows;
use crate::engine::run::appeared;
use crate::engine::run::course::Course;
use crate::engine::run::judge;
use crate::engine::run::probe;
use crate::engine::run::repair::{self, CHUNK};
use crate::engine::run::ring;
use crate::engine::value::Value;

/// The columns a load supplies.
pub(super) fn supplied(plan: &Plan, table: TableId) -> Vec<ColumnId> {
    let columns = plan.tables[table].columns.iter().enumerate();
    columns.filter(|(_, column)| !matches!(column.source, Source::Database)).map(|(column, _)| column).collect()
}

/// Loads a table's rows; what the database refuses of them is told, and refuses the table where nothing is left.
pub(super) fn load(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    course: &mut Course,
    outcome: &mut TableOutcome,
) -> Result<(), Error> {
    if course.position() == 0 && !prepare(world, plan, rows, table, outcome)? {
        return Ok(());
    }
    let loaded = repair::load(world, plan, rows, table, course)?;
    rows.settle_losses(table, &mut || world.interrupted())?;
    told_of(world, plan, rows, table, &loaded, outcome)
}

/// Makes ready for the first row; false where none is to be loaded.
fn prepare(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId, outcome: &mut TableOutcome) -> Result<bool, Error> {
    if let Some(reason) = lost_parent(plan, rows, table) {
        return refuse(plan, rows, table, reason, outcome).map(|()| false);
    }
    if let Some(appeared) = appeared::appeared(world, plan, table)? {
        appeared::by_triggers(world, plan, rows, table, appeared, outcome)?;
        return Ok(false);
    }
    if let Some(refusal) = ring::insert(world, plan, rows, table)? {
        let ring = plan.rings.iter().find(|ring| ring.contains(&table)).expect("it has just been refused");
        for &member in ring {
            rows.layouts[member].lost = true;
        }
        return refuse(plan, rows, table, format!("{}; its mandatory keys form a cycle", told(&refusal)), outcome).map(|()| false);
    }
    lay_out_again(world, plan, rows, table)?;
    rows.leave_orphans_out(table);
    judge::judge(world, plan, rows, table)?;
    Ok(true)
}

/// Rows above this table's may have been left out as they were loaded: its rows go under the others.
///
/// Not where the run commits as it goes: another transaction could not lay out anew what this one did.
fn lay_out_again(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<(), Error> {
    if world.commits() {
        return Ok(());
    }
    let world = std::cell::RefCell::new(world);
    let mut asked =
        |key: &Remembered, candidates: &[Vec<Value>]| probe::taken(*world.borrow_mut(), &plan.catalog.tables[table], key, candidates);
    rows.lay_out_again(table, &mut asked, &mut || world.borrow_mut().interrupted())
}

/// What came of a load, in the outcome.
fn told_of(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    loaded: &repair::Loaded,
    outcome: &mut TableOutcome,
) -> Result<(), Error> {
    if let Some(refusal) = &loaded.refusal
        && plan.tables[table].count_given
    {
        return Err(Error::Database(refusal.clone()));
    }
    let made = rows.layouts[table].made;
    if loaded.stored == 0 && loaded.left_out > 0 {
        let by_trigger = loaded.refusal.as_ref().is_some_and(|refusal| refusal.sqlstate == sqlstate::UNIQUE);
        if by_trigger && let Some(appeared) = appeared::appeared_rows(world, plan, table)? {
            return appeared::by_triggers(world, plan, rows, table, appeared, outcome);
        }
        let missing = || rows.layouts[table].shortened.clone().unwrap_or_else(|| "the rows above its rows are missing".to_owned());
        let reason = loaded.refusal.as_deref().map_or_else(missing, told);
        return refuse(plan, rows, table, reason, outcome);
    }
    outcome.algorithmic_rows = loaded.stored as i64;
    outcome.inserted += loaded.stored as i64;
    if let Some(reason) = &rows.layouts[table].shortened {
        outcome.verdict = "short";
        outcome.detail.clone_from(reason);
    }
    if loaded.stored + loaded.left_out < made {
        appeared::leave_dropped_out(world, plan, rows, table)?;
        rows.settle_losses(table, &mut || world.interrupted())?;
    }
    if loaded.left_out > 0 {
        outcome.verdict = "short";
        let missing = || rows.layouts[table].shortened.clone().unwrap_or_else(|| "rows above them are missing".to_owned());
        let reason = loaded.refusal.as_deref().map_or_else(missing, told);
        outcome.detail = format!("{} of {made} rows were stored; {reason}", loaded.stored);
    } else if loaded.stored < made {
        outcome.verdict = "short";
        outcome.detail = format!("{} of {made} rows were stored; a trigger dropped the others", loaded.stored);
    }
    if loaded.postponed && outcome.detail.is_empty() {
        outcome.detail = "its deferred triggers judge at the end of the transaction".into();
    }
    Ok(())
}

/// What the database said of a row.
fn told(refusal: &DatabaseError) -> String {
    let constraint = refusal.constraint.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
    format!("the database refused a row: {}{constraint}", refusal.message)
}

/// Gives a table up during the load: its rows name nothing any more.
fn refuse(plan: &Plan, rows: &mut Rows, table: TableId, reason: String, outcome: &mut TableOutcome) -> Result<(), Error> {
    if plan.tables[table].count_given {
        return Err(Error::new(
            crate::engine::error::sqlstate::INVALID_PARAMETER,
            format!("cannot make {} rows for {}", plan.tables[table].count, plan.catalog.tables[table].qualified),
        )
        .detail(format!("Reason: {reason}.")));
    }
    rows.layouts[table].lost = true;
    outcome.verdict = "refused";
    outcome.detail = reason;
    Ok(())
}

/// A table that a mandatory key names, and that was refused during the load. Where no constraint declares the key, its numbers
/// go on naming the rows that were planned.
fn lost_parent(plan: &Plan, rows: &Rows, table: TableId) -> Option<String> {
    let keys = &plan.catalog.tables[table].foreign_keys;
    let lost = keys
        .iter()
        .filter(|key| key.mandatory && key.declared)
        .find(|key| rows.layouts[key.referenced_table].lost && plan.tables[key.referenced_table].fill == Fill::Make)?;
    Some(format!("its key {} needs rows of {}, which was refused", lost.name, plan.catalog.tables[lost.referenced_table].qualified))
}

/// The keys that the load of some positions of a table wrote: a block of its sequence, else the values of its primary key.
pub(super) fn written_keys(plan: &Plan, rows: &mut Rows, table: TableId, positions: std::ops::Range<u64>) -> Vec<WrittenKeys> {
    let Some(key) = &plan.catalog.tables[table].primary_key else { return Vec::new() };
    if positions.is_empty() {
        return Vec::new();
    }
    if let [column] = key.columns[..]
        && let Source::Serial { first, increment } = plan.tables[table].columns[column].source
    {
        let first = first + increment * (rows.layouts[table].keys_before(column) + positions.start) as i64;
        let count = (positions.end - positions.start) as i64;
        return vec![WrittenKeys::Range { first, last: first + increment * (count - 1), increment }];
    }
    let stored = rows.layouts[table].stored;
    let end = positions.end;
    positions
        .step_by(CHUNK as usize)
        .map(|start| {
            WrittenKeys::Values(
                (start..(start + CHUNK).min(end))
                    .map(|position| stored + position)
                    .filter(|&index| rows.layouts[table].holds(index))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|index| key_text(rows, table, index, &key.columns))
                    .collect(),
            )
        })
        .collect()
}

fn key_text(rows: &mut Rows, table: TableId, index: u64, columns: &[ColumnId]) -> Vec<String> {
    columns
        .iter()
        .map(|&column| {
            let mut text = String::new();
            rows.cell(table, index, column).write_text(&mut text);
            text
        })
        .collect()
}
