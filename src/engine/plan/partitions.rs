//! The leaves of a partitioned table: what each takes of the key's columns, as domains.

use crate::engine::catalog::{Catalog, Check, ColumnId, TableId};
use crate::engine::constraint::{self, ColumnDomain};

/// What one leaf takes: a domain for each column of the key.
pub type Leaf = Vec<(ColumnId, ColumnDomain)>;

/// The leaves of a table; empty where any row finds one, or where the engine cannot tell.
pub(super) fn leaves(catalog: &Catalog, table: TableId) -> Vec<Leaf> {
    let definition = &catalog.tables[table];
    let Some(partitioning) = &definition.partitioning else { return Vec::new() };
    let conditions: Option<Vec<&str>> = partitioning.partitions.iter().map(|leaf| leaf.condition.as_deref()).collect();
    // A default partition takes what no other does; its condition says only that.
    let Some(conditions) = conditions.filter(|_| !partitioning.partitions.iter().any(|leaf| leaf.bound == "DEFAULT")) else {
        return Vec::new();
    };
    let named: Vec<Leaf> = conditions.into_iter().map(|condition| leaf(catalog, table, condition)).collect();
    if named.iter().all(Vec::is_empty) { Vec::new() } else { named }
}

/// Columns that no leaf takes as NULL.
pub(super) fn never_null(leaves: &[Leaf]) -> Vec<ColumnId> {
    let Some(first) = leaves.first() else { return Vec::new() };
    let wanted = |column: ColumnId| leaves.iter().all(|leaf| leaf.iter().any(|(named, domain)| *named == column && domain.not_null));
    first.iter().map(|(column, _)| *column).filter(|&column| wanted(column)).collect()
}

/// The statement that would let a partitioned table take rows; `None` where it has partitions.
pub(super) fn missing(catalog: &Catalog, table: TableId) -> Option<String> {
    let definition = &catalog.tables[table];
    let barren = definition.partitioning.as_ref().is_some_and(|partitioning| partitioning.partitions.is_empty());
    barren.then(|| {
        let name = quoted(&format!("{}_default", definition.name));
        let schema = quoted(&definition.schema);
        let bound = match definition.partitioning.as_ref().map(|partitioning| partitioning.strategy.as_str()) {
            Some("hash") => "FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
            _ => "DEFAULT",
        };
        format!("it has no partition; CREATE TABLE {schema}.{name} PARTITION OF {} {bound} would make one", definition.qualified)
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The domains that a leaf's condition gives its columns, the columns' own ones included.
fn leaf(catalog: &Catalog, table: TableId, condition: &str) -> Leaf {
    let mut definition = catalog.tables[table].clone();
    definition.checks.push(Check { name: "partition".into(), expression: condition.to_owned(), columns: Vec::new() });
    let facts = constraint::facts(&definition, catalog, table);
    let own = constraint::facts(&catalog.tables[table], catalog, table);
    let narrowed = (0..facts.columns.len()).filter(|&column| facts.columns[column] != own.columns[column]);
    narrowed.map(|column| (column, facts.columns[column].clone())).collect()
}
