//! What is kept of a table while its rows are made: O(parents), and 8 to 16 bytes for each ranked row.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{Fill, RowIndex, Source};
use crate::engine::rows::learned::Learned;
use crate::engine::rows::remember::Probe;

/// Where a table's rows lie.
#[derive(Debug, Default)]
pub struct Layout {
    /// Rows before the made ones.
    pub stored: u64,
    /// Rows to be made.
    pub made: u64,
    /// Laid out: counts, fan-out and ranks are final.
    pub ready: bool,
    /// Rows from position 0 on that are stored already, as part of a ring.
    pub ringed: u64,
    /// The load gave the table up: nothing may name its rows.
    pub lost: bool,
    /// Why fewer rows are made than were planned.
    pub shortened: Option<String>,
    /// Children of each parent, as running sums over the candidate parents.
    pub fan_out: Option<FanOutSums>,
    /// Positions by time.
    pub ranking: Option<Ranking>,
    /// Births by position, ascending, where picks need them.
    pub births: Option<Vec<i64>>,
    /// Rows by the row they refer to, by foreign key.
    pub inverses: BTreeMap<ForeignKeyId, Inverse>,
    /// Redraws by slot, where a remembered unique key, the judge or the load asked for them.
    pub attempts: BTreeMap<u64, u32>,
    /// What the database takes of columns whose conditions the engine does not understand.
    pub learned: Vec<Learned>,
    /// Positions whose rows the database refused however they were drawn: nothing may name them.
    pub left_out: BTreeSet<u64>,
    /// Other parents of rows that were refused under their own, by slot.
    pub adopted: BTreeMap<u64, RowIndex>,
    /// Stored rows by the stored row they hang under, where new rows hang beside them.
    pub beside: BTreeMap<RowIndex, Vec<u32>>,
    /// How many keys of its sequence other columns take before a column's own, where columns share one.
    pub before: Vec<(ColumnId, u64)>,
}

impl Layout {
    /// Rows in all.
    pub fn rows(&self) -> u64 {
        self.stored + self.made
    }

    /// Position of a made row.
    pub fn position(&self, index: RowIndex) -> Option<u64> {
        index.checked_sub(self.stored)
    }

    /// How many keys of the column's sequence others take before its own.
    pub fn keys_before(&self, column: ColumnId) -> u64 {
        self.before.iter().find(|(own, _)| *own == column).map_or(0, |(_, keys)| *keys)
    }

    /// The slot (row number or fan-out number) of a position.
    pub fn slot(&self, position: u64) -> u64 {
        self.ranking.as_ref().map_or(position, |ranking| u64::from(ranking.slots[position as usize]))
    }

    /// Whether a row is there to be named: all but those that were left out.
    pub fn holds(&self, index: RowIndex) -> bool {
        self.left_out.is_empty() || self.position(index).is_none_or(|position| !self.left_out.contains(&position))
    }

    /// The row index of a slot.
    pub fn index_of_slot(&self, slot: u64) -> RowIndex {
        self.stored + self.ranking.as_ref().map_or(slot, |ranking| u64::from(ranking.positions[slot as usize]))
    }
}

/// Both directions between slot and position.
#[derive(Debug)]
pub struct Ranking {
    /// Position -> slot.
    pub slots: Vec<u32>,
    /// Slot -> position.
    pub positions: Vec<u32>,
}

/// Children of each parent.
#[derive(Debug)]
pub struct FanOutSums {
    /// Index of the first candidate parent in its table.
    pub first_parent: RowIndex,
    /// `sums[p]..sums[p + 1]` are the slots under parent `first_parent + p`.
    pub sums: Vec<u32>,
    /// Instead of sums where few parents have one child each: their numbers, ascending.
    pub selected: Option<Vec<u32>>,
}

