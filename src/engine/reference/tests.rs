//! Files and what becomes of them, told as data in `tests/data/reference`.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::fixture;
use crate::engine::reference::{Reference, ResolvedTable, Row, Section, Stored, parse, resolve};
use crate::engine::value::Value;

fn catalog(name: &str) -> Catalog {
    fixture::catalog(match name {
        "shop" => include_str!("../../../samples/sql/ecommerce.sql"),
        _ => include_str!("../../../tests/data/reference/odd.sql"),
    })
}

fn file(case: &Json) -> String {
    let lines: Vec<&str> = case["file"].as_array().expect("lines").iter().filter_map(Json::as_str).collect();
    lines.join("\n") + "\n"
}

/// Compares what was found with what the cases tell; prints it in their form where they differ.
fn compare(text: &str, key: &str, find: impl Fn(&Json) -> Vec<String>) {
    let cases: Vec<Json> = serde_json::from_str(text).expect("the cases are JSON");
    let mut found = cases.clone();
    for case in &mut found {
        case[key] = find(case).into();
    }
    if found != cases {
        println!("{}", serde_json::to_string_pretty(&found).expect("JSON prints"));
    }
    for (found, expected) in found.iter().zip(&cases) {
        assert_eq!(found[key], expected[key], "{}", found["about"]);
    }
}

#[test]
fn every_problem_is_named() {
    compare(include_str!("../../../tests/data/reference/problems.json"), "problems", |case| {
        let (_, notes, problems) = parse(&file(case), &catalog(case["schema"].as_str().expect("a schema")));
        let problems = problems.iter().map(|problem| {
            let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("line {} {}: {}{hint}", problem.line, problem.sqlstate, problem.message)
        });
        let notes = notes.iter().map(|note| {
            let column = note.column_name.as_deref().unwrap_or("-");
            format!("note {} {} -> {}.{column} x{}: {}", note.line, note.header, note.table_name, note.row_count, note.note)
        });
        problems.chain(notes).collect()
    });
}

/// A database of the case's rows whose sequences begin at 1.
struct Fake<'a> {
    catalog: &'a Catalog,
    stored: &'a Json,
    keys: HashMap<(TableId, ColumnId), i64>,
}

impl Stored for Fake<'_> {
    fn rows(&mut self, table: TableId) -> Result<Vec<Vec<Value>>, Error> {
        let table = &self.catalog.tables[table];
        let rows = self.stored[&table.name].as_array().cloned().unwrap_or_default();
        let value = |(text, column): (&Json, &crate::engine::catalog::Column)| {
            text.as_str().map_or(Value::Null, |text| Value::parse(&column.data_type.kind, text))
        };
        Ok(rows.iter().map(|row| row.as_array().expect("a row").iter().zip(&table.columns).map(value).collect()).collect())
    }

    fn next_key(&mut self, table: TableId, column: ColumnId) -> Result<i64, Error> {
        let key = self.keys.entry((table, column)).or_default();
        *key += 1;
        Ok(*key)
    }
}

fn told(catalog: &Catalog, table: &ResolvedTable) -> Vec<String> {
    let definition = &catalog.tables[table.table];
    let names: Vec<&str> = table.columns.iter().map(|&column| definition.columns[column].name.as_str()).collect();
    let mut lines = vec![format!("{} ({})", definition.name, names.join(", "))];
    for ((row, weight), line) in table.rows.iter().zip(&table.weights).zip(&table.lines) {
        let values: Vec<String> = row.iter().map(|value| if value.is_null() { "NULL".into() } else { value.to_string() }).collect();
        lines.push(format!("{line} x{weight}: {}", values.join("|")));
    }
    lines.extend(table.matched.iter().map(|matched| format!("{} x{}: stored row {}", matched.line, matched.weight, matched.row)));
    lines.extend(table.notes.iter().cloned());
    lines
}

#[test]
fn rows_are_resolved() {
    compare(include_str!("../../../tests/data/reference/resolutions.json"), "rows", |case| {
        let catalog = catalog(case["schema"].as_str().expect("a schema"));
        let (reference, _, problems) = parse(&file(case), &catalog);
        assert_eq!(problems, [], "{}", case["about"]);
        let mut fake = Fake { catalog: &catalog, stored: &case["stored"], keys: HashMap::new() };
        match resolve(&reference, &catalog, 820_454_400_000_000, &mut fake) {
            Ok(resolved) => resolved.tables.iter().flat_map(|table| told(&catalog, table)).collect(),
            Err(Error::Report(report)) => {
                let lines = report.detail.unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
                [vec![report.sqlstate.to_owned()], lines, report.hint.into_iter().filter(|hint| hint != super::problem::MEND).collect()]
                    .concat()
            }
            Err(other) => vec![other.to_string()],
        }
    });
}

