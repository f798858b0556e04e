//! Conditions, as a row's cells answer them.

use std::sync::Arc;

use foldhash::HashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::expression::{CellPath, Cells, Expression, Truth};
use crate::engine::plan::{RowIndex, Source};
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::shown;
use crate::engine::value::Value;

/// Answers remembered; the texts that conditions ask about are few, so more means free text, which is begun anew.
const MOST_REMEMBERED: usize = 4_096;

/// What conditions that look at one text said of texts before: patterns are matched once for each.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// By a condition's address, and the condition itself, so that the address stays its own: the only cell it looks at,
    /// where there is one.
    looks_at: HashMap<usize, (Arc<Expression>, Option<CellPath>)>,
    /// By condition and text.
    said: HashMap<u64, bool>,
}

impl Conditions {
    fn looks_at(&mut self, condition: &Arc<Expression>) -> Option<CellPath> {
        let known = self.looks_at.entry(Arc::as_ptr(condition).addr());
        known.or_insert_with(|| (Arc::clone(condition), only_text(condition))).1.clone()
    }
}

/// The cell of a condition that looks at no other, and matches it with patterns.
fn only_text(condition: &Expression) -> Option<CellPath> {
    let mut matches = false;
    condition.visit(&mut |part| matches |= matches!(part, Expression::Like { .. }));
    let [only] = &condition.columns()[..] else { return None };
    (matches && condition.ancestries().is_empty() && !condition.reads_clock()).then(|| only.clone())
}

impl Rows<'_> {
    /// The source of the first case that holds.
    pub(super) fn cases(
        &mut self,
        table: TableId,
        index: RowIndex,
        column: ColumnId,
        cases: &[(Option<Arc<Expression>>, Source)],
        draws: &mut Draws,
    ) -> Value {
        for (when, source) in cases {
            if when.as_ref().is_none_or(|when| self.case_holds(table, index, when)) {
                return self.produce(table, index, column, source, draws);
            }
        }
        Value::Null
    }

    fn case_holds(&mut self, table: TableId, index: RowIndex, when: &Arc<Expression>) -> bool {
        let Some(path) = self.conditions.looks_at(when) else { return self.holds(table, index, when, false) };
        let Value::Text(text) = (RowView { rows: self, table, index }).cell(&path) else { return self.holds(table, index, when, false) };
        let asked = xxh3_64_with_seed(text.as_bytes(), Arc::as_ptr(when).addr() as u64);
        if let Some(said) = self.conditions.said.get(&asked) {
            return *said;
        }
        let holds = self.holds(table, index, when, false);
        if self.conditions.said.len() >= MOST_REMEMBERED {
            self.conditions.said.clear();
        }
        self.conditions.said.insert(asked, holds);
        holds
    }

    /// Whether an expression over a row holds; `unknown` is the answer for NULL.
    pub(super) fn holds(&mut self, table: TableId, index: RowIndex, expression: &Expression, unknown: bool) -> bool {
        let mut view = RowView { rows: self, table, index };
        match expression.truth(&mut view) {
            Ok(Truth::True) => true,
            Ok(Truth::Unknown) => unknown,
            Ok(Truth::False) => false,
            Err(_) => unknown,
        }
    }

    /// Whether a condition is true of a row, or cannot be told.
    pub(super) fn is_true(&mut self, table: TableId, index: RowIndex, expression: &Expression) -> bool {
        let mut view = RowView { rows: self, table, index };
        matches!(expression.truth(&mut view), Ok(Truth::True) | Err(_))
    }
}

/// A row as an expression sees it.
pub(super) struct RowView<'r, 'p> {
    pub(super) rows: &'r mut Rows<'p>,
    pub(super) table: TableId,
    pub(super) index: RowIndex,
}

impl Cells for RowView<'_, '_> {
    fn cell(&mut self, path: &CellPath) -> Value {
        match self.rows.follow(self.table, self.index, &path.hops) {
            Some((table, row)) => self.rows.cell(table, row, path.column),
            None => Value::Null,
        }
    }

    fn under(&mut self, hops: &[ForeignKeyId], name: &str) -> bool {
        let Some((table, row)) = self.rows.follow(self.table, self.index, hops) else { return false };
        self.rows.is_under(table, row, name)
    }

    fn as_of(&self) -> Value {
        Value::Stamp(self.rows.plan.as_of)
    }
}

impl Rows<'_> {
    /// Whether a row, or one of its ancestors in the same table, has this name or key.
    fn is_under(&mut self, table: TableId, row: RowIndex, name: &str) -> bool {
        let plan = self.plan;
        let parent = plan.catalog.tables[table].foreign_keys.iter().position(|key| key.referenced_table == table);
        let mut at = Some(row);
        for _ in 0..64 {
            let Some(row) = at else { return false };
            let columns = plan.catalog.tables[table].columns.len();
            if (0..columns).any(|column| is_shown_as(self.known(table, row, column), name)) {
                return true;
            }
            at = parent.and_then(|parent| self.reference(table, row, parent));
        }
        false
    }
}

/// Whether a value's text is this one.
fn is_shown_as(value: &Value, text: &str) -> bool {
    match value {
        Value::Text(own) => **own == *text,
        other => shown(other).is_some_and(|own| own == text),
    }
}
