//! A row under evaluation, and the small cache of current rows.

use std::collections::HashMap;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::{OwnerKind, Pick, Plan, RowIndex};
use crate::engine::rows::layout::Layout;
use crate::engine::rows::lifecycle::StateNow;
use crate::engine::rows::random::{Draws, StreamKey, child_identity, mix};
use crate::engine::value::Value;
use crate::engine::vocabulary::LineRef;

/// Rows kept per table: the row itself, its parents' and siblings' neighbourhood.
const CACHED_ROWS: usize = 32;

/// Most redraws of a row that fails a condition; the database then judges the last one.
pub(super) const MOST_ATTEMPTS: u32 = 64;

/// A row and what is known of it so far.
#[derive(Debug)]
pub struct RowState {
    /// Its index in the table.
    pub index: RowIndex,
    /// Keys its cells.
    pub identity: u64,
    /// Row number, or number in the fan-out.
    pub slot: u64,
    /// The row it hangs under.
    pub owner: Option<RowIndex>,
    /// Its number among its siblings.
    pub ordinal: u64,
    /// Redraws so far.
    pub attempt: u32,
    pub(super) cells: Vec<Option<Value>>,
    pub(super) picks: Vec<Option<Option<RowIndex>>>,
    pub(super) lines: Vec<Option<Option<LineRef<'static>>>>,
    pub(super) state: Option<std::sync::Arc<StateNow>>,
    pub(super) birth: Option<i64>,
}

/// Computes cells of a plan's rows.
#[derive(Debug)]
pub struct Rows<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// One per table, filled by `lay_out` in load order.
    pub layouts: Vec<Layout>,
    cache: Vec<Vec<Option<Box<RowState>>>>,
    testing: Vec<(TableId, Box<RowState>)>,
    /// By child table and parent, of parents with many children: the parent's redraws and its latest child.
    pub(super) latest_children: Vec<HashMap<RowIndex, (u32, Option<i64>)>>,
    hints: Vec<usize>,
    pub(super) depth: u32,
    /// Running sums of the stored rows' weights, by table, from 0.
    pub(super) weight_sums: Vec<Vec<f64>>,
    pub(super) stored_keys: HashMap<(TableId, Vec<ColumnId>), HashMap<String, RowIndex>>,
}

impl<'p> Rows<'p> {
    /// An evaluator with nothing laid out.
    pub fn new(plan: &'p Plan) -> Self {
        let tables = plan.tables.len();
        let layouts = plan.tables.iter().map(|table| Layout { stored: table.stored.rows.len() as u64, ..Layout::default() }).collect();
        Self {
            plan,
            layouts,
            cache: vec_of(tables),
            testing: Vec::new(),
            latest_children: vec![HashMap::new(); tables],
            hints: vec![0; tables],
            depth: 0,
            weight_sums: plan.tables.iter().map(|table| running_sums(&table.stored.weights)).collect(),
            stored_keys: HashMap::new(),
        }
    }

    /// Whether a row is one of those made by this plan.
    pub fn is_made(&self, table: TableId, index: RowIndex) -> bool {
        index >= self.layouts[table].stored
    }

    /// The state of a made row, from the cache or begun anew.
    pub(super) fn state(&mut self, table: TableId, index: RowIndex) -> &mut RowState {
        if let Some(at) = self.testing.iter().rposition(|(owner, row)| *owner == table && row.index == index) {
            return &mut self.testing[at].1;
        }
        if self.cache[table].is_empty() {
            self.cache[table].resize_with(CACHED_ROWS, || None);
        }
        let line = index as usize % CACHED_ROWS;
        if self.cache[table][line].as_ref().is_none_or(|row| row.index != index) {
            let begun = self.begin(table, index);
            let recycled = self.cache[table][line].take();
            let row = begun.into_state(self.plan, table, recycled);
            let row = self.tested(table, row);
            self.cache[table][line] = Some(row);
        }
        self.cache[table][line].as_mut().expect("the line was filled just above")
    }

    /// Redraws a row until it passes the table's conditions.
    fn tested(&mut self, table: TableId, row: Box<RowState>) -> Box<RowState> {
        let plan = self.plan;
        if plan.tables[table].tests.is_empty() {
            return row;
        }
        let index = row.index;
        self.testing.push((table, row));
        while !self.passes(table, index) {
            let row = self.state(table, index);
            if row.attempt % 1_000 >= MOST_ATTEMPTS {
                break;
            }
            row.redraw();
        }
        self.testing.pop().expect("pushed above").1
    }

    fn passes(&mut self, table: TableId, index: RowIndex) -> bool {
        let plan = self.plan;
        plan.tables[table].tests.iter().all(|test| self.holds(table, index, &test.expression, true))
    }

    /// Who the row is: its identity, slot and owner.
    fn begin(&mut self, table: TableId, index: RowIndex) -> Begun {
        let plan = self.plan;
        let layout = &self.layouts[table];
        let position = layout.position(index).expect("only made rows have a state");
        let slot = layout.slot(position);
        let base = plan.tables[table].row_base;
        let attempt = if layout.attempts.is_empty() { 0 } else { layout.attempts.get(&slot).copied().unwrap_or(0) };
        let Some(owner) = &plan.tables[table].owner else {
            return Begun { index, identity: base + slot, slot, owner: None, ordinal: slot, attempt };
        };
        let Some(sums) = &layout.fan_out else {
            return Begun { index, identity: base + slot, slot, owner: None, ordinal: slot, attempt };
        };
        let (parent, ordinal) = sums.parent_of(slot, &mut self.hints[table]);
        let ordinal_of_run = if self.is_made(owner.table, parent) { ordinal } else { base + ordinal };
        let identity = self.identity(owner.table, parent);
        Begun { index, identity: child_identity(identity, ordinal_of_run), slot, owner: Some(parent), ordinal, attempt }
    }

