//! Reads a reference file and binds it to the catalog; every problem is named, with its line.

use std::collections::HashMap;

use crate::engine::catalog::{Catalog, Column, ColumnId, Table, TableId};
use crate::engine::error::sqlstate;
use crate::engine::literal;
use crate::engine::reference::document::{Reference, Row, Section};
use crate::engine::reference::key;
use crate::engine::reference::layout::{self, RawSection, Record};
use crate::engine::reference::mapping::{self, Header};
use crate::engine::reference::note::Note;
use crate::engine::reference::problem::Problem;

/// Reads a file: its rows by the catalog's names, how each header was mapped, and what is wrong, in line order.
/// With a problem nothing of it should be stored.
pub fn parse(csv: &str, catalog: &Catalog) -> (Reference, Vec<Note>, Vec<Problem>) {
    let mut problems = Vec::new();
    let raw = layout::read(csv, &mut problems);
    let mut reader = Reader { catalog, problems, notes: Vec::new(), keys: HashMap::new() };
    if raw.is_empty() && reader.problems.is_empty() {
        reader.problems.push(Problem::form(1, "the file has no section: a line like \"# [table]\" begins one"));
    }
    let sections = raw.iter().filter_map(|section| reader.section(section)).collect();
    reader.problems.sort_by_key(|problem| problem.line);
    (Reference { sections }, reader.notes, reader.problems)
}

/// A key's table, its place among the table's keys, and its values.
type KeyValues = (TableId, usize, Vec<String>);

struct Reader<'a> {
    catalog: &'a Catalog,
    problems: Vec<Problem>,
    notes: Vec<Note>,
    /// Keys seen so far and their lines.
    keys: HashMap<KeyValues, u64>,
}

