//! Counts rows and finds the farthest keys: one scan a table, many tables a statement.

use serde_json::Value as Json;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Path};
use crate::engine::survey::{Survey, path, source};

/// Tables in one statement: its text stays short, and few statements do.
const BATCH: usize = 50;

pub(super) fn read(database: &mut dyn Database, catalog: &Catalog, survey: &mut Survey) -> Result<(), Error> {
    let readable = || (0..catalog.tables.len()).filter(|table| catalog.tables[*table].may_select);
    let (foreign, local): (Vec<TableId>, Vec<TableId>) = readable().partition(|table| catalog.tables[*table].kind == "f");
    for own_path in [Path::Pinned, Path::Caller] {
        let tables: Vec<TableId> = local.iter().copied().filter(|table| path(&catalog.tables[*table]) == own_path).collect();
        for batch in tables.chunks(BATCH) {
            count(database, catalog, survey, own_path, batch)?;
        }
    }
    for table in foreign {
        count_foreign(database, catalog, survey, table)?;
    }
    Ok(())
}

/// A foreign server that does not answer leaves its table uncounted, and the transaction whole.
fn count_foreign(database: &mut dyn Database, catalog: &Catalog, survey: &mut Survey, table: TableId) -> Result<(), Error> {
    database.savepoint()?;
    match count(database, catalog, survey, Path::Caller, &[table]) {
        Err(Error::Database(_)) => database.rollback(),
        Err(error) => database.rollback().and(Err(error)),
        Ok(()) => database.release(),
    }
}

fn count(database: &mut dyn Database, catalog: &Catalog, survey: &mut Survey, path: Path, batch: &[TableId]) -> Result<(), Error> {
    let selects: Vec<String> = batch.iter().map(|table| select(*table, &catalog.tables[*table])).collect();
    let sql = selects.join("\nunion all\n");
    database.rows(path, &sql, &[], &mut |fields| take(survey, fields))?;
    Ok(())
}

/// `place, [rows, farthest key of each sequence's column]`.
fn select(place: TableId, table: &Table) -> String {
    let keys = table.columns.iter().filter_map(|column| {
        let farthest = if column.sequence.as_ref()?.increment < 0 { "min" } else { "max" };
        Some(format!(", pg_catalog.{farthest}({})", quoted(&column.name)))
    });
    let keys: String = keys.collect();
    format!("select {place}, pg_catalog.json_build_array(pg_catalog.count(*){keys})::text from {}", source(table))
}

fn take(survey: &mut Survey, fields: &Fields) -> Result<(), Error> {
    let (place, figures) = parse(fields).ok_or_else(|| Error::new(sqlstate::INTERNAL, "could not read the row counts"))?;
    let table = &mut survey.tables[place];
    table.rows = figures.first().and_then(Json::as_u64);
    for (sequence, key) in table.sequences.iter_mut().zip(&figures[1..]) {
        sequence.furthest = key.as_i64();
    }
    Ok(())
}

fn parse(fields: &Fields) -> Option<(TableId, Vec<Json>)> {
    let [Some(place), Some(figures)] = fields else { return None };
    let figures: Vec<Json> = serde_json::from_str(figures).ok()?;
    Some((place.parse().ok()?, figures)).filter(|(_, figures)| !figures.is_empty())
}
