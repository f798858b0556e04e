//! From a reference document to rows to insert: names become keys, keys are numbered, defaults computed, and rows
//! that are stored already are found again.

use std::collections::{BTreeMap, HashMap};

use crate::engine::catalog::{Catalog, Column, ColumnId, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::literal;
use crate::engine::reference::default::Default;
use crate::engine::reference::document::Reference;
use crate::engine::reference::foreign::Named;
use crate::engine::reference::key;
use crate::engine::reference::parse::single_foreign_key;
use crate::engine::reference::problem::{Problem, refusal};
use crate::engine::reference::rows::{Found, RowId, Rows, State};
use crate::engine::value::Value;

/// Deepest tree of references from row to row.
const MAX_DEPTH: usize = 500;

/// What the database holds, as far as reference rows need it.
pub trait Stored {
    /// The rows of a table, each with the values of all columns in catalog order.
    fn rows(&mut self, table: TableId) -> Result<Vec<Vec<Value>>, Error>;
    /// The next key of a column that a sequence numbers.
    fn next_key(&mut self, table: TableId, column: ColumnId) -> Result<i64, Error>;
}

/// Reference rows ready to insert, table by table, referenced tables first.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Resolved {
    /// The tables that have reference rows.
    pub tables: Vec<ResolvedTable>,
}

/// A table's reference rows.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ResolvedTable {
    /// The table.
    pub table: TableId,
    /// The columns that are given: all but generated ones and those whose default only the database can compute.
    pub columns: Vec<ColumnId>,
    /// Rows to insert, parents first, otherwise in file order; as many values as columns.
    pub rows: Vec<Vec<Value>>,
    /// Their weights.
    pub weights: Vec<f64>,
    /// Their lines in the file.
    pub lines: Vec<u64>,
    /// Rows of the file that are stored already.
    pub matched: Vec<Matched>,
    /// Where a stored row differs from the file.
    pub notes: Vec<String>,
}

/// A row of the file that is stored already.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Matched {
    /// Its index among `Stored::rows` of the table.
    pub row: usize,
    /// Its weight.
    pub weight: f64,
    /// Its line in the file.
    pub line: u64,
}

/// Resolves a document. `as_of` is in microseconds since 2000-01-01 UTC.
///
/// The error names every line that cannot be resolved; then nothing should be inserted.
pub fn resolve(reference: &Reference, catalog: &Catalog, as_of: i64, stored: &mut dyn Stored) -> Result<Resolved, Error> {
    let mut problems = Vec::new();
    let rows = Rows::bind(reference, catalog, stored, &mut problems);
    let mut resolver = Resolver {
        catalog,
        as_of,
        rows,
        problems,
        order: Vec::new(),
        notes: BTreeMap::new(),
        keys: HashMap::new(),
        defaults: HashMap::new(),
    };
    for table in resolver.tables_in_order() {
        for row in 0..resolver.rows.file.len() {
            if resolver.rows.file[row].table == table {
                resolver.visit(row, 0)?;
            }
        }
    }
    resolver.wide_references()?;
    resolver.conclude()
}

/// Stored rows by the values of a key.
type KeyIndex = HashMap<Vec<String>, usize>;

struct Resolver<'a> {
    catalog: &'a Catalog,
    as_of: i64,
    rows: Rows<'a>,
    problems: Vec<Problem>,
    /// Rows in the order they were resolved.
    order: Vec<RowId>,
    notes: BTreeMap<TableId, Vec<String>>,
    keys: HashMap<(TableId, usize), KeyIndex>,
    defaults: HashMap<(TableId, ColumnId), Option<Default>>,
}

