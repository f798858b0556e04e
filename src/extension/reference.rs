//! Reference rows: read from CSV, bound to the catalog, stored for a target.

use std::collections::BTreeSet;

use serde_json::json;

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
    let before = match world.stored_reference(target)? {
        Some(stored) => serde_json::from_value(stored).map_err(|error| unreadable(&error))?,
        None => Reference::default(),
    };
    world.store_reference(&catalog.schemas, &json!(before.replaced_by(reference)))?;
    Ok(notes)
}

fn tables(reference: &Reference, catalog: &Catalog) -> BTreeSet<usize> {
    let place = |section: &Section| catalog.tables.iter().position(|known| known.schema == section.schema && known.name == section.table);
    reference.sections.iter().filter_map(place).collect()
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::new(sqlstate::INTERNAL, format!("could not read the stored reference rows: {error}"))
}
