//! Keys of reference rows: the columns by which people name a row, and values in one spelling to compare them by.

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{Column, ColumnId, Key, Table, TypeKind};
use crate::engine::literal;
use crate::engine::value::Value;

/// The keys that hold for every row: the primary key first, then unique ones; no predicates, no expressions.
pub(super) fn whole_keys(table: &Table) -> impl Iterator<Item = &Key> {
    let keys = table.primary_key.iter().chain(&table.unique_keys);
    keys.filter(|key| key.predicate.is_none() && key.expressions.is_empty() && !key.columns.is_empty())
}

/// The columns by which a row can be named, the surest first: unique ones, then those that are called a name or code.
/// Serial keys are none of them.
pub(super) fn natural_columns(table: &Table) -> Vec<ColumnId> {
    let is_numbered = |column: &Column| column.identity.is_some() || column.sequence.is_some();
    let single = whole_keys(table).filter_map(|key| match key.columns[..] {
        [column] if !is_numbered(&table.columns[column]) => Some(column),
        _ => None,
    });
    let mut columns: Vec<ColumnId> = Vec::new();
    let refers = |column: ColumnId| table.foreign_keys.iter().any(|key| key.columns.contains(&column));
    let named = (0..table.columns.len()).filter(|&column| is_called_name(&table.columns[column]) && !refers(column));
    for column in single.chain(named) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// Last words of the names of columns by which people name rows, one a line.
static NAMING_WORDS: &str = include_str!("data/naming_words.txt");

fn is_called_name(column: &Column) -> bool {
    let text = matches!(column.data_type.kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. });
    text && normalise(&column.name).last().is_some_and(|last| NAMING_WORDS.lines().any(|word| word == last))
}

/// A value in the one spelling by which values of its column are the same; `None` for NULL.
pub(super) fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Decimal(number) => {
            let text = Value::Decimal(*number).to_string();
            let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            Some(short.to_owned())
        }
        // char(n) comes padded from the database.
        Value::Text(text) => Some(text.trim_end_matches(' ').to_owned()),
        other => Some(other.to_string()),
    }
}

/// A text of the file in that spelling; `None` where it is no value of the column.
pub(super) fn spelled_text(column: &Column, text: &str) -> Option<String> {
    literal::read(&column.data_type.kind, text).ok().as_ref().and_then(spelled)
}