impl Reader<'_> {
    fn section(&mut self, raw: &RawSection) -> Option<Section> {
        let id = match mapping::table(raw, self.catalog) {
            Ok(table) => table,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let table = &self.catalog.tables[id];
        let headers = mapping::headers(raw, self.catalog, table, &mut self.problems);
        self.note(raw, table, &headers);
        self.missing(raw, table, &headers);
        let columns: Vec<(usize, ColumnId)> =
            headers.iter().enumerate().filter_map(|(index, header)| column_of(header).map(|column| (index, column))).collect();
        let weight = headers.iter().position(|header| *header == Header::Weight);
        let mut rows = Vec::with_capacity(raw.records.len());
        for record in &raw.records {
            let row = self.row(record, table, &columns, weight);
            self.duplicates(id, &columns, &row);
            rows.push(row);
        }
        Some(Section {
            schema: table.schema.clone(),
            table: table.name.clone(),
            line: raw.line,
            columns: columns.iter().map(|&(_, column)| table.columns[column].name.clone()).collect(),
            rows,
        })
    }

    fn note(&mut self, raw: &RawSection, table: &Table, headers: &[Header]) {
        for (header, found) in raw.header.fields.iter().zip(headers) {
            let (column, note) = match found {
                Header::Column(column, how) => (Some(&table.columns[*column]), self.by_key(table, *column, how)),
                Header::Weight => (None, "weights of the rows".into()),
                Header::LeftOut => (None, "left out".into()),
                Header::Unknown => continue,
            };
            self.notes.push(Note {
                section: raw.title.name.clone(),
                line: raw.line,
                header: header.clone(),
                table_name: table.qualified.clone(),
                column_name: column.map(|column| column.name.clone()),
                row_count: raw.records.len() as u64,
                note,
            });
        }
    }

    /// How a column was found, and for a reference by what its rows may be named.
    fn by_key(&self, table: &Table, column: ColumnId, how: &str) -> String {
        let Some(foreign_key) = single_foreign_key(table, column) else { return how.to_owned() };
        let referenced = &self.catalog.tables[table.foreign_keys[foreign_key].referenced_table];
        let names: Vec<&str> = key::natural_columns(referenced).iter().map(|&natural| referenced.columns[natural].name.as_str()).collect();
        if names.is_empty() { how.to_owned() } else { format!("{how}; rows of {} by key or {}", referenced.qualified, names.join(", ")) }
    }

    /// Notes columns that every row needs and the section lacks.
    fn missing(&mut self, raw: &RawSection, table: &Table, headers: &[Header]) {
        let given = |column: ColumnId| headers.iter().any(|header| column_of(header) == Some(column));
        for (id, column) in table.columns.iter().enumerate() {
            if needs_value(column) && !given(id) {
                let message = format!("the section lacks {}, which is NOT NULL without a default", column.name);
                self.problems.push(Problem::new(raw.header.line, sqlstate::NOT_NULL, message));
            }
        }
    }

    fn row(&mut self, record: &Record, table: &Table, columns: &[(usize, ColumnId)], weight: Option<usize>) -> Row {
        let cells = columns.iter().map(|&(index, column)| self.cell(record.line, table, column, &record.fields[index])).collect();
        let weight = weight.map_or(1.0, |index| self.weight(record.line, &record.fields[index]));
        Row { line: record.line, weight, cells }
    }

    fn weight(&mut self, line: u64, text: &str) -> f64 {
        let weight = if text.trim().is_empty() { Ok(1.0) } else { text.trim().parse::<f64>() };
        match weight {
            Ok(weight) if weight.is_finite() && weight >= 0.0 => weight,
            _ => {
                self.problems.push(Problem::form(line, format!("the weight \"{text}\" is not a number from 0")));
                1.0
            }
        }
    }

    /// A cell's text; empty and `NULL` are none.
    fn cell(&mut self, line: u64, table: &Table, id: ColumnId, text: &str) -> Option<String> {
        let column = &table.columns[id];
        if text.trim().is_empty() || text == "NULL" {
            if needs_value(column) {
                let message = format!("{} is empty, and NOT NULL without a default", column.name);
                self.problems.push(Problem::new(line, sqlstate::NOT_NULL, message));
            }
            return None;
        }
        if let Err(misfit) = literal::read(&column.data_type.kind, text)
            && !self.may_be_name(table, id)
        {
            self.problems.push(Problem::new(line, sqlstate::INVALID_TEXT, format!("{}: {misfit}", column.name)));
        }
        Some(text.to_owned())
    }

    /// Whether a column refers to rows that have names of their own.
    fn may_be_name(&self, table: &Table, column: ColumnId) -> bool {
        single_foreign_key(table, column).is_some_and(|foreign_key| {
            let referenced = &self.catalog.tables[table.foreign_keys[foreign_key].referenced_table];
            !key::natural_columns(referenced).is_empty() || key::whole_keys(referenced).any(|key| key.columns.len() > 1)
        })
    }

    /// Notes keys that stand in the file twice.
    fn duplicates(&mut self, id: TableId, columns: &[(usize, ColumnId)], row: &Row) {
        let table = &self.catalog.tables[id];
        for (place, unique) in key::whole_keys(table).enumerate() {
            let value = |column: &ColumnId| {
                let at = columns.iter().position(|(_, given)| given == column)?;
                let text = row.cells[at].as_ref()?;
                key::spelled_text(&table.columns[*column], text).or_else(|| Some(text.clone()))
            };
            let Some(values) = unique.columns.iter().map(value).collect::<Option<Vec<String>>>() else { continue };
            let names: Vec<&str> = unique.columns.iter().map(|&column| table.columns[column].name.as_str()).collect();
            let shown = format!("{} \"{}\"", names.join(", "), values.join(", "));
            if let Some(line) = self.keys.insert((id, place, values), row.line) {
                self.problems.push(Problem::new(row.line, sqlstate::UNIQUE, format!("{shown} stands in line {line} already")));
            }
        }
    }
}

fn column_of(header: &Header) -> Option<ColumnId> {
    match header {
        Header::Column(column, _) => Some(*column),
        _ => None,
    }
}

/// Whether a row without a value for the column cannot be stored.
fn needs_value(column: &Column) -> bool {
    column.not_null && column.default.is_none() && column.identity.is_none() && column.sequence.is_none() && !column.generated
}

/// The foreign key over this column alone.
pub(super) fn single_foreign_key(table: &Table, column: ColumnId) -> Option<usize> {
    table.foreign_keys.iter().position(|key| key.columns == [column])
}
