//! Inserts the call's reference rows, under a savepoint: a row that breaks a constraint is told with its line.

use crate::engine::error::{Error, Report};
use crate::engine::plan::Plan;
use crate::engine::port::{CopyTarget, RowSource, World};
use crate::engine::reference::ResolvedTable;
use crate::engine::value::Value;

/// Rows handed over at once.
const ROWS_AT_ONCE: usize = 100;

struct Lines<'a> {
    rows: std::slice::Iter<'a, Vec<Value>>,
}

impl RowSource for Lines<'_> {
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<u64, Error> {
        let mut filled = 0;
        for row in self.rows.by_ref().take(ROWS_AT_ONCE) {
            for (at, value) in row.iter().enumerate() {
                if at > 0 {
                    buffer.push(b'\t');
                }
                value.write_copy(buffer);
            }
            buffer.push(b'\n');
            filled += 1;
        }
        Ok(filled)
    }
}

/// Inserts one table's rows; returns how many.
pub(super) fn insert(world: &mut dyn World, plan: &Plan, resolved: &ResolvedTable) -> Result<u64, Error> {
    if resolved.rows.is_empty() {
        return Ok(0);
    }
    let table = &plan.catalog.tables[resolved.table];
    let columns = resolved.columns.iter().map(|&column| table.columns[column].name.clone()).collect();
    let target = CopyTarget { oid: table.oid, name: table.qualified.clone(), columns };
    world.savepoint()?;
    let copied = world.copy(&target, &mut Lines { rows: resolved.rows.iter() });
    match copied {
        Ok(count) => {
            world.release()?;
            Ok(count)
        }
        Err(error) => {
            world.rollback()?;
            Err(told(error, resolved, &table.qualified))
        }
    }
}

/// The database's refusal, with the line of the file.
fn told(error: Error, resolved: &ResolvedTable, table: &str) -> Error {
    let Error::Database(refusal) = &error else { return error };
    let line = refusal.line.and_then(|line| resolved.lines.get(line as usize - 1));
    let place = line.map_or_else(String::new, |line| format!(", line {line} of the file"));
    let sqlstate = known_sqlstate(&refusal.sqlstate);
    Error::Report(Box::new(Report {
        sqlstate,
        message: format!("a reference row of {table} cannot be inserted{place}: {}", refusal.message),
        detail: refusal.detail.clone(),
        hint: Some("Mend the row and load the reference file again; nothing was inserted.".into()),
    }))
}

/// The refusal's own SQLSTATE, where it is one of the usual ones.
fn known_sqlstate(state: &str) -> &'static str {
    const USUAL: [&str; 10] = ["23502", "23503", "23505", "23514", "23P01", "22001", "22003", "22007", "22P02", "42501"];
    USUAL.into_iter().find(|known| *known == state).unwrap_or("23000")
}
