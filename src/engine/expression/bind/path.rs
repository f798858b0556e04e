//! Names: columns of the row, and paths through its references.

use sqlparser::ast::{Expr, Ident, Value as Literal};

use super::{BindError, Binding, Bound, Expression, Typed, unsupported};
use crate::engine::catalog::names::{nearest, stem};
use crate::engine::catalog::{ColumnId, ForeignKey, ForeignKeyId, Table, TableId};
use crate::engine::expression::CellPath;

/// The step that leads from a row to the one above it in its own table.
const PARENT: &str = "parent";
/// What a domain's CHECK calls its value.
const VALUE: &str = "VALUE";

impl Binding<'_> {
    pub(super) fn name(&self, names: &[Ident]) -> Bound {
        if let (Some(column), [name]) = (self.value, names)
            && name.value == VALUE
        {
            return Ok(self.cell(CellPath::own(column), &self.table().columns[column]));
        }
        let steps: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
        let Some((last, way)) = steps.split_last() else { return unsupported("empty name") };
        let way = self.without_own_name(way);
        let (hops, table) = self.follow(way)?;
        let column = self.column(table, way.last().copied(), last)?;
        Ok(self.cell(CellPath { hops, column }, &self.catalog.tables[table].columns[column]))
    }

    /// `path under 'name'`.
    pub(super) fn under(&self, arguments: &[&Expr]) -> Bound {
        let [path, Expr::Value(value)] = arguments else { return unsupported("under takes a path and a string") };
        let Literal::SingleQuotedString(name) = &value.value else { return unsupported("under takes a string") };
        let steps: Vec<&str> = match path {
            Expr::Identifier(step) => vec![step.value.as_str()],
            Expr::CompoundIdentifier(steps) => steps.iter().map(|step| step.value.as_str()).collect(),
            other => return unsupported(format!("under on {other}")),
        };
        let own = steps.len() == 1 && same_name(steps[0], &self.table().name) && step_of(self.table(), self.table, steps[0]).is_err();
        let (hops, _) = self.follow(if own { &[] } else { &steps })?;
        Ok(Typed::boolean(Expression::Under { hops, name: name.clone() }))
    }

    fn table(&self) -> &Table {
        &self.catalog.tables[self.table]
    }

    /// `product.price` on product itself: the first step is the table, unless it is a reference.
    fn without_own_name<'s>(&self, way: &'s [&'s str]) -> &'s [&'s str] {
        match way.split_first() {
            Some((first, rest)) if *first == self.table().name && step_of(self.table(), self.table, first).is_err() => rest,
            _ => way,
        }
    }

    fn follow(&self, steps: &[&str]) -> Result<(Vec<ForeignKeyId>, TableId), BindError> {
        let mut table = self.table;
        let mut hops = Vec::with_capacity(steps.len());
        for step in steps {
            let reference = self.step(table, step)?;
            hops.push(reference);
            table = self.catalog.tables[table].foreign_keys[reference].referenced_table;
        }
        Ok((hops, table))
    }

    /// The reference that a step names: by its column, with or without `_id`, else by the table it leads to.
    fn step(&self, id: TableId, step: &str) -> Result<ForeignKeyId, BindError> {
        let table = &self.catalog.tables[id];
        let by_column = step_of(table, id, step);
        let found = by_column.or_else(|candidates| {
            if !candidates.is_empty() {
                return Err(candidates);
            }
            one(references(table, |key| same_name(&self.catalog.tables[key.referenced_table].name, step)))
        });
        found.map_err(|candidates| {
            if candidates.is_empty() {
                self.unknown_step(table, step)
            } else {
                let candidates = candidates.into_iter().map(|key| key_name(table, &table.foreign_keys[key])).collect();
                BindError::AmbiguousName { name: step.to_owned(), table: table.qualified.clone(), candidates }
            }
        })
    }

    fn unknown_step(&self, table: &Table, step: &str) -> BindError {
        let columns = table.foreign_keys.iter().map(|key| key_name(table, key));
        let tables = table.foreign_keys.iter().map(|key| self.catalog.tables[key.referenced_table].name.clone());
        let names: Vec<String> = columns.chain(tables).collect();
        unknown(step, table, names.iter().map(String::as_str))
    }

    /// A column by its name; by a path the table's name may be left out of it (`category.name` finds `category_name`).
    fn column(&self, id: TableId, through: Option<&str>, name: &str) -> Result<ColumnId, BindError> {
        let table = &self.catalog.tables[id];
        let position = |test: &dyn Fn(&str) -> bool| table.columns.iter().position(|column| test(&column.name));
        let stemmed = stem(name);
        let prefixed = |column: &str| {
            let parts = stem(column);
            let Some(at) = parts.len().checked_sub(stemmed.len()) else { return false };
            let (prefix, rest) = parts.split_at(at);
            let owners = [stem(&table.name), stem(through.unwrap_or_default())];
            rest == stemmed.as_slice() && owners.iter().any(|owner| owner.ends_with(prefix) || owner.starts_with(prefix))
        };
        let exactly = position(&|column| column == name);
        if self.exact {
            return exactly.ok_or_else(|| unknown(name, table, table.columns.iter().map(|column| column.name.as_str())));
        }
        exactly
            .or_else(|| position(&|column| column.eq_ignore_ascii_case(name)))
            .or_else(|| position(&|column| stem(column) == stemmed))
            .or_else(|| position(&prefixed))
            .or_else(|| step_of(table, id, name).ok().and_then(|key| single(&table.foreign_keys[key])))
            .ok_or_else(|| unknown(name, table, table.columns.iter().map(|column| column.name.as_str())))
    }
}

