//! Keys that close a cycle of tables: NULL while their table is loaded, set once the rows they name are there.

use std::collections::BTreeMap;

use crate::engine::catalog::{ColumnId, ForeignKeyId, Table, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{Fill, Pick, Plan};
use crate::engine::port::{Path, World};
use crate::engine::rows::Rows;
use crate::engine::run::gather::quoted;
use crate::engine::run::probe::array;
use crate::engine::value::Value;

/// Rows of one UPDATE.
const BATCH: usize = 1_000;

/// Share of the rows that go on referring to nothing.
const UNLINKED: f64 = 0.1;

/// Sets all such keys; what the database refuses stays NULL and is told.
pub(super) fn link(world: &mut dyn World, plan: &Plan, rows: &mut Rows) -> Result<(), Error> {
    for &table in &plan.order {
        for key in 0..plan.tables[table].picks.len() {
            if plan.tables[table].picks[key].pick == Pick::Later {
                link_key(world, plan, rows, table, key)?;
            }
        }
    }
    Ok(())
}

fn link_key(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId, key: ForeignKeyId) -> Result<(), Error> {
    let definition = &plan.catalog.tables[table];
    let foreign = &definition.foreign_keys[key];
    let target = foreign.referenced_table;
    let there = |table: TableId| plan.tables[table].fill == Fill::Make && !rows.layouts[table].lost && rows.layouts[table].made > 0;
    let Some(primary) = definition.primary_key.as_ref().filter(|_| there(table) && there(target)) else { return Ok(()) };
    let free: Vec<ColumnId> = foreign.columns.iter().copied().filter(|column| !definition.columns[*column].not_null).collect();
    let pairs = pairs(plan, rows, table, key);
    for batch in pairs.chunks(BATCH) {
        world.interrupted()?;
        let cell = |rows: &mut Rows, row: u64, column: ColumnId| rows.cell(table, row, column);
        let mut arrays: Vec<String> = Vec::new();
        for &column in &primary.columns {
            let values: Vec<Value> = batch.iter().map(|&(row, _)| cell(rows, row, column)).collect();
            arrays.push(array(values.iter()));
        }
        for column in &free {
            let place = foreign.columns.iter().position(|own| own == column).unwrap_or_default();
            let values: Vec<Value> = batch.iter().map(|&(_, named)| rows.cell(target, named, foreign.referenced_columns[place])).collect();
            arrays.push(array(values.iter()));
        }
        let parameters: Vec<Option<&str>> = arrays.iter().map(|array| Some(array.as_str())).collect();
        world.savepoint()?;
        match world.execute(Path::Caller, &statement(definition, &primary.columns, &free), &parameters) {
            Ok(_) => world.release()?,
            Err(error) => {
                world.rollback()?;
                let Error::Database(said) = error else { return Err(error) };
                world.notice(&format!("  {} stays NULL: {}", foreign.name, said.message));
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Which row each row names: one of those that name it themselves, else any.
fn pairs(plan: &Plan, rows: &mut Rows, table: TableId, key: ForeignKeyId) -> Vec<(u64, u64)> {
    let foreign = &plan.catalog.tables[table].foreign_keys[key];
    let target = foreign.referenced_table;
    let back = plan.catalog.tables[target].foreign_keys.iter().position(|other| other.referenced_table == table);
    let mut naming: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    if let Some(back) = back {
        let layout = &rows.layouts[target];
        for row in layout.stored..layout.rows() {
            if let Some(named) = rows.reference(target, row, back).filter(|_| rows.layouts[target].holds(row)) {
                naming.entry(named).or_default().push(row);
            }
        }
    }
    let shared = foreign.columns.len() > 1;
    let unique = plan.catalog.tables[table].unique_keys.iter().any(|unique| unique.columns == foreign.columns);
    let (stored, made) = (rows.layouts[table].stored, rows.layouts[table].made);
    let (first, others) = (rows.layouts[target].stored, rows.layouts[target].made);
    let mut pairs = Vec::new();
    for row in (stored..stored + made).filter(|&row| rows.layouts[table].holds(row)).collect::<Vec<_>>() {
        let mut draws = rows.pick_draws(table, row, key);
        let absent = draws.unit() < UNLINKED;
        let own = naming.get(&row).map(|own| own[draws.below(own.len() as u64) as usize]);
        // A key that shares columns with others may only name a row that names this one.
        let any = first + if unique { row - stored } else { draws.below(others) };
        let free = !shared && (!unique || naming.is_empty()) && any < first + others && rows.layouts[target].holds(any);
        match own {
            Some(own) if !absent => pairs.push((row, own)),
            None if !absent && free => pairs.push((row, any)),
            _ => {}
        }
    }
    pairs
}

fn statement(definition: &Table, keys: &[ColumnId], set: &[ColumnId]) -> String {
    let all: Vec<ColumnId> = keys.iter().chain(set).copied().collect();
    let arrays: Vec<String> = (1..=all.len()).map(|number| format!("${number}::text::text[]")).collect();
    let names: Vec<String> = (1..=all.len()).map(|number| format!("v{number}")).collect();
    let value = |place: usize| format!("c.v{}::{}", place + 1, definition.columns[all[place]].data_type.name);
    let name = |place: usize| quoted(&definition.columns[all[place]].name);
    let sets: Vec<String> = (keys.len()..all.len()).map(|place| format!("{} = {}", name(place), value(place))).collect();
    let same: Vec<String> = (0..keys.len()).map(|place| format!("t.{} = {}", name(place), value(place))).collect();
    format!(
        "update {} as t set {} from unnest({}) as c({}) where {}",
        definition.qualified,
        sets.join(", "),
        arrays.join(", "),
        names.join(", "),
        same.join(" and ")
    )
}
