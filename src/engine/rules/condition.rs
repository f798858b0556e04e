//! Conditions of rules bound to the catalog, and CHECKs that a rule's values must pass.

use crate::engine::catalog::{Catalog, Check, ColumnId, ForeignKeyId, TableId};
use crate::engine::error::sqlstate;
use crate::engine::expression::{BindError, Binding, CellPath, Cells, Condition, Expression, Truth, parse};
use crate::engine::rules::problem::Problems;
use crate::engine::value::Value;

/// Binds a condition over the rows of a table; notes why it cannot be bound.
///
/// A condition may not read the column its rule fills: the value would decide whether it is made.
pub(super) fn bind(
    catalog: &Catalog,
    (table, column): (TableId, ColumnId),
    path: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<Condition> {
    let mut condition = Condition::new(text);
    match condition.bind(catalog, table) {
        Ok(expression) if expression.columns().contains(&CellPath::own(column)) => {
            let name = &catalog.tables[table].columns[column].name;
            problems.error(path, format!("the condition reads {name}, which the rule fills"));
            None
        }
        Ok(_) => Some(condition),
        Err(error) => {
            note(&error, path, problems);
            None
        }
    }
}

fn note(error: &BindError, path: &str, problems: &mut Problems) {
    let (state, hint) = match error {
        BindError::Syntax(_) => (sqlstate::INVALID_PARAMETER, Some("A condition is one SQL expression over the row's columns.".into())),
        BindError::UnknownName { nearest, .. } => {
            (sqlstate::UNDEFINED_COLUMN, nearest.as_ref().map(|nearest| format!("Did you mean \"{nearest}\"?")))
        }
        BindError::AmbiguousName { .. } => (sqlstate::INVALID_PARAMETER, Some("Write the column of the reference.".into())),
        BindError::Unsupported(_) => (sqlstate::NOT_SUPPORTED, None),
    };
    problems.error(path, error.to_string()).state(state).hint = hint;
}

/// The CHECKs that a column's value alone decides.
pub(super) struct Checks {
    column: ColumnId,
    checks: Vec<(String, Expression)>,
}

impl Checks {
    /// Those of the table and of the column's domains, as far as they are understood here; the database judges all.
    pub(super) fn of(catalog: &Catalog, table: TableId, column: ColumnId) -> Self {
        let definition = &catalog.tables[table];
        let own = definition.checks.iter().filter(|check| check.columns == [column]);
        let own = own.filter_map(|check| bound(check, &Binding::check(catalog, table)));
        let domains = definition.columns[column].data_type.domains.iter().flat_map(|domain| &domain.checks);
        let domains = domains.filter_map(|check| bound(check, &Binding::domain(catalog, table, column)));
        Self { column, checks: own.chain(domains).collect() }
    }

    /// The name of a CHECK that the value fails.
    pub(super) fn failed_by(&self, value: &Value) -> Option<&str> {
        let fails = |(_, expression): &&(String, Expression)| {
            let mut cells = One { column: self.column, value };
            expression.truth(&mut cells) == Ok(Truth::False)
        };
        self.checks.iter().find(fails).map(|(name, _)| name.as_str())
    }
}

fn bound(check: &Check, binding: &Binding) -> Option<(String, Expression)> {
    let expression = binding.condition(&parse(&check.expression).ok()?).ok()?;
    // A CHECK over the clock is decided by the moment too.
    (!expression.reads_clock()).then(|| (check.name.clone(), expression))
}

/// A row of which one column is known.
struct One<'a> {
    column: ColumnId,
    value: &'a Value,
}

impl Cells for One<'_> {
    fn cell(&mut self, path: &CellPath) -> Value {
        if *path == CellPath::own(self.column) { self.value.clone() } else { Value::Null }
    }

    fn under(&mut self, _hops: &[ForeignKeyId], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        Value::Null
    }
}
