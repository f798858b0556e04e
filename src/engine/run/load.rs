//! Loads one table by COPY, in chunks, and tells what came of it.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{Fill, Plan, Source};
use crate::engine::port::{CopyTarget, TableOutcome, World, WrittenKeys};
use crate::engine::rows::{Rows, TableSource};

/// Rows per COPY: foreign-key checks are queued until its end, some dozen bytes each.
const CHUNK: u64 = 100_000;

/// The columns a load supplies.
pub(super) fn supplied(plan: &Plan, table: TableId) -> Vec<ColumnId> {
    let columns = plan.tables[table].columns.iter().enumerate();
    columns.filter(|(_, column)| !matches!(column.source, Source::Database)).map(|(column, _)| column).collect()
}

/// Loads a table's rows; a refusal by the database refuses the table, unless its count was given.
pub(super) fn load(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId, outcome: &mut TableOutcome) -> Result<(), Error> {
    if let Some(reason) = lost_parent(plan, rows, table) {
        return refuse(plan, rows, table, reason, outcome);
    }
    let guarded = plan.tables[table].guarded;
    if guarded {
        world.savepoint()?;
    }
    match copy(world, plan, rows, table) {
        Ok(stored) => {
            if guarded {
                world.release()?;
            }
            let made = rows.layouts[table].made as i64;
            outcome.algorithmic_rows = stored as i64;
            outcome.inserted += stored as i64;
            if let Some(reason) = &rows.layouts[table].shortened {
                outcome.verdict = "short";
                outcome.detail.clone_from(reason);
            }
            if (stored as i64) < made {
                outcome.verdict = "short";
                outcome.detail = format!("{stored} of {made} rows were stored; a trigger dropped the others");
            }
            Ok(())
        }
        Err(Error::Database(refusal)) if guarded => {
            world.rollback()?;
            if plan.tables[table].count_given {
                return Err(Error::Database(refusal));
            }
            let constraint = refusal.constraint.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
            refuse(plan, rows, table, format!("the database refused a row: {}{constraint}", refusal.message), outcome)
        }
        Err(error) => {
            if guarded {
                world.rollback()?;
            }
            Err(error)
        }
    }
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

/// A table that a mandatory key names, and that was refused during the load.
fn lost_parent(plan: &Plan, rows: &Rows, table: TableId) -> Option<String> {
    let keys = &plan.catalog.tables[table].foreign_keys;
    let lost = keys
        .iter()
        .find(|key| key.mandatory && rows.layouts[key.referenced_table].lost && plan.tables[key.referenced_table].fill == Fill::Make)?;
    Some(format!("its key {} needs rows of {}, which was refused", lost.name, plan.catalog.tables[lost.referenced_table].qualified))
}

fn copy(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<u64, Error> {
    let definition = &plan.catalog.tables[table];
    let columns = supplied(plan, table);
    let names = columns.iter().map(|&column| definition.columns[column].name.clone()).collect();
    let target = CopyTarget { oid: definition.oid, name: definition.qualified.clone(), columns: names };
    let made = rows.layouts[table].made;
    let mut stored = 0;
    for start in (0..made).step_by(CHUNK as usize) {
        let mut source = TableSource::new(rows, table, columns.clone(), start..(start + CHUNK).min(made));
        stored += world.copy(&target, &mut source)?;
        world.interrupted()?;
    }
    Ok(stored)
}

/// The keys that a table's load wrote: a block of its sequence, else the values of its primary key.
pub(super) fn written_keys(plan: &Plan, rows: &mut Rows, table: TableId) -> Vec<WrittenKeys> {
    let Some(key) = &plan.catalog.tables[table].primary_key else { return Vec::new() };
    let made = rows.layouts[table].made;
    if made == 0 {
        return Vec::new();
    }
    if let [column] = key.columns[..]
        && let Source::Serial { first, increment } = plan.tables[table].columns[column].source
    {
        return vec![WrittenKeys::Range { first, last: first + increment * (made as i64 - 1), increment }];
    }
    let stored = rows.layouts[table].stored;
    (0..made)
        .step_by(CHUNK as usize)
        .map(|start| {
            WrittenKeys::Values(
                (start..(start + CHUNK).min(made)).map(|position| key_text(rows, table, stored + position, &key.columns)).collect(),
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
