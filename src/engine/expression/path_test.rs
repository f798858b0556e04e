//! Rule conditions: what each of `data/paths.csv` reads on `data/paths.sql`'s last table, or why it does not bind.

use super::{BindError, CellPath, Condition, Expression};
use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};
use crate::engine::fixture;

/// Names of the columns of the references on the way.
fn way(catalog: &Catalog, mut table: TableId, hops: &[ForeignKeyId]) -> (Vec<String>, TableId) {
    let mut names = Vec::new();
    for &hop in hops {
        let key = &catalog.tables[table].foreign_keys[hop];
        names.push(catalog.tables[table].columns[key.columns[0]].name.clone());
        table = key.referenced_table;
    }
    (names, table)
}

fn printed(catalog: &Catalog, table: TableId, path: &CellPath) -> String {
    let (mut names, end) = way(catalog, table, &path.hops);
    names.push(catalog.tables[end].columns[path.column].name.clone());
    names.join(".")
}

fn reads(catalog: &Catalog, table: TableId, expression: &Expression) -> String {
    let cells = expression.columns().into_iter().map(|path| printed(catalog, table, &path));
    let ancestries = expression.ancestries().into_iter().map(|hops| way(catalog, table, &hops).0.join(".") + "*");
    let mut all: Vec<String> = cells.chain(ancestries).collect();
    all.sort_by_key(|name| name.matches('.').count());
    all.join(";")
}

fn problem(error: &BindError) -> String {
    match error {
        BindError::UnknownName { nearest: Some(nearest), .. } => format!("error: {error}, {nearest}?"),
        _ => format!("error: {error}"),
    }
}

#[test]
fn conditions_bind_by_names() {
    let catalog = fixture::catalog(include_str!("data/paths.sql"));
    let table = catalog.tables.len() - 1;
    for record in csv::Reader::from_reader(include_str!("data/paths.csv").as_bytes()).records() {
        let record = record.unwrap();
        let mut condition = Condition::new(&record[0]);
        let found = match condition.bind(&catalog, table) {
            Ok(bound) => reads(&catalog, table, &bound),
            Err(error) => problem(&error),
        };
        assert_eq!(found, record[1], "{}", &record[0]);
        assert_eq!(condition.bound.is_none(), record[1].starts_with("error"));
    }
}
