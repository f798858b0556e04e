//! The rows a resolution works on: those of the file, those that are stored, and the ways to find one by a value.

use std::collections::HashMap;

use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::reference::document::{Reference, Section};
use crate::engine::reference::key;
use crate::engine::reference::problem::Problem;
use crate::engine::reference::resolve::Stored;
use crate::engine::value::Value;

/// Index of a row in `Rows::file`.
pub(super) type RowId = usize;

/// A row of the file.
pub(super) struct FileRow {
    pub(super) table: TableId,
    pub(super) line: u64,
    pub(super) weight: f64,
    /// What is given, by column; `None` where nothing is.
    pub(super) given: Vec<Option<String>>,
    /// Columns that the section has, given or not.
    pub(super) named: Vec<ColumnId>,
    pub(super) state: State,
}

/// How far a row is resolved.
pub(super) enum State {
    Waiting,
    /// What it refers to is being resolved.
    Busy,
    /// All its values; `stored` where it is there already: its index among the stored rows.
    Done {
        values: Vec<Value>,
        stored: Option<usize>,
    },
}

/// A row found by a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    File(RowId),
    Stored(usize),
}

type Index = HashMap<String, Vec<Found>>;

/// All rows.
pub(super) struct Rows<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) store: &'a mut dyn Stored,
    pub(super) file: Vec<FileRow>,
    stored: HashMap<TableId, Vec<Vec<Value>>>,
    indexes: HashMap<(TableId, ColumnId), Index>,
}

impl<'a> Rows<'a> {
    /// Binds a document's rows to the catalog; names that are gone are noted.
    pub(super) fn bind(reference: &Reference, catalog: &'a Catalog, store: &'a mut dyn Stored, problems: &mut Vec<Problem>) -> Self {
        let mut rows = Self { catalog, store, file: Vec::new(), stored: HashMap::new(), indexes: HashMap::new() };
        for section in &reference.sections {
            if let Err(error) = rows.bind_section(section) {
                problems.push(Problem::of(section.line, error));
            }
        }
        rows
    }

    fn bind_section(&mut self, section: &Section) -> Result<(), Error> {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let id = self.catalog.table_named(&format!("{}.{}", quoted(&section.schema), quoted(&section.table)))?;
        let table = &self.catalog.tables[id];
        let columns = section.columns.iter().map(|name| table.column_named(&quoted(name))).collect::<Result<Vec<_>, _>>()?;
        for row in &section.rows {
            let mut given = vec![None; table.columns.len()];
            for (&column, cell) in columns.iter().zip(&row.cells) {
                given[column].clone_from(cell);
            }
            let (line, weight, named) = (row.line, row.weight, columns.clone());
            self.file.push(FileRow { table: id, line, weight, given, named, state: State::Waiting });
        }
        Ok(())
    }

    /// The stored rows of a table, read once.
    pub(super) fn stored(&mut self, table: TableId) -> Result<&[Vec<Value>], Error> {
        if !self.stored.contains_key(&table) {
            let rows = self.store.rows(table)?;
            self.stored.insert(table, rows);
        }
        Ok(self.stored.get(&table).map_or(&[], Vec::as_slice))
    }

    /// The rows of a table that have a value in a column: those of the file before those stored.
    pub(super) fn with_value(&mut self, table: TableId, column: ColumnId, value: &str) -> Result<Vec<Found>, Error> {
        Ok(self.index(table, column)?.get(value).cloned().unwrap_or_default())
    }

    /// The values of a column that rows can be found by, in no order.
    pub(super) fn values(&mut self, table: TableId, column: ColumnId) -> Result<Vec<String>, Error> {
        let mut values: Vec<String> = self.index(table, column)?.keys().cloned().collect();
        values.sort_unstable();
        Ok(values)
    }

    /// Makes a row of the file findable by a value that was only now resolved.
    pub(super) fn learn(&mut self, row: RowId, column: ColumnId, value: &Value) {
        let FileRow { table, given, .. } = &self.file[row];
        let Some(index) = self.indexes.get_mut(&(*table, column)) else { return };
        let definition = &self.catalog.tables[*table].columns[column];
        let known = given[column].as_ref().and_then(|text| key::spelled_text(definition, text));
        if let Some(value) = key::spelled(value).filter(|value| known.as_ref() != Some(value)) {
            index.entry(value).or_default().push(Found::File(row));
        }
    }

    fn index(&mut self, table: TableId, column: ColumnId) -> Result<&Index, Error> {
        if !self.indexes.contains_key(&(table, column)) {
            let index = self.build(table, column)?;
            self.indexes.insert((table, column), index);
        }
        Ok(&self.indexes[&(table, column)])
    }

    fn build(&mut self, table: TableId, column: ColumnId) -> Result<Index, Error> {
        let definition = &self.catalog.tables[table].columns[column];
        let mut index = Index::new();
        for (id, row) in self.file.iter().enumerate().filter(|(_, row)| row.table == table) {
            let value = match &row.state {
                State::Done { values, .. } => key::spelled(&values[column]),
                _ => row.given[column].as_ref().and_then(|text| key::spelled_text(definition, text)),
            };
            if let Some(value) = value {
                index.entry(value).or_default().push(Found::File(id));
            }
        }
        for (place, row) in self.stored(table)?.iter().enumerate() {
            if let Some(value) = key::spelled(&row[column]) {
                index.entry(value).or_default().push(Found::Stored(place));
            }
        }
        Ok(index)
    }

    /// A value of a row that is resolved or stored.
    pub(super) fn value(&mut self, table: TableId, found: Found, column: ColumnId) -> Result<Value, Error> {
        match found {
            Found::Stored(place) => Ok(self.stored(table)?[place][column].clone()),
            Found::File(row) => Ok(match &self.file[row].state {
                State::Done { values, .. } => values[column].clone(),
                _ => Value::Null,
            }),
        }
    }
}
