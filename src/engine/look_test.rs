//! Rows of a schema without a server, to be read by people: `LOOK=schema.sql cargo test --lib look -- --ignored --nocapture`.

use std::collections::BTreeMap;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::fixture;
use crate::engine::plan::{Inputs, Plan, Stored, TableState};
use crate::engine::reference::{self, Resolved};
use crate::engine::rows::Rows;
use crate::engine::rules;
use crate::engine::value::Value;

struct Nothing(BTreeMap<(TableId, ColumnId), i64>);

impl reference::Stored for Nothing {
    fn rows(&mut self, _table: TableId) -> Result<Vec<Vec<Value>>, Error> {
        Ok(Vec::new())
    }
    fn next_key(&mut self, table: TableId, column: ColumnId) -> Result<i64, Error> {
        let next = self.0.entry((table, column)).or_insert(0);
        *next += 1;
        Ok(*next)
    }
}

fn states(catalog: &Catalog, resolved: &Resolved, keys: &BTreeMap<(TableId, ColumnId), i64>) -> Vec<TableState> {
    (0..catalog.tables.len())
        .map(|table| {
            let mut state = TableState::default();
            let columns = catalog.tables[table].columns.len();
            if let Some(found) = resolved.tables.iter().find(|found| found.table == table) {
                let mut stored = Stored::default();
                for (row, weight) in found.rows.iter().zip(&found.weights) {
                    let mut values = vec![Value::Null; columns];
                    for (&column, value) in found.columns.iter().zip(row) {
                        values[column] = value.clone();
                    }
                    stored.rows.push(values);
                    stored.weights.push(*weight);
                }
                stored.inserted = found.rows.len();
                stored.columns.clone_from(&found.columns);
                state.stored = stored;
            }
            for column in 0..columns {
                state.next_keys.insert(column, keys.get(&(table, column)).map_or(1, |key| key + 1));
            }
            state
        })
        .collect()
}

fn shown(value: &Value) -> String {
    if value.is_null() {
        return "∅".into();
    }
    let mut text = String::new();
    value.write_text(&mut text);
    text
}

#[test]
#[ignore = "prints rows for people"]
fn look() {
    let read = |name: &str| std::env::var(name).ok().map(|path| std::fs::read_to_string(path).expect("a file"));
    let catalog = fixture::catalog(&read("LOOK").expect("LOOK names a file of DDL"));
    let document = read("RULES").map_or_else(|| serde_json::json!({"synthgen": 1}), |text| serde_json::from_str(&text).expect("JSON"));
    let (bound, problems) = rules::check(&document, &catalog);
    for problem in problems.iter().filter(|_| std::env::var("PROBLEMS").is_ok()) {
        println!("{problem:?}");
    }
    let mut keys = Nothing(BTreeMap::new());
    let as_of = 9_497 * crate::engine::value::MICROS_PER_DAY;
    let resolved = read("REFERENCE").map_or_else(Resolved::default, |csv| {
        let (reference, _, _) = reference::parse(&csv, &catalog);
        reference::resolve(&reference, &catalog, as_of, &mut keys).expect("resolves")
    });
    let states = states(&catalog, &resolved, &keys.0);
    let mut arguments = Arguments { locale: std::env::var("LOCALE").ok(), ..Arguments::default() };
    arguments.scale = std::env::var("SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0);
    for pair in std::env::var("COUNTS").unwrap_or_default().split(',').filter_map(|pair| pair.split_once('=')) {
        arguments.rows.insert(pair.0.to_owned(), pair.1.parse().expect("a count"));
    }
    let plan = Plan::build(Inputs {
        arguments,
        catalog,
        as_of,
        rules: bound,
        rules_document: document,
        states,
        samples: BTreeMap::new(),
        lists: crate::engine::vocabulary::Lists::default(),
    })
    .expect("a plan");
    let mut rows = Rows::new(&plan);
    for table in plan.layout_order() {
        rows.lay_out(table, &mut |_, candidates| Ok(vec![false; candidates.len()]), &mut || Ok(())).expect("laid out");
    }
    rows.settle();
    let only = std::env::var("TABLES").unwrap_or_default();
    let most: u64 = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(8);
    let csv = std::env::var("CSV").ok();
    for &table in &plan.order {
        let definition = &plan.catalog.tables[table];
        if !only.is_empty() && !only.split(',').any(|name| name == definition.name) {
            continue;
        }
        let layout = (rows.layouts[table].stored, rows.layouts[table].rows());
        if let Some(folder) = &csv {
            let mut writer = csv::Writer::from_path(format!("{folder}/{}.csv", definition.name)).expect("a file");
            writer.write_record(definition.columns.iter().map(|column| &column.name)).expect("written");
            for index in layout.0..layout.1 {
                let cells: Vec<String> = (0..definition.columns.len()).map(|column| shown(&rows.cell(table, index, column))).collect();
                writer.write_record(&cells).expect("written");
            }
            continue;
        }
        if std::env::var("PLAN").is_ok() {
            for (column, planned) in definition.columns.iter().zip(&plan.tables[table].columns) {
                println!("   {} : {} : {} : null {}", column.name, planned.detail, planned.decided_by.word(), planned.null_fraction);
            }
        }
        println!("\n== {} ({} rows) words of {:?}", definition.qualified, layout.1 - layout.0, plan.tables[table].ballot);
        for index in layout.0..layout.1.min(layout.0 + most) {
            let cells: Vec<String> = (0..definition.columns.len())
                .filter(|column| !definition.foreign_keys.iter().any(|key| key.columns.contains(column)))
                .map(|column| format!("{}={}", definition.columns[column].name, shown(&rows.cell(table, index, column))))
                .collect();
            println!("  {}", cells.join(" | "));
        }
    }
}