fn unknown<'a>(name: &str, table: &Table, candidates: impl Iterator<Item = &'a str>) -> BindError {
    let candidates: Vec<&str> = candidates.collect();
    let whole = nearest(name, candidates.iter().copied()).first().map(|&name| name.to_owned());
    // `nome` for a column that a path may call `name`.
    let by_last_word = || {
        let last = |candidate: &str| stem(candidate).pop().unwrap_or_default();
        candidates.iter().find(|candidate| !nearest(name, [last(candidate).as_str()]).is_empty()).map(|&name| name.to_owned())
    };
    BindError::UnknownName { name: name.to_owned(), table: table.qualified.clone(), nearest: whole.or_else(by_last_word) }
}

fn single(key: &ForeignKey) -> Option<ColumnId> {
    match key.columns.as_slice() {
        [column] => Some(*column),
        _ => None,
    }
}

/// What a reference is called: its last column, which in a compound key is the one of its own.
fn key_name(table: &Table, key: &ForeignKey) -> String {
    key.columns.last().map_or_else(String::new, |column| table.columns[*column].name.clone())
}

fn same_name(left: &str, right: &str) -> bool {
    stem(left) == stem(right)
}

/// A name without its `_id`.
fn without_id(name: &str) -> Vec<String> {
    let mut parts = stem(name);
    if parts.len() > 1 && parts.last().is_some_and(|last| last == "id") {
        parts.pop();
    }
    parts
}

/// The one reference, or those that there are too many of.
fn one(found: Vec<ForeignKeyId>) -> Result<ForeignKeyId, Vec<ForeignKeyId>> {
    match found.as_slice() {
        [only] => Ok(*only),
        _ => Err(found),
    }
}

fn references(table: &Table, test: impl Fn(&ForeignKey) -> bool) -> Vec<ForeignKeyId> {
    (0..table.foreign_keys.len()).filter(|&key| test(&table.foreign_keys[key])).collect()
}

/// The reference with a column of that name, or `parent` for a table's reference to itself;
/// of keys over one column before compound ones.
fn step_of(table: &Table, id: TableId, step: &str) -> Result<ForeignKeyId, Vec<ForeignKeyId>> {
    let wanted = without_id(step);
    let named = |column: ColumnId| without_id(&table.columns[column].name) == wanted;
    let singles = references(table, |key| key.columns.len() == 1 && named(key.columns[0]));
    if !singles.is_empty() {
        return Ok(singles[0]);
    }
    if step == PARENT {
        return one(references(table, |key| key.referenced_table == id));
    }
    one(references(table, |key| key.columns.len() > 1 && key.columns.last().is_some_and(|column| named(*column))))
}
