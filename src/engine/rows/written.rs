//! What a model wrote: cells that go before what their columns' sources would make, of planned columns only.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{Fact, RowIndex};
use crate::engine::rows::random::permute;
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::shown;
use crate::engine::value::Value;

/// Written cells by row, and what later rows are composed of.
#[derive(Debug, Default)]
pub struct Written {
    cells: HashMap<(TableId, RowIndex), Vec<(ColumnId, Value)>>,
    compositions: BTreeMap<(TableId, ColumnId), Vec<Composition>>,
    /// By table and column: whether any of its cells may be here.
    planned: Vec<Vec<bool>>,
}

/// Patterns and words from which a column's texts are composed.
#[derive(Debug, Clone)]
pub struct Composition {
    /// Only rows in which this column has one of these values; `None`: all rows.
    pub about: Option<(ColumnId, Vec<Value>)>,
    /// The patterns.
    pub patterns: Vec<Vec<Piece>>,
    /// The lists that patterns draw from.
    pub lists: Vec<Vec<Arc<str>>>,
    /// Longest text, in characters.
    pub longest: Option<u64>,
}

/// A part of a pattern.
#[derive(Debug, Clone)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// A word of a list.
    Word(usize),
    /// A fact of the row.
    Fact(Fact),
}

impl Written {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.compositions.is_empty()
    }

    /// Whether cells of a column may be written: all others are spared the look-up.
    pub(super) fn plans(&self, table: TableId, column: ColumnId) -> bool {
        self.planned.get(table).and_then(|columns| columns.get(column)).is_some_and(|planned| *planned)
    }

    fn plan(&mut self, table: TableId, column: ColumnId) {
        if self.planned.len() <= table {
            self.planned.resize(table + 1, Vec::new());
        }
        let columns = &mut self.planned[table];
        if columns.len() <= column {
            columns.resize(column + 1, false);
        }
        columns[column] = true;
    }

    /// The written value of a cell.
    pub fn cell(&self, table: TableId, index: RowIndex, column: ColumnId) -> Option<&Value> {
        self.cells.get(&(table, index))?.iter().find(|(own, _)| *own == column).map(|(_, value)| value)
    }

    /// Writes a cell.
    pub fn write(&mut self, table: TableId, index: RowIndex, column: ColumnId, value: Value) {
        self.plan(table, column);
        let cells = self.cells.entry((table, index)).or_default();
        cells.retain(|(own, _)| *own != column);
        cells.push((column, value));
    }

    /// Takes cells of a row back; whether any of them was written.
    pub fn withdraw(&mut self, table: TableId, index: RowIndex, columns: &[ColumnId]) -> bool {
        let Some(cells) = self.cells.get_mut(&(table, index)) else { return false };
        let before = cells.len();
        cells.retain(|(own, _)| !columns.contains(own));
        let withdrawn = cells.len() < before;
        if cells.is_empty() {
            self.cells.remove(&(table, index));
        }
        withdrawn
    }

    /// Adds what a column of later rows is composed of.
    pub fn compose(&mut self, table: TableId, column: ColumnId, composition: Composition) {
        self.plan(table, column);
        self.compositions.entry((table, column)).or_default().push(composition);
    }
}

impl Rows<'_> {
    /// What a model wrote for a cell, or the text that is composed of what it wrote for the column.
    pub(super) fn written_cell(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Option<Value> {
        if let Some(value) = self.written.cell(table, index, column) {
            return Some(value.clone());
        }
        let compositions = self.written.compositions.get(&(table, column))?.clone();
        self.composed(table, index, column, &compositions)
    }

    /// A text composed for a row: the row's number, permuted, tells pattern and words, so that none is made twice
    /// before all are used up.
    fn composed(&mut self, table: TableId, index: RowIndex, column: ColumnId, compositions: &[Composition]) -> Option<Value> {
        let fitting: Vec<&Composition> = compositions.iter().filter(|composition| self.is_about(table, index, composition)).collect();
        let number = self.own_number(table, index);
        let turn = number % fitting.len().max(1) as u64;
        let composition = *fitting.get(turn as usize)?;
        let key = self.plan.tables[table].columns[column].key.bits(turn);
        let text = self.filled(table, index, composition, number / fitting.len().max(1) as u64, key)?;
        let planned = &self.plan.tables[table].columns[column];
        let value = Value::text(text).fit(&planned.kind);
        planned.domain.permits(&value).then_some(value)
    }

    /// A condition on the row that reads one of the columns and does not hold, by its constraint's name.
    pub fn broken_test(&mut self, table: TableId, index: RowIndex, columns: &[ColumnId]) -> Option<String> {
        let plan = self.plan;
        let tests = plan.tables[table].tests.iter();
        let mut concerned = tests
            .filter(|test| test.expression.columns().iter().any(|path| path.hops.is_empty() && columns.contains(&path.column)))
            .peekable();
        concerned.peek()?;
        self.forget(table);
        concerned.find(|test| !self.holds(table, index, &test.expression, true)).map(|test| test.name.clone())
    }

    fn is_about(&mut self, table: TableId, index: RowIndex, composition: &Composition) -> bool {
        let Some((column, values)) = &composition.about else { return true };
        let value = self.cell(table, index, *column);
        values.iter().any(|other| other.compare(&value) == Some(std::cmp::Ordering::Equal))
    }

    /// Fills a pattern: patterns take turns, each goes through its own words in a permuted order.
    fn filled(&mut self, table: TableId, index: RowIndex, composition: &Composition, number: u64, key: u64) -> Option<String> {
        let patterns = composition.patterns.len() as u64;
        let pattern = composition.patterns.get(number.checked_rem(patterns)? as usize)?;
        let space = composition.space(pattern);
        let mut rest = permute((number / patterns) % space, space, key);
        let words: Vec<usize> = composition
            .lists
            .iter()
            .enumerate()
            .map(|(list, words)| {
                let count = if uses(pattern, list) { words.len() as u64 } else { 1 };
                let place = rest % count;
                rest /= count;
                place as usize
            })
            .collect();
        let mut text = String::new();
        for piece in pattern {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Word(list) => text.push_str(composition.lists.get(*list)?.get(words[*list])?),
                Piece::Fact(fact) => text.push_str(&shown(&self.fact(table, index, fact))?),
            }
        }
        let fits = composition.longest.is_none_or(|longest| text.chars().count() as u64 <= longest);
        fits.then_some(text)
    }
}

impl Composition {
    /// How many ways there are to fill a pattern with words, at most 2^40.
    pub fn space(&self, pattern: &[Piece]) -> u64 {
        let used = self.lists.iter().enumerate().filter(|(list, _)| uses(pattern, *list));
        used.fold(1, |space: u64, (_, words)| space.saturating_mul(words.len().max(1) as u64)).min(1 << 40)
    }
}

fn uses(pattern: &[Piece], list: usize) -> bool {
    pattern.iter().any(|piece| matches!(piece, Piece::Word(used) if *used == list))
}
