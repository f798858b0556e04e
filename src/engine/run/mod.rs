//! Executes a call against the ports: gather, plan, reserve, load, record.

mod appeared;
mod arguments;
mod ask;
mod course;
mod gather;
mod generate;
mod judge;
mod learn;
mod link;
mod load;
mod model;
mod moment;
mod preview;
mod probe;
mod reference;
mod repair;
mod reserve;
mod ring;
mod summary;

use serde_json::Value as Json;

use crate::engine::arguments::Arguments;
use crate::engine::error::Error;
use crate::engine::model::BUILT_IN;
use crate::engine::plan::{Plan, report};
use crate::engine::port::World;
use crate::engine::run::model::Chosen;

pub use generate::{generate, resume};
pub use preview::preview;
pub use summary::Summary;

/// Version of the algorithms that make the rows: it changes whenever the same call would make other rows.
pub const ALGORITHM_VERSION: i32 = 1;

/// Makes the plan of a call; writes nothing, moves no sequence.
pub fn plan(world: &mut dyn World, arguments: &Arguments) -> Result<Plan, Error> {
    arguments::check(arguments)?;
    let inputs = gather::gather(world, arguments)?.inputs;
    let mut plan = Plan::build_while(inputs, &mut || world.interrupted())?;
    plan.model = Chosen::of(world, arguments)?.name();
    Ok(plan)
}

/// The plan as one document, with what a model would be asked and all that would leave the database.
pub fn plan_document(world: &mut dyn World, arguments: &Arguments) -> Result<Json, Error> {
    model::with_model(world, arguments, |world, plan, rows, chosen| {
        let asking = chosen.asking(world, rows)?;
        Ok(report::document(plan, asking))
    })
}

/// The prompt that a call would send for a batch of a table, from 1.
pub fn prompt(world: &mut dyn World, arguments: &Arguments, table_name: &str, batch: u32) -> Result<String, Error> {
    model::with_model(world, arguments, |world, plan, rows, chosen| {
        let table = plan.catalog.table_named(table_name)?;
        chosen.prompt(world, rows, table, batch)
    })
}

/// The prompts' templates in force: name, text, and whether it is the built-in one.
pub fn templates(world: &mut dyn World) -> Result<Vec<(&'static str, String, bool)>, Error> {
    let replaced = model::replaced_templates(world)?;
    let in_force = BUILT_IN.iter().map(|(name, text)| match replaced.get(*name) {
        Some(own) => (*name, own.clone(), false),
        None => (*name, (*text).to_owned(), true),
    });
    Ok(in_force.collect())
}
