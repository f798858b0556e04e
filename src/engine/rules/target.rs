//! What a rule's `on` names: a table, a column, a relation, a pattern of columns.

use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, Table, TableId};
use crate::engine::error::sqlstate;
use crate::engine::rules::problem::Problems;
use crate::engine::rules::spelling;

/// A name that binds to nothing, or to more than one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Unbound {
    /// 42P01 or 42703, 22023 where it is ambiguous.
    pub(crate) sqlstate: &'static str,
    /// What was looked for.
    pub(crate) message: String,
    /// The nearest names.
    pub(crate) hint: Option<String>,
}

impl Unbound {
    fn table(name: &str, catalog: &Catalog) -> Self {
        let names = catalog.tables.iter().filter(|table| table.in_target).map(|table| table.name.as_str());
        let hint = spelling::did_you_mean(name, names);
        Self { sqlstate: sqlstate::UNDEFINED_TABLE, message: format!("there is no table \"{name}\""), hint }
    }

    fn column(table: &Table, name: &str) -> Self {
        let hint = spelling::did_you_mean(name, table.columns.iter().map(|column| column.name.as_str()));
        let message = format!("{} has no column \"{name}\"", table.qualified);
        Self { sqlstate: sqlstate::UNDEFINED_COLUMN, message, hint }
    }

    fn ambiguous(name: &str, found: &[String]) -> Self {
        let message = format!("\"{name}\" may be {}", found.join(" or "));
        Self { sqlstate: sqlstate::INVALID_PARAMETER, message, hint: Some("Write the full name.".into()) }
    }

    /// Adds it to the problems.
    pub(super) fn note(self, path: &str, problems: &mut Problems) {
        problems.error(path, self.message).state(self.sqlstate).hint = self.hint;
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

/// The table of a name such as `order_item`, `OrderItems` or `ecommerce.order_item`.
pub(crate) fn table(catalog: &Catalog, name: &str) -> Result<TableId, Unbound> {
    table_of(catalog, &split(name))
}

fn table_of(catalog: &Catalog, parts: &[String]) -> Result<TableId, Unbound> {
    let name = parts.join(".");
    let (schema, plain) = match parts {
        [plain] => (None, plain),
        [schema, plain] => (Some(schema), plain),
        _ => return Err(Unbound::table(&name, catalog)),
    };
    let candidates = || {
        let target = catalog.tables.iter().enumerate().filter(|(_, table)| table.in_target);
        target.filter(move |(_, table)| schema.is_none_or(|schema| table.schema.eq_ignore_ascii_case(schema)))
    };
    let found = closest(candidates().map(|(id, table)| (id, table.name.as_str())), plain);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Unbound::table(&name, catalog)),
        several => {
            let names: Vec<String> = several.iter().map(|&id| catalog.tables[id].qualified.clone()).collect();
            Err(Unbound::ambiguous(&name, &names))
        }
    }
}

/// The column of a name, spelled as people do.
pub(crate) fn column(table: &Table, name: &str) -> Result<ColumnId, Unbound> {
    let found = closest(table.columns.iter().enumerate().map(|(id, column)| (id, column.name.as_str())), name);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Unbound::column(table, name)),
        several => {
            let names: Vec<String> = several.iter().map(|&id| table.columns[id].name.clone()).collect();
            Err(Unbound::ambiguous(name, &names))
        }
    }
}