impl Resolver<'_> {
    /// Tables that have rows: referenced ones first, otherwise in file order; a circle begins at its first table.
    fn tables_in_order(&self) -> Vec<TableId> {
        let mut waiting: Vec<TableId> = Vec::new();
        for row in &self.rows.file {
            if !waiting.contains(&row.table) {
                waiting.push(row.table);
            }
        }
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let free = |&table: &TableId| {
                let keys = &self.catalog.tables[table].foreign_keys;
                keys.iter().all(|key| key.referenced_table == table || !waiting.contains(&key.referenced_table))
            };
            let next = waiting.iter().position(free).unwrap_or(0);
            order.push(waiting.remove(next));
        }
        order
    }

    /// Resolves a row, and before it those it refers to.
    fn visit(&mut self, id: RowId, depth: usize) -> Result<(), Error> {
        if !matches!(self.rows.file[id].state, State::Waiting) {
            return Ok(());
        }
        let (table_id, line) = (self.rows.file[id].table, self.rows.file[id].line);
        if depth > MAX_DEPTH {
            self.problems.push(Problem::form(line, format!("rows refer to each other more than {MAX_DEPTH} deep")));
            return Ok(());
        }
        self.rows.file[id].state = State::Busy;
        let table = &self.catalog.tables[table_id];
        let mut values = vec![Value::Null; table.columns.len()];
        for (column, value) in values.iter_mut().enumerate() {
            if let Some(text) = self.rows.file[id].given[column].clone() {
                *value = self.given(id, column, &text, depth)?;
            }
        }
        let stored = self.find_stored(id, &values)?;
        let values = match stored {
            Some(place) => self.compare(id, &values, place)?,
            None => self.complete(id, values)?,
        };
        for (column, value) in values.iter().enumerate() {
            self.rows.learn(id, column, value);
        }
        self.rows.file[id].state = State::Done { values, stored };
        self.order.push(id);
        Ok(())
    }

    /// The value of a cell that is given.
    fn given(&mut self, id: RowId, column: ColumnId, text: &str, depth: usize) -> Result<Value, Error> {
        let (table_id, line) = (self.rows.file[id].table, self.rows.file[id].line);
        let table = &self.catalog.tables[table_id];
        let definition = &table.columns[column];
        let Some(place) = single_foreign_key(table, column) else {
            return Ok(literal::read(&definition.data_type.kind, text).unwrap_or_else(|misfit| {
                self.problems.push(Problem::new(line, sqlstate::INVALID_TEXT, format!("{}: {misfit}", definition.name)));
                Value::Null
            }));
        };
        let foreign_key = &table.foreign_keys[place];
        match self.rows.named(foreign_key, text)? {
            Named::One(Found::File(parent)) => self.referred(id, parent, definition, foreign_key.referenced_columns[0], depth),
            Named::One(found) => self.rows.value(foreign_key.referenced_table, found, foreign_key.referenced_columns[0]),
            named => {
                let problem = self.rows.unnamed(line, &definition.name, foreign_key, text, &named)?;
                self.problems.push(problem);
                Ok(Value::Null)
            }
        }
    }

    /// The key of another row of the file, which is resolved first.
    fn referred(&mut self, id: RowId, parent: RowId, column: &Column, key_column: ColumnId, depth: usize) -> Result<Value, Error> {
        self.visit(parent, depth + 1)?;
        let row = &self.rows.file[parent];
        if let State::Done { values, .. } = &row.state {
            return Ok(values[key_column].clone());
        }
        // In a circle a key that is given needs no resolving.
        let kind = &self.catalog.tables[row.table].columns[key_column].data_type.kind;
        let given = row.given[key_column].as_ref().and_then(|text| literal::read(kind, text).ok());
        Ok(given.unwrap_or_else(|| {
            let (line, by) = (self.rows.file[id].line, row.line);
            let message = format!("{}: the row refers to itself by way of line {by}", column.name);
            self.problems.push(Problem::new(line, sqlstate::FOREIGN_KEY, message));
            Value::Null
        }))
    }

    /// The stored row with the same key: the primary key if it is given, else any unique one.
    fn find_stored(&mut self, id: RowId, values: &[Value]) -> Result<Option<usize>, Error> {
        let table_id = self.rows.file[id].table;
        let catalog = self.catalog;
        for (place, unique) in key::whole_keys(&catalog.tables[table_id]).enumerate() {
            let Some(wanted) = spelled_key(values, &unique.columns) else { continue };
            if !self.keys.contains_key(&(table_id, place)) {
                let stored = self.rows.stored(table_id)?.iter().enumerate();
                let index = stored.filter_map(|(at, row)| Some((spelled_key(row, &unique.columns)?, at))).collect();
                self.keys.insert((table_id, place), index);
            }
            if let Some(&found) = self.keys[&(table_id, place)].get(&wanted) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The stored row's values; where what the file gives differs, a note says so.
    fn compare(&mut self, id: RowId, values: &[Value], place: usize) -> Result<Vec<Value>, Error> {
        let (table_id, line) = (self.rows.file[id].table, self.rows.file[id].line);
        let stored = self.rows.stored(table_id)?[place].clone();
        let table = &self.catalog.tables[table_id];
        let differs = |&column: &ColumnId| self.rows.file[id].given[column].is_some() && !same(&stored[column], &values[column]);
        let differences: Vec<String> = (0..values.len())
            .filter(differs)
            .map(|column| format!("{} is {}, not {}", table.columns[column].name, told(&stored[column]), told(&values[column])))
            .collect();
        if !differences.is_empty() {
            let note = format!("line {line}: the row is stored already and kept: {}", differences.join("; "));
            self.notes.entry(table_id).or_default().push(note);
        }
        Ok(stored)
    }

    /// The row with what is not given: keys, defaults, NULL.
    fn complete(&mut self, id: RowId, mut values: Vec<Value>) -> Result<Vec<Value>, Error> {
        let (table_id, line) = (self.rows.file[id].table, self.rows.file[id].line);
        let table = &self.catalog.tables[table_id];
        let identity = identity(table, &self.rows.file[id].given, line);
        for (column, definition) in table.columns.iter().enumerate() {
            let row = &self.rows.file[id];
            // An empty cell of a nullable column is NULL; a column that the file does not have takes its default.
            let left = row.given[column].is_none() && (definition.not_null || !row.named.contains(&column));
            if !left || definition.generated {
                continue;
            }
            values[column] = if definition.sequence.is_some() {
                Value::Int(self.next_key(table_id, column)?)
            } else {
                let default = self.default(table_id, column);
                default
                    .and_then(|default| default.value(&definition.data_type.kind, self.as_of, &format!("{identity} {}", definition.name)))
                    .unwrap_or(Value::Null)
            };
            let unknown = matches!(self.default(table_id, column), Some(Default::Unknown));
            if values[column].is_null() && definition.not_null && !unknown {
                let message = format!("{} is not given, and NOT NULL without a default", definition.name);
                self.problems.push(Problem::new(line, sqlstate::NOT_NULL, message));
            }
        }
        Ok(values)
    }

    fn default(&mut self, table: TableId, column: ColumnId) -> Option<Default> {
        let definition = &self.catalog.tables[table].columns[column];
        self.defaults.entry((table, column)).or_insert_with(|| Default::of(definition)).clone()
    }

    /// The next key that no row of the file or the table has.
    fn next_key(&mut self, table: TableId, column: ColumnId) -> Result<i64, Error> {
        loop {
            let key = self.rows.store.next_key(table, column)?;
            if self.rows.with_value(table, column, &key.to_string())?.is_empty() {
                return Ok(key);
            }
        }
    }

    /// Notes references over several columns that no row answers.
    fn wide_references(&mut self) -> Result<(), Error> {
        let catalog = self.catalog;
        for id in self.order.clone() {
            let (table_id, line) = (self.rows.file[id].table, self.rows.file[id].line);
            let State::Done { values, stored: None } = &self.rows.file[id].state else { continue };
            let values = values.clone();
            for foreign_key in catalog.tables[table_id].foreign_keys.iter().filter(|key| key.columns.len() > 1) {
                let Some(wanted) = spelled_key(&values, &foreign_key.columns) else { continue };
                let mut found = self.rows.with_value(foreign_key.referenced_table, foreign_key.referenced_columns[0], &wanted[0])?;
                for (&column, value) in foreign_key.referenced_columns.iter().zip(&wanted).skip(1) {
                    let here = self.rows.with_value(foreign_key.referenced_table, column, value)?;
                    found.retain(|row| here.contains(row));
                }
                if found.is_empty() {
                    let referenced = &catalog.tables[foreign_key.referenced_table].qualified;
                    let message = format!("({}) is no row of {referenced}", wanted.join(", "));
                    self.problems.push(Problem::new(line, sqlstate::FOREIGN_KEY, message));
                }
            }
        }
        Ok(())
    }

    fn conclude(mut self) -> Result<Resolved, Error> {
        let mut tables: Vec<ResolvedTable> = Vec::new();
        for table in self.tables_in_order() {
            let resolved = self.table(table);
            self.repeated(&resolved);
            tables.push(resolved);
        }
        self.problems.sort_by_key(|problem| problem.line);
        match refusal(&self.problems) {
            Some(error) => Err(error),
            None => Ok(Resolved { tables }),
        }
    }

    fn table(&mut self, id: TableId) -> ResolvedTable {
        let columns = self.columns(id);
        let mut resolved =
            ResolvedTable { table: id, columns, notes: self.notes.remove(&id).unwrap_or_default(), ..ResolvedTable::default() };
        for row in self.order.iter().map(|&row| &self.rows.file[row]).filter(|row| row.table == id) {
            match &row.state {
                State::Done { stored: Some(place), .. } => {
                    resolved.matched.push(Matched { row: *place, weight: row.weight, line: row.line });
                }
                State::Done { values, stored: None } => {
                    resolved.rows.push(resolved.columns.iter().map(|&column| values[column].clone()).collect());
                    resolved.weights.push(row.weight);
                    resolved.lines.push(row.line);
                }
                _ => {}
            }
        }
        resolved
    }

    /// The columns that every row of a table has a value for; a column that some rows give, and whose default only the
    /// database can tell, is a problem.
    fn columns(&mut self, id: TableId) -> Vec<ColumnId> {
        let table = &self.catalog.tables[id];
        let mut columns = Vec::new();
        for (column, definition) in table.columns.iter().enumerate().filter(|(_, definition)| !definition.generated) {
            let unknown = definition.sequence.is_none() && self.default(id, column) == Some(Default::Unknown);
            let rows = || self.rows.file.iter().filter(|row| row.table == id);
            let left = rows().find(|row| row.given[column].is_none() && (definition.not_null || !row.named.contains(&column)));
            let given = rows().any(|row| row.given[column].is_some());
            match left.filter(|_| unknown) {
                None => columns.push(column),
                Some(row) if given => {
                    let default = definition.default.as_deref().unwrap_or_default();
                    let message = format!("{} is not given, and only the database can compute its default {default}", definition.name);
                    self.problems.push(Problem::new(row.line, sqlstate::NOT_NULL, message).hint("Give it in every row, or in none."));
                }
                Some(_) => {}
            }
        }
        columns
    }

    /// Notes rows to insert that would have the same key.
    fn repeated(&mut self, resolved: &ResolvedTable) {
        let table = &self.catalog.tables[resolved.table];
        for unique in key::whole_keys(table) {
            let Some(places) = unique
                .columns
                .iter()
                .map(|column| resolved.columns.iter().position(|given| given == column))
                .collect::<Option<Vec<usize>>>()
            else {
                continue;
            };
            let mut seen: HashMap<Vec<String>, u64> = HashMap::new();
            for (row, &line) in resolved.rows.iter().zip(&resolved.lines) {
                let Some(values) = spelled_key(row, &places) else { continue };
                if let Some(&first) = seen.get(&values) {
                    let names: Vec<&str> = unique.columns.iter().map(|&column| table.columns[column].name.as_str()).collect();
                    let message = format!("{} \"{}\" stands in line {first} already", names.join(", "), values.join(", "));
                    self.problems.push(Problem::new(line, sqlstate::UNIQUE, message));
                }
                seen.entry(values).or_insert(line);
            }
        }
    }
}

/// What tells a row from all others of its table, for uuids derived from it: what the file gives of its keys.
fn identity(table: &Table, given: &[Option<String>], line: u64) -> String {
    let mut keys =
        key::whole_keys(table).filter_map(|key| key.columns.iter().map(|&column| given[column].as_deref()).collect::<Option<Vec<_>>>());
    let names = keys.next().map_or_else(|| format!("line {line}"), |names| names.join("\u{1f}"));
    format!("{} {names}", table.name)
}

/// The values of a key in one spelling; `None` where one of them is NULL.
fn spelled_key(values: &[Value], columns: &[ColumnId]) -> Option<Vec<String>> {
    columns.iter().map(|&column| key::spelled(&values[column])).collect()
}

fn same(stored: &Value, given: &Value) -> bool {
    let json = |value: &Value| match value {
        Value::Text(text) => serde_json::from_str::<serde_json::Value>(text).ok(),
        _ => None,
    };
    key::spelled(stored) == key::spelled(given) || json(stored).is_some_and(|stored| json(given) == Some(stored))
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Text(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}
