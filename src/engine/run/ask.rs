//! Types that the engine knows nothing of: a few texts are tried, and those the database accepts serve as values.

use std::collections::BTreeMap;

use crate::engine::catalog::{Catalog, TypeKind};
use crate::engine::error::Error;
use crate::engine::port::{Path, World};

/// Texts that many types read: numbers, words, lists, points, versions, documents.
const CANDIDATES: [&str; 18] = [
    "1",
    "2",
    "7",
    "42",
    "1.5",
    "a",
    "b",
    "abc",
    "1.0.0",
    "2.1.3",
    "(1,2)",
    "[1,2,3]",
    "{1,2,3}",
    "(1,2),(3,4)",
    "POINT(1 2)",
    "2024-05-17",
    "{\"a\": 1}",
    "00000000-0000-4000-8000-000000000001",
];

/// Most texts kept of a type.
const MOST: usize = 6;

/// Accepted texts by the type's printed name, for the target's columns of types not known otherwise.
pub(super) fn samples(world: &mut dyn World, catalog: &Catalog) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut samples = BTreeMap::new();
    let columns = catalog.tables.iter().filter(|table| table.in_target).flat_map(|table| &table.columns);
    for column in columns.filter(|column| column.data_type.kind == TypeKind::Other && !column.generated) {
        let name = &column.data_type.name;
        if !samples.contains_key(name) {
            let accepted = accepted(world, name)?;
            samples.insert(name.clone(), accepted);
        }
    }
    samples.retain(|_, accepted: &mut Vec<String>| !accepted.is_empty());
    Ok(samples)
}

fn accepted(world: &mut dyn World, type_name: &str) -> Result<Vec<String>, Error> {
    let sql = format!("select ($1::text::{type_name}) is not null");
    let vector: Vec<String> = (1..=dimensions(type_name)).map(|place| format!("{}", place % 10)).collect();
    let vector = format!("[{}]", vector.join(","));
    let mut accepted = Vec::new();
    for candidate in CANDIDATES.iter().copied().chain([vector.as_str()]) {
        world.interrupted()?;
        world.savepoint()?;
        match world.rows(Path::Caller, &sql, &[Some(candidate)], &mut |_| Ok(())) {
            Ok(_) => {
                world.release()?;
                accepted.push(candidate.to_owned());
            }
            Err(Error::Database(_)) => world.rollback()?,
            Err(error) => {
                world.rollback()?;
                return Err(error);
            }
        }
        if accepted.len() == MOST {
            break;
        }
    }
    Ok(accepted)
}

/// The number in a type's modifier: `vector(384)`.
fn dimensions(type_name: &str) -> u32 {
    let inside = type_name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inside.and_then(|number| number.parse().ok()).unwrap_or(3).min(16_000)
}