/// The ids of the names closest to a spelling: the very name, else but for case, else but for underscores and plural.
fn closest<'a>(candidates: impl Iterator<Item = (usize, &'a str)> + Clone, wanted: &str) -> Vec<usize> {
    let matching =
        |same: &dyn Fn(&str) -> bool| -> Vec<usize> { candidates.clone().filter(|(_, name)| same(name)).map(|(id, _)| id).collect() };
    let key = spelling::key(wanted);
    let exact = matching(&|name| name == wanted);
    let but_for_case = || matching(&|name| name.to_lowercase() == wanted.to_lowercase());
    let like = || if key.is_empty() { Vec::new() } else { matching(&|name| spelling::key(name) == key) };
    [exact]
        .into_iter()
        .chain(std::iter::once_with(but_for_case))
        .chain(std::iter::once_with(like))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// A column, by `table.column` or `schema.table.column`.
pub(super) fn table_column(catalog: &Catalog, on: &str) -> Result<(TableId, ColumnId), Unbound> {
    let (table, name) = owner_and_member(catalog, on)?;
    column(&catalog.tables[table], &name).map(|column| (table, column))
}

/// A table and what follows its name.
fn owner_and_member(catalog: &Catalog, on: &str) -> Result<(TableId, String), Unbound> {
    let mut parts = split(on);
    match (parts.pop(), parts.len()) {
        (Some(member), 1 | 2) => table_of(catalog, &parts).map(|table| (table, member)),
        (Some(name), 0) => match table(catalog, &name) {
            Ok(_) => Err(Unbound {
                sqlstate: sqlstate::INVALID_PARAMETER,
                message: format!("\"{on}\" is a table, a column is expected"),
                hint: Some(format!("Write {on}.column.")),
            }),
            Err(_) => Err(Unbound {
                sqlstate: sqlstate::UNDEFINED_COLUMN,
                message: format!("\"{on}\" is not of the form table.column"),
                hint: None,
            }),
        },
        _ => Err(Unbound::table(on, catalog)),
    }
}

/// A relation: `child.column`, `child.referenced_table`, or a child that has only one foreign key.
pub(super) fn relation(catalog: &Catalog, on: &str) -> Result<(TableId, ForeignKeyId), Unbound> {
    if let ([_], Ok(child)) = (split(on).as_slice(), table(catalog, on)) {
        return only(&catalog.tables[child], on, &|_| true).map(|key| (child, key));
    }
    let (child, member) = owner_and_member(catalog, on)?;
    let found = &catalog.tables[child];
    let key = match column(found, &member) {
        Ok(column) => only(found, on, &|key| found.foreign_keys[key].columns.contains(&column)),
        Err(unbound) => match table(catalog, &member) {
            Ok(parent) => only(found, on, &|key| found.foreign_keys[key].referenced_table == parent),
            Err(_) => Err(unbound),
        },
    };
    key.map(|key| (child, key))
}

/// The one foreign key of a table that is meant; of several over one column the narrowest.
fn only(table: &Table, on: &str, is_meant: &dyn Fn(ForeignKeyId) -> bool) -> Result<ForeignKeyId, Unbound> {
    let meant: Vec<ForeignKeyId> = (0..table.foreign_keys.len()).filter(|&key| is_meant(key)).collect();
    let width = |&key: &ForeignKeyId| table.foreign_keys[key].columns.len();
    let narrowest = meant.iter().map(width).min();
    let narrow: Vec<ForeignKeyId> = meant.into_iter().filter(|key| Some(width(key)) == narrowest).collect();
    let spelled = |key: &ForeignKeyId| {
        let columns = table.foreign_keys[*key].columns.iter().map(|&column| table.columns[column].name.as_str());
        format!("{}.{}", table.name, columns.collect::<Vec<_>>().join("+"))
    };
    match narrow.as_slice() {
        [one] => Ok(*one),
        [] => Err(Unbound {
            sqlstate: sqlstate::INVALID_PARAMETER,
            message: format!("\"{on}\" is no relation: no such foreign key stands in {}", table.qualified),
            hint: (!table.foreign_keys.is_empty())
                .then(|| format!("Known are {}.", (0..table.foreign_keys.len()).map(|key| spelled(&key)).collect::<Vec<_>>().join(", "))),
        }),
        several => Err(Unbound::ambiguous(on, &several.iter().map(spelled).collect::<Vec<_>>())),
    }
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