    /// A row's identity, made or stored: what keys it wherever its index, which follows its place in time, must not.
    pub(super) fn identity(&mut self, table: TableId, index: RowIndex) -> u64 {
        if self.is_made(table, index) { self.state(table, index).identity } else { self.stored_identity(table, index) }
    }

    /// The identity of the row that a row hangs under.
    pub(super) fn owner_identity(&mut self, table: TableId, index: RowIndex) -> Option<u64> {
        let owner = self.plan.tables[table].owner.as_ref()?.table;
        let row = self.state(table, index).owner?;
        Some(self.identity(owner, row))
    }

    /// A stored row's identity: a hash of its primary key (of all its values, where it has none).
    fn stored_identity(&self, table: TableId, index: RowIndex) -> u64 {
        let plan = self.plan;
        let row = &plan.tables[table].stored.rows[index as usize];
        let mut text = Vec::new();
        match &plan.catalog.tables[table].primary_key {
            Some(key) => key.columns.iter().for_each(|&column| row[column].write_copy(&mut text)),
            None => row.iter().for_each(|value| value.write_copy(&mut text)),
        }
        mix(xxhash_rust::xxh3::xxh3_64(&text))
    }

    /// The draws of a row on a stream; redraws count only where the column is redrawn.
    pub(super) fn draws(&mut self, table: TableId, index: RowIndex, key: StreamKey, redrawn: bool) -> Draws {
        let row = self.state(table, index);
        let attempt = if redrawn { row.attempt } else { 0 };
        key.draws(row.identity, attempt)
    }

    /// The row that a foreign key of a row names.
    pub fn reference(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        if !self.is_made(table, index) {
            return self.stored_reference(table, index, foreign_key);
        }
        if self.layouts[self.plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table].lost {
            return None;
        }
        if let Some(known) = self.state(table, index).picks[foreign_key] {
            return known;
        }
        let picked = self.pick(table, index, foreign_key);
        self.state(table, index).picks[foreign_key] = Some(picked);
        picked
    }

    /// Follows foreign keys from a row; the first hop of a re-owned row starts at its owner.
    pub fn follow(&mut self, table: TableId, index: RowIndex, hops: &[ForeignKeyId]) -> Option<(TableId, RowIndex)> {
        let mut at = (table, index);
        for &hop in hops {
            let next = self.reference(at.0, at.1, hop)?;
            at = (self.plan.catalog.tables[at.0].foreign_keys[hop].referenced_table, next);
        }
        Some(at)
    }

    /// Whether the foreign key is the one the row hangs under.
    pub(super) fn is_owner(&self, table: TableId, foreign_key: ForeignKeyId) -> bool {
        matches!(self.plan.tables[table].picks[foreign_key].pick, Pick::Owner)
            && self.plan.tables[table].owner.as_ref().is_some_and(|owner| owner.kind == OwnerKind::ForeignKey(foreign_key))
    }

    /// Forgets cached rows of a table (after its layout changed).
    pub(super) fn forget(&mut self, table: TableId) {
        self.cache[table].clear();
        self.latest_children[table].clear();
        self.hints[table] = 0;
    }
}

impl RowState {
    /// Clears what a redraw may change.
    pub(super) fn redraw(&mut self) {
        self.attempt += 1;
        self.cells.iter_mut().for_each(|cell| *cell = None);
        self.picks.iter_mut().for_each(|pick| *pick = None);
        self.lines.iter_mut().for_each(|line| *line = None);
        self.state = None;
        self.birth = None;
    }
}

struct Begun {
    index: RowIndex,
    identity: u64,
    slot: u64,
    owner: Option<RowIndex>,
    ordinal: u64,
    attempt: u32,
}

impl Begun {
    fn into_state(self, plan: &Plan, table: TableId, recycled: Option<Box<RowState>>) -> Box<RowState> {
        let mut row = recycled.unwrap_or_else(|| {
            let planned = &plan.tables[table];
            Box::new(RowState {
                index: 0,
                identity: 0,
                slot: 0,
                owner: None,
                ordinal: 0,
                attempt: 0,
                cells: vec![None; planned.columns.len()],
                picks: vec![None; planned.picks.len()],
                lines: vec![None; planned.tuples.len()],
                state: None,
                birth: None,
            })
        });
        row.redraw();
        row.index = self.index;
        row.identity = self.identity;
        row.slot = self.slot;
        row.owner = self.owner;
        row.ordinal = self.ordinal;
        row.attempt = self.attempt * 1_000;
        row
    }
}

fn vec_of<T>(length: usize) -> Vec<Vec<T>> {
    (0..length).map(|_| Vec::new()).collect()
}

fn running_sums(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let sums = weights.iter().map(|weight| {
        sum += weight;
        sum
    });
    std::iter::once(0.0).chain(sums).collect()
}
