//! Rows that are there already: parents to refer to, values that are taken.

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, ColumnId, Key, Table, TableId, TypeKind};
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields};
use crate::engine::survey::{path, source};
use crate::engine::value::Value;

/// A row's place in its table's order: a name that no column is likely to have.
const PLACE: &str = "\"place among all rows\"";

/// Some columns of the rows that a table holds.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRows {
    /// The columns, in the order of each row's values.
    pub columns: Vec<ColumnId>,
    /// The rows, in primary-key order; at most the limit, then evenly spread.
    pub rows: Vec<Vec<Value>>,
    /// How many rows the table holds.
    pub total: u64,
}

/// Reads these columns of a table's rows, in primary-key order, else by the first unique key that spans all rows,
/// else by the row's text in byte order; where there are more rows than `limit`, `limit` of them, evenly spread.
///
/// Errors: 42501 where the current user may not read the table.
pub fn rows(database: &mut dyn Database, catalog: &Catalog, table: TableId, columns: &[ColumnId], limit: u64) -> Result<StoredRows, Error> {
    let table = &catalog.tables[table];
    if !table.may_select {
        return Err(Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied for table {}", table.name))
            .detail("Its rows are needed as parents, or because their values are taken.")
            .hint(format!("Its owner can grant it: GRANT SELECT ON {} TO ..;", table.qualified)));
    }
    let total = count(database, table)?;
    let sql = select(table, columns, total, limit);
    let kinds: Vec<&TypeKind> = columns.iter().map(|column| &table.columns[*column].data_type.kind).collect();
    let mut rows = Vec::with_capacity(total.min(limit) as usize);
    database.rows(path(table), &sql, &[], &mut |fields| {
        rows.push(typed(fields, &kinds));
        Ok(())
    })?;
    Ok(StoredRows { columns: columns.to_vec(), rows, total })
}

fn count(database: &mut dyn Database, table: &Table) -> Result<u64, Error> {
    let sql = format!("select pg_catalog.to_json(pg_catalog.count(*)) from {}", source(table));
    Ok(database.document(path(table), &sql, &[])?.as_u64().unwrap_or_default())
}

/// Values go over as the session prints them: no casts here, which would follow the caller's own formats.
fn select(table: &Table, columns: &[ColumnId], total: u64, limit: u64) -> String {
    // A row without columns is still a row.
    let listed = if columns.is_empty() { "null".to_owned() } else { list(table, columns) };
    let order = order(table);
    let from = source(table);
    if total <= limit {
        return format!("select {listed} from {from} as t order by {order}");
    }
    // Of the places 1..total those at which place * limit / total steps up: exactly `limit` of them.
    let step = |place: &str| format!("({place}) * {limit} / {total}");
    let (here, before) = (step(PLACE), step(&format!("{PLACE} - 1")));
    format!(
        "select {listed} from (select t.*, pg_catalog.row_number() over (order by {order}) as {PLACE} from {from} as t) as t \
         where {here} > {before} order by {PLACE}"
    )
}

fn order(table: &Table) -> String {
    let whole = |key: &&Key| {
        let complete = key.nulls_not_distinct || key.columns.iter().all(|column| table.columns[*column].not_null);
        key.predicate.is_none() && !key.columns.is_empty() && complete
    };
    match table.primary_key.iter().chain(&table.unique_keys).find(whole) {
        Some(key) => list(table, &key.columns),
        None => "(t.*)::pg_catalog.text collate pg_catalog.\"C\"".to_owned(),
    }
}

fn list(table: &Table, columns: &[ColumnId]) -> String {
    columns.iter().map(|column| format!("t.{}", quoted(&table.columns[*column].name))).collect::<Vec<_>>().join(", ")
}

fn typed(fields: &Fields, kinds: &[&TypeKind]) -> Vec<Value> {
    fields.iter().zip(kinds).map(|(field, kind)| field.map_or(Value::Null, |text| Value::parse(kind, text))).collect()
}
