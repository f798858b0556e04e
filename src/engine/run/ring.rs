//! The rows of a ring, all in one statement: immediate foreign keys are checked at its end.

use crate::engine::catalog::TableId;
use crate::engine::error::Error;
use crate::engine::plan::{Fill, Plan};
use crate::engine::port::{DatabaseError, Path, World};
use crate::engine::rows::Rows;
use crate::engine::run::gather::quoted;
use crate::engine::run::load::supplied;
use crate::engine::value::Value;

/// Redraws of a ring that the database refuses.
const REDRAWS: u32 = 12;

/// Puts in the ring of a table, if it has one that is not there yet; what the database said where it takes none.
pub(super) fn insert(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<Option<Box<DatabaseError>>, Error> {
    let Some(ring) = plan.rings.iter().find(|ring| ring.contains(&table)) else { return Ok(None) };
    let made = |&member: &TableId| plan.tables[member].fill == Fill::Make && rows.layouts[member].made > 0;
    if ring.iter().any(|&member| rows.layouts[member].ringed > 0) || !ring.iter().all(made) {
        return Ok(None);
    }
    let size = rows.ring_size(ring);
    let mut refusal = None;
    for _ in 0..REDRAWS {
        world.interrupted()?;
        let sql = statement(plan, rows, ring, size);
        world.savepoint()?;
        match world.execute(Path::Caller, &sql, &[]) {
            Ok(_) => {
                world.release()?;
                for &member in ring {
                    rows.layouts[member].ringed = size;
                }
                return Ok(None);
            }
            Err(error) => {
                world.rollback()?;
                let Error::Database(said) = error else { return Err(error) };
                refusal = Some(said);
                for &member in ring {
                    (0..size).for_each(|position| rows.redraw(member, position, 1));
                }
            }
        }
    }
    Ok(refusal)
}

/// Writable CTEs, one a table.
fn statement(plan: &Plan, rows: &mut Rows, ring: &[TableId], size: u64) -> String {
    let inserts: Vec<String> = ring.iter().map(|&member| insert_of(plan, rows, member, size)).collect();
    let (last, before) = inserts.split_last().expect("a ring has tables");
    let named: Vec<String> = before.iter().enumerate().map(|(place, insert)| format!("member_{place} as ({insert})")).collect();
    format!("with {}\n{last}", named.join(",\n"))
}

fn insert_of(plan: &Plan, rows: &mut Rows, table: TableId, size: u64) -> String {
    let definition = &plan.catalog.tables[table];
    let columns = supplied(plan, table);
    let names: Vec<String> = columns.iter().map(|&column| quoted(&definition.columns[column].name)).collect();
    let stored = rows.layouts[table].stored;
    let tuples: Vec<String> = (0..size)
        .map(|position| {
            let values: Vec<String> = columns.iter().map(|&column| literal(&rows.cell(table, stored + position, column))).collect();
            format!("({})", values.join(", "))
        })
        .collect();
    format!("insert into {} ({}) overriding system value values {}", definition.qualified, names.join(", "), tuples.join(", "))
}

/// A value as a literal without a type: the column's input function reads it, as COPY would.
fn literal(value: &Value) -> String {
    if value.is_null() {
        return "null".to_owned();
    }
    let mut text = String::new();
    value.write_text(&mut text);
    let text = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", text.replace('\\', "\\\\")) } else { format!("'{text}'") }
}
