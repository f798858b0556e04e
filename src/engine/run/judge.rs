//! The judge: what the engine cannot decide of a table's rows is asked of the database before they are loaded.
//!
//! A pilot of the first rows is shown to each CHECK, domain and generated column whose verdict is the database's. One
//! that takes too few gets a learned domain at once, instead of refusing row after row.

use crate::engine::catalog::TableId;
use crate::engine::error::Error;
use crate::engine::plan::{Plan, Source, columns_in};
use crate::engine::port::World;
use crate::engine::rows::Rows;
use crate::engine::run::learn::{self, Condition};
use crate::engine::value::Value;

/// Rows of the pilot.
const PILOT: u64 = 1_000;

/// A condition that refuses more of the pilot gets a learned domain, one in so many rows.
const ONE_IN: usize = 100;

/// Shows the pilot of a table to the conditions that only the database can judge.
pub(super) fn judge(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId) -> Result<(), Error> {
    for condition in conditions(plan, table) {
        world.interrupted()?;
        let tuples = pilot(rows, table, &condition);
        if tuples.is_empty() {
            continue;
        }
        let passed = learn::taken(world, plan, table, &condition, &tuples)?;
        if (tuples.len() - passed.len()) * ONE_IN > tuples.len() {
            learn::learn_condition(world, plan, rows, table, 0, &condition, different(passed))?;
        }
    }
    Ok(())
}

/// The CHECKs left to the database, the domains with such CHECKs, and what generates a column and may raise. None that
/// reads what the database itself makes.
fn conditions(plan: &Plan, table: TableId) -> Vec<Condition> {
    let definition = &plan.catalog.tables[table];
    let planned = &plan.tables[table];
    let left = |name: &str| planned.verdicts.iter().any(|verdict| verdict.name == name && verdict.verdict == "sampled");
    let mut conditions = learn::sampled(plan, table);
    for (column, own) in definition.columns.iter().enumerate() {
        let inner = own.data_type.inner.iter().any(|domain| !domain.checks.is_empty());
        if inner || own.data_type.domains.iter().flat_map(|domain| &domain.checks).any(|check| left(&check.name)) {
            conditions.push(Condition { expression: None, columns: vec![column] });
        }
        if let (true, Some(expression)) = (own.generated, &own.default) {
            // Of every value but those that raise it is NULL or not.
            let expression = format!("(({expression}) is null) is not null");
            conditions.push(Condition { columns: columns_in(definition, &expression), expression: Some(expression) });
        }
    }
    let made = |column: &usize| !matches!(planned.columns[*column].source, Source::Database);
    conditions.retain(|condition| !condition.columns.is_empty() && condition.columns.iter().all(made));
    conditions
}

/// The values that the first rows have in a condition's columns.
fn pilot(rows: &mut Rows, table: TableId, condition: &Condition) -> Vec<Vec<Value>> {
    let layout = &rows.layouts[table];
    let (stored, first, end) = (layout.stored, layout.ringed, layout.made.min(layout.ringed + PILOT));
    let positions: Vec<u64> = (first..end).filter(|position| !layout.left_out.contains(position)).collect();
    positions
        .into_iter()
        .map(|position| condition.columns.iter().map(|&column| rows.cell(table, stored + position, column)).collect())
        .collect()
}

fn different(tuples: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let mut kept: Vec<Vec<Value>> = Vec::new();
    for tuple in tuples {
        if !kept.contains(&tuple) {
            kept.push(tuple);
        }
    }
    kept
}
