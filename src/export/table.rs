//! The tables to write, as sql/export/tables.sql prints them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value as Json;

use super::quote::identifier;

/// The catalog's answer is not what the query promises.
#[derive(Debug, thiserror::Error)]
#[error("reading which tables to export")]
pub struct Error(#[from] serde_json::Error);

/// A table; names are unquoted unless it is said otherwise.
#[derive(Debug, Clone, Deserialize)]
pub struct Table {
    /// OID.
    pub oid: u32,
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// Name with schema, quoted where SQL needs it.
    pub qualified: String,
    /// Whether its rows are its partitions'.
    pub partitioned: bool,
    /// Columns in order, generated ones too.
    pub columns: Vec<Column>,
    /// The primary key's columns in order; empty without one.
    pub key: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type, as `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether it is ordered by a collation.
    pub textual: bool,
    /// smallint, integer or bigint.
    pub integer: bool,
}

/// Reads the document of the catalog query.
pub fn tables(document: &Json) -> Result<Vec<Table>, Error> {
    Ok(Vec::deserialize(document)?)
}

impl Table {
    /// What stands after FROM: a plain table without its inheritance children.
    pub(crate) fn source(&self) -> String {
        if self.partitioned { self.qualified.clone() } else { format!("only {}", self.qualified) }
    }

    /// All columns in order, comma-separated.
    pub(crate) fn column_list(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| stored(&column.name)).collect();
        columns.join(", ")
    }

    /// What the rows are ordered by: the key, else all columns as text; text byte by byte, so that no
    /// collation library takes part. `null` for a table without columns.
    pub(crate) fn order(&self) -> String {
        let by: Vec<String> = if self.key.is_empty() {
            self.columns.iter().map(|column| format!("{}::text collate \"C\"", stored(&column.name))).collect()
        } else {
            self.key_columns().map(by_key).collect()
        };
        if by.is_empty() { "null::text".into() } else { by.join(", ") }
    }

    /// The primary key's columns in order.
    pub(crate) fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|name| self.columns.iter().find(|column| column.name == *name))
    }
}

fn by_key(column: &Column) -> String {
    let name = stored(&column.name);
    if column.textual { format!("{name} collate \"C\"") } else { name }
}

/// A column of the row being read.
pub(crate) fn stored(name: &str) -> String {
    format!("stored.{}", identifier(name))
}

/// Names of the tables' files, in their order: `<table>.csv`, with the schema before it where there are several.
pub(crate) fn file_names(tables: &[Table]) -> Vec<String> {
    let schemas: BTreeSet<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let prefixed = schemas.len() > 1;
    tables
        .iter()
        .map(|table| if prefixed { format!("{}.{}.csv", table.schema, table.name) } else { format!("{}.csv", table.name) })
        .map(|name| name.replace(['/', '\0', '\n', '\r'], "_"))
        .collect()
}