#[test]
fn the_sample_is_read_and_resolved_whole() {
    let catalog = catalog("shop");
    let csv = include_str!("../../../samples/ecommerce_reference.csv");
    let (reference, notes, problems) = parse(csv, &catalog);
    assert_eq!(problems, []);
    assert_eq!(reference.sections.len(), csv.lines().filter(|line| line.starts_with("# [")).count());
    assert!(notes.len() > 40);
    let mut fake = Fake { catalog: &catalog, stored: &Json::Null, keys: HashMap::new() };
    let resolved = resolve(&reference, &catalog, 0, &mut fake).expect("the sample resolves");
    let rows = |reference: &Reference| reference.sections.iter().map(|section| section.rows.len()).sum::<usize>();
    assert_eq!(resolved.tables.iter().map(|table| table.rows.len()).sum::<usize>(), rows(&reference));
    assert_eq!(parse(&reference.to_string(), &catalog).2, []);
}

/// `state_province` as `StateProvince`, `country_id` as `CountryID`.
fn camel(name: &str) -> String {
    let word = |word: &str| match word.strip_suffix("id") {
        Some("") => "ID".to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    };
    name.trim_matches('"').split('_').map(word).collect()
}

#[test]
fn the_sample_in_the_style_of_another_system_gives_the_same_rows() {
    let catalog = catalog("shop");
    let csv = include_str!("../../../samples/ecommerce_reference.csv");
    let own = parse(csv, &catalog).0;
    let mut foreign = own.clone();
    for section in &mut foreign.sections {
        section.schema = "dbo".into();
        section.table = camel(&section.table);
        section.columns.iter_mut().for_each(|column| *column = camel(column));
        for cell in section.rows.iter_mut().flat_map(|row| row.cells.iter_mut().flatten()) {
            *cell = cell.replace("true", "1").replace("false", "0");
        }
    }
    let (read, _, problems) = parse(&foreign.to_string(), &catalog);
    assert_eq!(problems, []);
    let resolved = |reference: &Reference| {
        let mut fake = Fake { catalog: &catalog, stored: &Json::Null, keys: HashMap::new() };
        let tables = resolve(reference, &catalog, 0, &mut fake).expect("the sample resolves").tables;
        tables.into_iter().map(|table| (table.rows, table.weights)).collect::<Vec<_>>()
    };
    assert_ne!(read.sections[0].rows, own.sections[0].rows);
    assert_eq!(resolved(&read), resolved(&own));
}

#[test]
fn a_newer_document_replaces_its_tables_only() {
    let section = |table: &str, line| Section { schema: "s".into(), table: table.into(), line, ..Section::default() };
    let old = Reference { sections: vec![section("a", 1), section("b", 2)] };
    let new = Reference { sections: vec![section("a", 7), section("a", 8)] };
    let lines: Vec<u64> = old.replaced_by(new).sections.iter().map(|section| section.line).collect();
    assert_eq!(lines, [2, 7, 8]);
}

/// The same rows, told without their lines.
fn without_lines(mut reference: Reference) -> Reference {
    for section in &mut reference.sections {
        section.line = 0;
        section.rows.iter_mut().for_each(|row| row.line = 0);
    }
    reference
}

proptest! {
    #[test]
    fn printing_and_parsing_agree(
        texts in prop::collection::vec(("[a-zA-Z#\";,é \n\r-]{1,12}", prop::option::of("[a-z,\"#;\t]{1,9}"), 0..4u8), 1..6),
    ) {
        let catalog = catalog("odd");
        let mut rows: Vec<Row> = Vec::new();
        for (index, (name, flag, weight)) in texts.into_iter().enumerate() {
            let given = |text: String| (!text.trim().is_empty() && text != "NULL").then_some(text);
            let cells = vec![Some(format!("{index:02}")), Some(format!("{index}{name}")), flag.and_then(given)];
            rows.push(Row { line: 0, weight: f64::from(weight) / 2.0, cells });
        }
        let land = &catalog.tables[0];
        let columns = [0, 1, 6].map(|column| land.columns[column].name.clone()).to_vec();
        let (schema, table) = (land.schema.clone(), land.name.clone());
        let reference = Reference { sections: vec![Section { schema, table, line: 0, columns, rows }] };
        let (again, _, problems) = parse(&reference.to_string(), &catalog);
        prop_assert_eq!(problems, []);
        prop_assert_eq!(without_lines(again), reference);
    }
}
