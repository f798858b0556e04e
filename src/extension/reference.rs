//! Reference rows: read from CSV, bound to the catalog, stored for a target.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::engine::catalog::{self, Catalog};
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::Ledger;
use crate::engine::reference::{Note, Reference, Section, parse, refusal};
use crate::extension::backend::Backend;
use crate::extension::rights;

/// Stores the rows of a file in the place of those stored before for the same tables; returns how its headers were
/// read. With any problem all of them are told and nothing is stored.
pub(super) fn load(world: &mut Backend, target: &str, csv: &str) -> Result<Vec<Note>, Error> {
    rights::writing(c"synthgen.load_reference()")?;
    let catalog = catalog::read(world, target)?;
    let (reference, notes, problems) = parse(csv, &catalog);
    rights::storing(world, &catalog, tables(&reference, &catalog).into_iter())?;
    if let Some(error) = refusal(&problems) {
        return Err(error);
    }
    store(world, target, &catalog, reference)?;
    Ok(notes)
}

/// Stores rows in the place of those stored before for the same tables.
fn store(world: &mut Backend, target: &str, catalog: &Catalog, reference: Reference) -> Result<(), Error> {
    let before = match world.stored_reference(target)? {
        Some(stored) => serde_json::from_value(stored).map_err(|error| unreadable(&error))?,
        None => Reference::default(),
    };
    world.store_reference(&catalog.schemas, &json!(before.replaced_by(reference)))
}

/// Stores the rows of a document as `stored_reference` gives it, like `load`; how many.
pub(super) fn restore(world: &mut Backend, target: &str, document: &Json) -> Result<usize, Error> {
    let catalog = catalog::read(world, target)?;
    let reference: Reference = serde_json::from_value(document.clone()).map_err(|error| {
        Error::new(sqlstate::INVALID_PARAMETER, "the reference rows of the document cannot be read").detail(format!("{error}."))
    })?;
    rights::storing(world, &catalog, tables(&reference, &catalog).into_iter())?;
    let rows = reference.sections.iter().map(|section| section.rows.len()).sum();
    store(world, target, &catalog, reference)?;
    Ok(rows)
}

fn tables(reference: &Reference, catalog: &Catalog) -> BTreeSet<usize> {
    let place = |section: &Section| catalog.tables.iter().position(|known| known.schema == section.schema && known.name == section.table);
    reference.sections.iter().filter_map(place).collect()
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::new(sqlstate::INTERNAL, format!("could not read the stored reference rows: {error}"))
}
