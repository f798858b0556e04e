//! What a rule's `on` names: a table, a column, a relation, a pattern of columns.

use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::rules::problem::Problems;

/// Adds an error of binding to the problems.
pub(super) fn note(error: Error, path: &str, problems: &mut Problems) {
    match error {
        Error::Report(report) => problems.error(path, report.message).state(report.sqlstate).hint = report.hint.or(report.detail),
        other => drop(problems.error(path, other.to_string())),
    }
}

/// The parts of a dotted name; double quotes keep dots together.
pub(crate) fn split(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in name.trim().chars() {
        match (letter, parts.last_mut()) {
            ('"', _) => quoted = !quoted,
            ('.', _) if !quoted => parts.push(String::new()),
            (_, Some(part)) => part.push(letter),
            (_, None) => {}
        }
    }
    parts
}

/// The table of a name such as `order_item`, `OrderItems` or `ecommerce.order_item`; one of the target's own.
pub(crate) fn table(catalog: &Catalog, name: &str) -> Result<TableId, Error> {
    let id = catalog.table_named(name)?;
    let table = &catalog.tables[id];
    if table.in_target {
        return Ok(id);
    }
    Err(Error::new(sqlstate::UNDEFINED_TABLE, format!("{} lies outside the target {}", table.qualified, catalog.schemas.join(", "))))
}

/// A column, by `table.column` or `schema.table.column`.
pub(super) fn table_column(catalog: &Catalog, on: &str) -> Result<(TableId, ColumnId), Error> {
    let (table, name) = table_and_member(catalog, on)?;
    catalog.tables[table].column_named(&name).map(|column| (table, column))
}

/// A table and what follows its name.
fn table_and_member(catalog: &Catalog, on: &str) -> Result<(TableId, String), Error> {
    let mut parts = split(on);
    match (parts.pop(), parts.len()) {
        (Some(member), 1 | 2) => table(catalog, &joined(&parts)).map(|table| (table, quoted(&member))),
        (Some(name), 0) if table(catalog, &quoted(&name)).is_ok() => {
            let error = Error::new(sqlstate::INVALID_PARAMETER, format!("\"{on}\" is a table, a column is expected"));
            Err(error.hint(format!("Write {on}.column.")))
        }
        _ => Err(Error::new(sqlstate::UNDEFINED_COLUMN, format!("\"{on}\" is not of the form table.column"))),
    }
}

fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| quoted(part)).collect::<Vec<_>>().join(".")
}

/// The name as one part of a dotted name.
fn quoted(name: &str) -> String {
    if name.contains(['.', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// A relation: `child.column`, `child.referenced_table`, or a child that has only one foreign key.
pub(super) fn relation(catalog: &Catalog, on: &str) -> Result<(TableId, ForeignKeyId), Error> {
    if let ([_], Ok(child)) = (split(on).as_slice(), table(catalog, on)) {
        return only(&catalog.tables[child], on, &|_| true).map(|key| (child, key));
    }
    let (child, member) = table_and_member(catalog, on)?;
    let found = &catalog.tables[child];
    let key = match found.column_named(&member) {
        Ok(column) => only(found, on, &|key| found.foreign_keys[key].columns.contains(&column)),
        Err(missing) => match table(catalog, &member) {
            Ok(parent) => only(found, on, &|key| found.foreign_keys[key].referenced_table == parent),
            Err(_) => Err(missing),
        },
    };
    key.map(|key| (child, key))
}

/// The one foreign key of a table that is meant; of several over one column the narrowest.
fn only(table: &Table, on: &str, is_meant: &dyn Fn(ForeignKeyId) -> bool) -> Result<ForeignKeyId, Error> {
    let meant: Vec<ForeignKeyId> = (0..table.foreign_keys.len()).filter(|&key| is_meant(key)).collect();
    let width = |&key: &ForeignKeyId| table.foreign_keys[key].columns.len();
    let narrowest = meant.iter().map(width).min();
    let narrow: Vec<ForeignKeyId> = meant.into_iter().filter(|key| Some(width(key)) == narrowest).collect();
    match narrow.as_slice() {
        [one] => Ok(*one),
        [] => {
            let message = format!("\"{on}\" is no relation: no such foreign key stands in {}", table.qualified);
            let known: Vec<String> = (0..table.foreign_keys.len()).map(|key| spelled(table, key)).collect();
            let error = Error::new(sqlstate::INVALID_PARAMETER, message);
            Err(if known.is_empty() { error } else { error.hint(format!("Known are {}.", known.join(", "))) })
        }
        several => {
            let names: Vec<String> = several.iter().map(|&key| spelled(table, key)).collect();
            let error = Error::new(sqlstate::INVALID_PARAMETER, format!("\"{on}\" may be {}", names.join(" or ")));
            Err(error.hint("Write the full name."))
        }
    }
}

/// A foreign key as rules write it.
fn spelled(table: &Table, key: ForeignKeyId) -> String {
    let columns = table.foreign_keys[key].columns.iter().map(|&column| table.columns[column].name.as_str());
    format!("{}.{}", table.name, columns.collect::<Vec<_>>().join("+"))
}

/// The columns that a pattern names: `*` stands for anything, in `column`, `table.column` or `schema.table.column`.
pub(super) fn pattern(catalog: &Catalog, pattern: &str) -> Vec<(TableId, ColumnId)> {
    let mut parts = split(&pattern.to_lowercase()).into_iter().rev();
    let column = parts.next().unwrap_or_default();
    let table = parts.next().unwrap_or_else(|| "*".into());
    let schema = parts.next().unwrap_or_else(|| "*".into());
    let tables = catalog.tables.iter().enumerate().filter(|(_, candidate)| {
        candidate.in_target && matches(&table, &candidate.name.to_lowercase()) && matches(&schema, &candidate.schema.to_lowercase())
    });
    tables
        .flat_map(|(id, table)| table.columns.iter().enumerate().map(move |(column, definition)| ((id, column), &definition.name)))
        .filter(|(_, name)| matches(&column, &name.to_lowercase()))
        .map(|(found, _)| found)
        .collect()
}

/// Whether a text matches a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(head) else { return false };
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.into_iter().any(|at| matches(tail, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches("*_at", "made_at"));
        assert!(matches("is_*", "is_"));
        assert!(matches("*", ""));
        assert!(matches("a*b*c", "axxbyyc"));
        assert!(!matches("*_at", "made_attic"));
        assert!(!matches("a*b", "ab_"));
    }

    #[test]
    fn quotes_keep_dots_together() {
        assert_eq!(split("a.\"b.c\".d"), ["a", "b.c", "d"]);
    }
}
