//! Which columns a model writes: text that a mind must write, by meaning (`data/columns.csv`) or by a rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::engine::catalog::{ColumnId, Key, TableId, TypeKind};
use crate::engine::generator::Generator;
use crate::engine::plan::{Fill, Plan, Source};
use crate::engine::value::Value;

/// Shortest room in which words can be written.
const LEAST_ROOM: u64 = 8;

/// Tokens of a text where nothing is known of it.
const USUAL_TOKENS: u32 = 20;

/// What is known of a meaning.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Known {
    meaning: String,
    write: String,
    pub(super) tell: String,
    repeats: String,
    tokens: Option<u32>,
}

impl Known {
    /// Whether a model writes columns of the meaning.
    pub(super) fn is_written(&self) -> bool {
        !self.write.is_empty()
    }
}

/// A column that the model writes.
#[derive(Debug, Clone)]
pub struct ContentColumn {
    /// The column.
    pub column: ColumnId,
    /// It picks one of these by number instead of writing.
    pub options: Vec<Value>,
    /// Part of a unique key.
    pub unique: bool,
    /// The same value may stand in several rows.
    pub repeats: bool,
    /// Tokens of a value, roughly.
    pub tokens: u32,
}

/// What `data/columns.csv` says of a meaning.
pub(super) fn known(meaning: &str) -> Option<&'static Known> {
    all().get(meaning)
}

/// Meanings that no model writes and that are told of a row, by name.
pub(super) fn told_meanings() -> impl Iterator<Item = (&'static str, &'static Known)> {
    all().iter().filter(|(_, known)| !known.tell.is_empty() && !known.is_written()).map(|(meaning, known)| (meaning.as_str(), known))
}

fn all() -> &'static BTreeMap<String, Known> {
    static KNOWN: OnceLock<BTreeMap<String, Known>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/columns.csv").as_bytes());
        let lines = reader.deserialize::<Known>().map(|line| line.expect("the tests read every line of this file"));
        lines.map(|known| (known.meaning.clone(), known)).collect()
    })
}

/// The columns of a table that a model writes; none where it gets no rows.
pub fn content(plan: &Plan, table: TableId) -> Vec<ContentColumn> {
    if plan.tables[table].fill != Fill::Make || plan.tables[table].count == 0 {
        return Vec::new();
    }
    (0..plan.tables[table].columns.len()).filter_map(|column| content_column(plan, table, column)).collect()
}

fn content_column(plan: &Plan, table: TableId, column: ColumnId) -> Option<ContentColumn> {
    let planned = &plan.tables[table].columns[column];
    let rules = || plan.bound.columns.iter().filter(|rule| (rule.table, rule.column) == (table, column));
    let wanted = rules().filter_map(|rule| if let Generator::Model(wanted) = rule.generator { Some(wanted) } else { None }).next_back();
    let fixed = rules().any(|rule| !matches!(rule.generator, Generator::Null(_) | Generator::Model(_)));
    let known = planned.meaning.and_then(known);
    let written = match wanted {
        Some(wanted) => wanted,
        None => !fixed && is_made_of_words(&planned.source) && planned.domain.allowed.is_none() && by_meaning(planned.meaning, known),
    };
    if !written || !may_be_written(plan, table, column) {
        return None;
    }
    let options = planned.domain.allowed.clone().unwrap_or_default();
    Some(ContentColumn {
        column,
        unique: options.is_empty() && is_unique(plan, table, column),
        repeats: !options.is_empty() || known.is_some_and(|known| !known.repeats.is_empty()),
        tokens: if options.is_empty() { known.and_then(|known| known.tokens).unwrap_or(USUAL_TOKENS) } else { 2 },
        options,
    })
}

fn by_meaning(meaning: Option<&str>, known: Option<&Known>) -> bool {
    meaning.is_none() || known.is_some_and(Known::is_written)
}

/// Whether words are drawn or composed for it: not copied, derived, or numbered.
fn is_made_of_words(source: &Source) -> bool {
    matches!(source, Source::Text(_) | Source::Phrases(_) | Source::Tuple(..))
}

/// Text, no key, nothing that only the database can judge.
fn may_be_written(plan: &Plan, table: TableId, column: ColumnId) -> bool {
    let definition = &plan.catalog.tables[table];
    let planned = &plan.tables[table].columns[column];
    let text = matches!(planned.kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. });
    let listed = planned.domain.allowed.as_ref().is_some_and(|allowed| !allowed.is_empty());
    let roomy = planned.domain.max_length.unwrap_or(u64::MAX) >= LEAST_ROOM;
    let fixed = matches!(planned.source, Source::Database | Source::Serial { .. } | Source::Key { .. } | Source::StateLabel);
    let keyed = definition.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column))
        || definition.foreign_keys.iter().any(|key| key.columns.contains(&column));
    (listed || (text && roomy)) && !fixed && !keyed && uniquely(plan, table, column) && !is_judged(plan, table, column)
}

/// Whether every unique key with the column is one that is kept by remembering: other schemes are the source's own.
fn uniquely(plan: &Plan, table: TableId, column: ColumnId) -> bool {
    let definition = &plan.catalog.tables[table];
    let name = &definition.columns[column].name;
    let concerned = |key: &&Key| key.columns.contains(&column) || key.expressions.iter().any(|expression| expression.contains(name));
    let mut keys = definition.unique_keys.iter().filter(concerned);
    keys.all(|key| plan.tables[table].remembered.iter().any(|remembered| remembered.name == key.name))
}

fn is_unique(plan: &Plan, table: TableId, column: ColumnId) -> bool {
    plan.tables[table].remembered.iter().any(|key| key.columns == [column])
}

/// Whether a CHECK on the column is one that only the database can judge.
fn is_judged(plan: &Plan, table: TableId, column: ColumnId) -> bool {
    let checks = plan.catalog.tables[table].checks.iter().filter(|check| check.columns.contains(&column));
    let verdicts = &plan.tables[table].verdicts;
    checks.into_iter().any(|check| verdicts.iter().any(|verdict| verdict.name == check.name && verdict.verdict != "proved"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_speaks_of_a_known_meaning() {
        let mut reader = csv::Reader::from_reader(include_str!("data/columns.csv").as_bytes());
        let lines: Vec<Known> = reader.deserialize().map(|line| line.expect("the line is read")).collect();
        let provided =
            |id: &str| crate::engine::vocabulary::vocabularies().any(|list| list.knows(crate::engine::vocabulary::Symbol::new(id)));
        let unknown: Vec<&str> = lines
            .iter()
            .map(|known| known.meaning.as_str())
            .filter(|id| crate::engine::vocabulary::meaning(id).is_none() && !provided(id))
            .collect();
        assert!(lines.len() > 50 && unknown.is_empty(), "{unknown:?}");
        assert!(lines.iter().all(|known| known.write.is_empty() || known.tokens.is_some()));
    }
}
