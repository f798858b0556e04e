//! CHECKs as PostgreSQL 15 prints them, and what it makes of each on twelve rows: the engine agrees or abstains.
//!
//! `data/truth.csv` came from a server (session time zone America/New_York, collation C.UTF-8): per expression
//! one letter a row (True, False, Unknown, Error), and `-` where the engine is known to abstain altogether.

use super::{Binding, CellPath, Cells, Truth, parse};
use crate::engine::catalog::{Catalog, ForeignKeyId};
use crate::engine::fixture;
use crate::engine::value::Value;

/// One row of the table.
struct Row(Vec<Value>);

impl Cells for Row {
    fn cell(&mut self, path: &CellPath) -> Value {
        self.0[path.column].clone()
    }

    fn under(&mut self, _hops: &[ForeignKeyId], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        Value::Stamp(848_736_000_000_000)
    }
}

fn rows(catalog: &Catalog) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(include_str!("data/rows.csv").as_bytes());
    let columns = &catalog.tables[0].columns;
    let cell = |(text, index): (&str, usize)| match text {
        "\\N" => Value::Null,
        text => Value::parse(&columns[index].data_type.kind, text).fit(&columns[index].data_type.kind),
    };
    reader.records().map(|record| Row(record.unwrap().iter().zip(0..).map(cell).collect())).collect()
}

/// What the engine says of an expression, a letter a row: `?` where it abstains on a row, `-` on all.
fn verdicts(catalog: &Catalog, rows: &mut [Row], expression: &str) -> String {
    let bound = parse(expression).map_err(|error| error.to_string());
    let bound = bound.and_then(|parsed| Binding::check(catalog, 0).condition(&parsed).map_err(|error| error.to_string()));
    let Ok(bound) = bound else { return "-".into() };
    let letter = |row: &mut Row| match bound.truth(row) {
        Ok(Truth::True) => 'T',
        Ok(Truth::False) => 'F',
        Ok(Truth::Unknown) => 'U',
        Err(_) => '?',
    };
    rows.iter_mut().map(letter).collect()
}

#[test]
fn the_engine_agrees_with_the_server_or_abstains() {
    let catalog = fixture::catalog(include_str!("data/table.sql"));
    let mut rows = rows(&catalog);
    let mut wrong = Vec::new();
    for record in csv::Reader::from_reader(include_str!("data/truth.csv").as_bytes()).records() {
        let record = record.unwrap();
        let (expression, truths, abstains) = (&record[0], &record[1], record.get(2) == Some("-"));
        let verdicts = verdicts(&catalog, &mut rows, expression);
        let agrees = verdicts.chars().zip(truths.chars()).all(|(ours, theirs)| ours == theirs || ours == '?');
        if (verdicts == "-") != abstains || !(agrees || abstains) {
            wrong.push(format!("{expression}: server {truths}, engine {verdicts}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
