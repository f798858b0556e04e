//! What goes with a label of a row: a source of its own, a line of a list.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{Fact, RowIndex, Source};
use crate::engine::rows::random::{Draws, mix};
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::Row;
use crate::engine::value::Value;
use crate::engine::vocabulary::{Fitting, LineRef};

/// Draws for a line that goes with a label.
const DRAWS_TOLD: u64 = 8;

impl Rows<'_> {
    /// A value from the source that goes with a label.
    pub(super) fn told(
        &mut self,
        table: TableId,
        index: RowIndex,
        column: ColumnId,
        (label, by, otherwise): (&Fact, &[(Value, Source)], &Source),
        draws: &mut Draws,
    ) -> Value {
        let told = self.fact(table, index, label);
        let source = by.iter().find(|(value, _)| *value == told).map_or(otherwise, |(_, source)| source);
        self.produce(table, index, column, source, draws)
    }

    /// The first line drawn that goes with the row's labels; where none goes with all, with the first of them; none else.
    pub(super) fn line_as_told(&mut self, row: Row, tuple: usize, fitting: &Fitting<'static>, draw: u64) -> Option<LineRef<'static>> {
        let plan = self.plan;
        let mut told: Vec<&[bool]> = Vec::new();
        for label in &plan.tables[row.table].tuples[tuple].told {
            let value = self.fact(row.table, row.index, &label.label);
            told.extend(label.lines.iter().find(|(label, _)| *label == value).map(|(_, lines)| &**lines));
        }
        let all = fitting.len() as u64;
        let start = draw % all.max(1);
        while !told.is_empty() {
            let goes = |line: &LineRef| told.iter().all(|lines| lines[line.line()]);
            // Some draws keep the weights; where lines are few among many, any of them will do.
            let drawn = (0..DRAWS_TOLD).filter_map(|step| fitting.draw(mix(draw ^ step))).find(goes);
            let found = drawn.or_else(|| (0..all).filter_map(|step| fitting.nth(((start + step) % all) as usize)).find(goes));
            if found.is_some() {
                return found;
            }
            told.pop();
        }
        None
    }
}