impl FanOutSums {
    /// The parent's candidate number and the row's ordinal under it; `hint` is the last answer.
    pub fn parent_of(&self, slot: u64, hint: &mut usize) -> (RowIndex, u64) {
        if let Some(selected) = &self.selected {
            return (self.first_parent + u64::from(selected[slot as usize]), 0);
        }
        let slot32 = slot as u32;
        let fits = |parent: usize| parent + 1 < self.sums.len() && self.sums[parent] <= slot32 && slot32 < self.sums[parent + 1];
        let parent = if fits(*hint) {
            *hint
        } else if fits(*hint + 1) {
            *hint + 1
        } else {
            self.sums.partition_point(|&sum| sum <= slot32).saturating_sub(1)
        };
        *hint = parent;
        (self.first_parent + parent as u64, slot - u64::from(self.sums[parent]))
    }

    /// The slots under a parent.
    pub fn children_of(&self, parent: RowIndex) -> std::ops::Range<u64> {
        let Some(number) = parent.checked_sub(self.first_parent) else { return 0..0 };
        if let Some(selected) = &self.selected {
            return selected.binary_search(&(number as u32)).map_or(0..0, |slot| slot as u64..slot as u64 + 1);
        }
        let number = number as usize;
        if number + 1 >= self.sums.len() {
            return 0..0;
        }
        u64::from(self.sums[number])..u64::from(self.sums[number + 1])
    }
}

/// Rows grouped by the row that one of their foreign keys names.
#[derive(Debug, Default)]
pub struct Inverse {
    /// `starts[a]..starts[a + 1]` are the entries in `rows` that refer to row `a`.
    pub starts: Vec<u32>,
    /// Row indexes.
    pub rows: Vec<u32>,
}

impl Inverse {
    /// Where in `rows` those stand that refer to a row.
    pub fn entries(&self, row: RowIndex) -> std::ops::Range<usize> {
        let row = row as usize;
        if row + 1 >= self.starts.len() {
            return 0..0;
        }
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}

impl FanOutSums {
    /// Leaves out the children from a slot on.
    pub(super) fn truncate(&mut self, slots: u64) {
        match &mut self.selected {
            Some(selected) => selected.truncate(slots as usize),
            None => self.sums.iter_mut().for_each(|sum| *sum = (*sum).min(slots as u32)),
        }
    }
}

impl crate::engine::rows::Rows<'_> {
    /// Lays out one table: how many rows, under which parents, in which order. Parents must be laid out before.
    pub fn lay_out(&mut self, table: TableId, probe: Probe, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let plan = self.plan;
        let planned = &plan.tables[table];
        if planned.fill == Fill::Make {
            match &planned.owner {
                Some(owner) => self.lay_out_children(table, owner, &mut *probe, interrupted)?,
                None => self.layouts[table].made = planned.count,
            }
            self.release(table);
            if planned.ranked {
                self.rank(table, plan.births_needed(table), interrupted)?;
            }
            self.remember(table, probe, interrupted)?;
            if planned.ranked && self.layouts[table].shortened.is_some() && self.layouts[table].left_out.is_empty() {
                self.rank(table, plan.births_needed(table), interrupted)?;
            }
        }
        for foreign_key in plan.inverses_needed(table) {
            self.invert(table, foreign_key, interrupted)?;
        }
        self.queue_for_sequences(table);
        self.layouts[table].ready = true;
        Ok(())
    }

    /// Columns that share a sequence take their keys one block after the other, in the order in which tables are laid out.
    fn queue_for_sequences(&mut self, table: TableId) {
        let plan = self.plan;
        let made = self.layouts[table].made;
        for (column, planned) in plan.tables[table].columns.iter().enumerate() {
            let Some(sequence) = &plan.catalog.tables[table].columns[column].sequence else { continue };
            if !matches!(planned.source, Source::Serial { .. }) {
                continue;
            }
            let taken = self.keys_taken.entry(sequence.oid).or_insert(0);
            if *taken > 0 {
                self.layouts[table].before.push((column, *taken));
            }
            *taken += made;
        }
        if !self.layouts[table].before.is_empty() {
            self.forget(table);
        }
    }

    /// Forgets what was computed while some tables were not laid out yet.
    pub fn settle(&mut self) {
        (0..self.layouts.len()).for_each(|table| self.release(table));
    }
}
