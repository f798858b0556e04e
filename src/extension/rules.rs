//! Rules and reference rows: checked against the catalog, stored for a target, read again.

use serde_json::Value as Json;

use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::Ledger;
use crate::engine::rules::{Bound, Document, Problem, Severity, check_with};
use crate::engine::vocabulary::Lists;
use crate::extension::backend::Backend;
use crate::extension::rights;

/// What is wrong with a document, for a target.
pub(super) fn problems(world: &mut Backend, target: &str, document: &Json) -> Result<Vec<Problem>, Error> {
    let catalog = catalog::read(world, target)?;
    Ok(check_with(document, &catalog, &lists(world)?).1)
}

/// The caller's lists of words and the engine's.
fn lists(world: &mut Backend) -> Result<Lists, Error> {
    Lists::read(world.vocabularies()?)
        .map_err(|error| Error::new(sqlstate::INTERNAL, format!("could not read a stored vocabulary: {error}")))
}

/// Stores a document unless it has errors; returns what is wrong with it.
pub(super) fn load(world: &mut Backend, target: &str, document: &Json) -> Result<Vec<Problem>, Error> {
    rights::writing(c"synthgen.load_rules()")?;
    let catalog = catalog::read(world, target)?;
    let (bound, problems) = check_with(document, &catalog, &lists(world)?);
    rights::storing(world, &catalog, tables(&bound))?;
    if problems.iter().all(|problem| problem.severity != Severity::Error) {
        world.store_rules(&catalog.schemas, document)?;
    }
    Ok(problems)
}

/// The stored document as it is understood.
pub(super) fn understood(world: &mut Backend, target: &str) -> Result<Option<Json>, Error> {
    Ok(world.stored_rules(target)?.map(|stored| Document::read(&stored).0.to_json()))
}

/// The catalog as it is read.
pub(super) fn catalog_document(world: &mut Backend, target: &str) -> Result<Json, Error> {
    let catalog = catalog::read(world, target)?;
    serde_json::to_value(catalog).map_err(|error| Error::new(sqlstate::INTERNAL, format!("could not print the catalog: {error}")))
}

/// The tables a document speaks of, by their place in the catalog.
fn tables(bound: &Bound) -> impl Iterator<Item = usize> {
    let columns = bound.columns.iter().map(|rule| rule.table);
    let relations = bound.relations.iter().map(|rule| rule.table);
    let named = bound.entities.iter().map(|(_, table)| *table).chain(bound.counts.iter().map(|(table, _)| *table));
    columns.chain(relations).chain(bound.hints.iter().map(|hint| hint.table)).chain(named)
}
