//! A row under evaluation, and the small cache of current rows.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::engine::catalog::{ColumnId, ForeignKey, ForeignKeyId, TableId};
use crate::engine::plan::{OwnerKind, Pick, Plan, RowIndex, TablePlan};
use crate::engine::rows::carried::Coming;
use crate::engine::rows::condition::Conditions;
use crate::engine::rows::layout::Layout;
use crate::engine::rows::lifecycle::{StageLabels, StateNow, Ways};
use crate::engine::rows::lists::Lists;
use crate::engine::rows::random::{Draws, StreamKey, child_identity, mix};
use crate::engine::rows::share::Groups;
use crate::engine::rows::stamp;
use crate::engine::rows::text::shown;
use crate::engine::rows::written::Written;
use crate::engine::value::{Decimal, Repertoire, Value};
use crate::engine::vocabulary::LineRef;

/// Rows kept of a table that others walk through in order: the row itself, its parents' and siblings' neighbourhood.
const FEW_CACHED: usize = 64;

/// Most rows kept of a table from which others pick here and there: what is computed of a product serves all orders.
const MOST_CACHED: usize = 2_048;

/// Redraws until a row goes its own way rather than its siblings'.
const MOST_ALIKE: u32 = 12;

/// Most redraws of a row that fails a condition; the database then judges the last one.
pub(super) const MOST_ATTEMPTS: u32 = 64;

/// Redraws before the cells that a failing condition reads are changed one by one: what comes by chance is likelier.
const PLAIN_ATTEMPTS: u32 = 12;

/// A row and what is known of it so far.
#[derive(Debug)]
pub struct RowState {
    /// Its index in the table.
    pub index: RowIndex,
    generation: u32,
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
    pub(super) state: Option<Arc<StateNow>>,
    pub(super) birth: Option<i64>,
}

/// Computes cells of a plan's rows.
#[derive(Debug)]
pub struct Rows<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// One per table, filled by `lay_out` in load order.
    pub layouts: Vec<Layout>,
    kept: Vec<Kept>,
    /// Rows that must pass their table's conditions before they are kept.
    testing: Vec<(TableId, RowState)>,
    /// By child table and parent, of parents with many children: the parent's redraws and its latest child.
    pub(super) latest_children: Vec<HashMap<RowIndex, (u32, Option<i64>)>>,
    /// By table and owner, of owners with many rows: what these come to one after the other.
    pub(super) running_sums: Vec<HashMap<RowIndex, Vec<(RowIndex, Decimal)>>>,
    /// By table and owner, of owners with many rows: these in the order in which they came.
    pub(super) in_order: Vec<HashMap<RowIndex, Vec<Coming>>>,
    hints: Vec<usize>,
    pub(super) depth: u32,
    /// How many parts of texts were left out so far, for want of what they speak of.
    pub(super) lacking: u32,
    /// Running sums of the stored rows' weights, by table, from 0.
    pub(super) weight_sums: Vec<Vec<f64>>,
    /// What a model wrote.
    pub written: Written,
    /// By table and foreign key, once asked for: by stored row the row it names.
    pub(super) stored_references: Vec<Vec<Option<Vec<Option<RowIndex>>>>>,
    /// By table: columns that tell when something happened to a row.
    pub(super) stamps: Vec<Vec<ColumnId>>,
    /// By table and foreign key: what every look along it asks.
    pub(super) links: Vec<Vec<Link>>,
    /// By table: the streams that are no column's.
    pub(super) keys: Vec<TableKeys>,
    /// By table, once they were asked for: its lifecycle's ways, its labels for stages of its owner's.
    pub(super) ways: Vec<Option<Ways>>,
    pub(super) stage_labels: Vec<Option<Option<StageLabels>>>,
    pub(super) home_keys: HashMap<(TableId, TableId), StreamKey>,
    /// Lists of words, and what facts were found to say about their keys.
    pub(super) lists: Lists,
    pub(super) conditions: Conditions,
    /// Lists of rows not in use, kept for their memory.
    pub(super) scratch: Vec<Vec<RowIndex>>,
    /// Rows by what foreign keys share: by table and columns.
    pub(super) groups: HashMap<(TableId, Vec<ColumnId>), Groups>,
    /// Keys taken so far, by sequence.
    pub(super) keys_taken: HashMap<u32, u64>,
    /// Letters that composed texts may have.
    pub(super) repertoire: Repertoire,
}

/// What is fixed of a foreign key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The referenced table.
    pub(super) target: TableId,
    /// The rows hang under it.
    pub(super) is_owner: bool,
    /// A redraw changes it.
    pub(super) redrawn: bool,
}

/// The rows of a table that are kept, each at the line that its index names.
#[derive(Debug, Default)]
struct Kept {
    /// Counted up where all kept rows become void.
    generation: u32,
    /// Some other table picks from this one.
    picked: bool,
    /// Their number is a power of two, or 0.
    rows: Vec<RowState>,
}

/// Where a row's state is: a line of its table, or (with this bit) a place among those under test.
const UNDER_TEST: usize = 1 << (usize::BITS - 1);

/// Keys of permutations over a table's rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableKeys {
    /// Which rows are popular.
    pub(super) popularity: u64,
    /// The numbers that no two rows share.
    pub(super) serial: u64,
}

impl<'p> Rows<'p> {
    /// An evaluator with nothing laid out.
    pub fn new(plan: &'p Plan) -> Self {
        let tables = plan.tables.len();
        let layouts = plan.tables.iter().map(|table| Layout { stored: table.stored.rows.len() as u64, ..Layout::default() }).collect();
        Self {
            plan,
            layouts,
            kept: picked(plan).into_iter().map(|picked| Kept { picked, ..Kept::default() }).collect(),
            testing: Vec::new(),
            latest_children: vec![HashMap::new(); tables],
            running_sums: vec![HashMap::new(); tables],
            in_order: vec![HashMap::new(); tables],
            hints: vec![0; tables],
            depth: 0,
            lacking: 0,
            weight_sums: plan.tables.iter().map(|table| running_sums(&table.stored.weights)).collect(),
            written: Written::default(),
            stored_references: plan.catalog.tables.iter().map(|table| vec![None; table.foreign_keys.len()]).collect(),
            stamps: plan.tables.iter().map(stamp::stamps).collect(),
            links: (0..tables).map(|table| links(plan, table)).collect(),
            keys: plan.catalog.tables.iter().map(|table| TableKeys::new(plan.arguments.seed, &table.qualified)).collect(),
            ways: (0..tables).map(|_| None).collect(),
            stage_labels: (0..tables).map(|_| None).collect(),
            home_keys: HashMap::new(),
            lists: Lists::new(plan.locale, &plan.lists),
            conditions: Conditions::default(),
            scratch: Vec::new(),
            groups: HashMap::new(),
            keys_taken: HashMap::new(),
            repertoire: Repertoire::of(&plan.catalog.encoding),
        }
    }

    /// Whether a row is one of those made by this plan.
    pub fn is_made(&self, table: TableId, index: RowIndex) -> bool {
        index >= self.layouts[table].stored
    }

    /// The state of a made row, kept or begun anew.
    pub(super) fn state(&mut self, table: TableId, index: RowIndex) -> &mut RowState {
        let place = self.place(table, index);
        self.state_at(table, place)
    }

    /// Where a made row's state is; good until another row is asked for.
    pub(super) fn place(&mut self, table: TableId, index: RowIndex) -> usize {
        if !self.testing.is_empty()
            && let Some(at) = self.testing.iter().rposition(|(owner, row)| *owner == table && row.index == index)
        {
            return at | UNDER_TEST;
        }
        let kept = &self.kept[table];
        let line = index as usize & kept.rows.len().wrapping_sub(1);
        if kept.rows.get(line).is_some_and(|row| row.index == index && row.generation == kept.generation) {
            return line;
        }
        self.bring(table, index)
    }

    /// The state at a place that `place` told.
    pub(super) fn state_at(&mut self, table: TableId, place: usize) -> &mut RowState {
        if place & UNDER_TEST == 0 { &mut self.kept[table].rows[place] } else { &mut self.testing[place & !UNDER_TEST].1 }
    }

    /// Begins a row in the place of another.
    #[cold]
    fn bring(&mut self, table: TableId, index: RowIndex) -> usize {
        let begun = self.begin(table, index);
        if self.kept[table].rows.is_empty() {
            let lines = self.lines(table);
            self.kept[table].rows.resize_with(lines, RowState::default);
        }
        let kept = &mut self.kept[table];
        let line = index as usize & (kept.rows.len() - 1);
        let row = &mut kept.rows[line];
        begun.enter(row, &self.plan.tables[table]);
        row.generation = kept.generation;
        if !self.plan.tables[table].tests.is_empty() || !self.plan.tables[table].told_apart.is_empty() {
            let untested = std::mem::take(row);
            let tested = self.tested(table, untested);
            self.kept[table].rows[line] = tested;
        }
        line
    }

    /// Rows kept of a table, a power of two.
    fn lines(&self, table: TableId) -> usize {
        let most = if self.kept[table].picked { MOST_CACHED } else { FEW_CACHED };
        (self.layouts[table].rows() as usize).min(most).next_power_of_two().max(FEW_CACHED)
    }

    /// Redraws a row until it passes the table's conditions.
    fn tested(&mut self, table: TableId, row: RowState) -> RowState {
        let index = row.index;
        self.testing.push((table, row));
        while !self.passes(table, index) {
            let row = self.state(table, index);
            let attempt = row.attempt % 1_000;
            if attempt >= PLAIN_ATTEMPTS && self.mend(table, index) && self.passes(table, index) || attempt >= MOST_ATTEMPTS {
                break;
            }
            self.state(table, index).redraw();
        }
        self.testing.pop().expect("pushed above").1
    }

    fn passes(&mut self, table: TableId, index: RowIndex) -> bool {
        let plan = self.plan;
        plan.tables[table].tests.iter().all(|test| self.holds(table, index, &test.expression, true)) && self.is_told_apart(table, index)
    }

    /// Whether no earlier sibling has the row's name.
    fn is_told_apart(&mut self, table: TableId, index: RowIndex) -> bool {
        let names = &self.plan.tables[table].told_apart;
        if names.is_empty() {
            return true;
        }
        let (slot, ordinal) = {
            let row = self.state(table, index);
            (row.slot, row.ordinal)
        };
        let earlier: Vec<RowIndex> = (slot - ordinal..slot).map(|slot| self.layouts[table].index_of_slot(slot)).collect();
        let siblings: Vec<RowIndex> = self.rows_beside(table, index).into_iter().chain(earlier).collect();
        names.iter().all(|&name| {
            let own = self.cell(table, index, name);
            let words = words(&own);
            own.is_null() || siblings.iter().all(|&sibling| self::words(&self.cell(table, sibling, name)) != words)
        })
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
        let adopted = if layout.adopted.is_empty() { None } else { layout.adopted.get(&slot).copied() };
        let ordinal_of_run = if self.is_made(owner.table, parent) { ordinal } else { base + ordinal };
        let identity = self.identity(owner.table, parent);
        Begun { index, identity: child_identity(identity, ordinal_of_run), slot, owner: adopted.or(Some(parent)), ordinal, attempt }
    }

    /// A row's identity, made or stored: what keys it wherever its index, which follows its place in time, must not.
    pub fn identity(&mut self, table: TableId, index: RowIndex) -> u64 {
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

    /// The draws that a row shares with its siblings, which so many rows do.
    pub(super) fn siblings_draws(&mut self, table: TableId, index: RowIndex, key: StreamKey, share: f64) -> Option<Draws> {
        if share == 0.0 {
            return None;
        }
        let row = self.state(table, index);
        let (identity, attempt) = (row.identity, row.attempt);
        if attempt > MOST_ALIKE || self.plan.tables[table].siblings.unit(identity) >= share {
            return None;
        }
        self.owner_identity(table, index).map(|owner| key.draws(owner, 0))
    }

    /// The row that a foreign key of a row names.
    pub fn reference(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId) -> Option<RowIndex> {
        if !self.is_made(table, index) {
            return self.stored_reference(table, index, foreign_key);
        }
        if self.layouts[self.links[table][foreign_key].target].lost && !self.goes_on_without(table, foreign_key) {
            return None;
        }
        if let Some(known) = self.state(table, index).picks[foreign_key] {
            return known;
        }
        let picked = self.pick(table, index, foreign_key).and_then(|row| self.present(table, foreign_key, row));
        self.state(table, index).picks[foreign_key] = Some(picked);
        picked
    }

    /// Whether a key names rows of a table that was given up: no constraint declares it, and it must name some.
    fn goes_on_without(&self, table: TableId, foreign_key: ForeignKeyId) -> bool {
        let key = &self.plan.catalog.tables[table].foreign_keys[foreign_key];
        key.mandatory && !key.declared
    }

    /// Follows foreign keys from a row; the first hop of a re-owned row starts at its owner.
    pub fn follow(&mut self, table: TableId, index: RowIndex, hops: &[ForeignKeyId]) -> Option<(TableId, RowIndex)> {
        let mut at = (table, index);
        for &hop in hops {
            let next = self.reference(at.0, at.1, hop)?;
            at = (self.links[at.0][hop].target, next);
        }
        Some(at)
    }

    /// Whether the foreign key is the one the row hangs under.
    pub(super) fn is_owner(&self, table: TableId, foreign_key: ForeignKeyId) -> bool {
        self.links[table][foreign_key].is_owner
    }

    /// Forgets what was computed of a table's rows (after one was redrawn).
    pub(super) fn forget(&mut self, table: TableId) {
        self.kept[table].generation = self.kept[table].generation.wrapping_add(1);
        self.latest_children[table].clear();
        self.running_sums[table].clear();
        self.in_order[table].clear();
        self.groups.retain(|(grouped, _), _| *grouped != table);
        self.hints[table] = 0;
    }

    /// Gives back the memory of a table's kept rows (after its layout changed, or its load ended).
    pub fn release(&mut self, table: TableId) {
        self.forget(table);
        self.kept[table].rows = Vec::new();
    }
}

impl TableKeys {
    fn new(seed: i64, table: &str) -> Self {
        let bits = |purpose| StreamKey::new(seed, table, purpose).bits(0);
        Self { popularity: bits("\u{1}popularity"), serial: bits("\u{1}serial") }
    }
}

impl Default for RowState {
    /// A place in which no row is.
    fn default() -> Self {
        Self {
            index: RowIndex::MAX,
            generation: 0,
            identity: 0,
            slot: 0,
            owner: None,
            ordinal: 0,
            attempt: 0,
            cells: Vec::new(),
            picks: Vec::new(),
            lines: Vec::new(),
            state: None,
            birth: None,
        }
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
    fn enter(self, row: &mut RowState, planned: &TablePlan) {
        if row.cells.len() < planned.columns.len() {
            row.cells.resize(planned.columns.len(), None);
            row.picks.resize(planned.picks.len(), None);
            row.lines.resize(planned.tuples.len(), None);
        }
        row.redraw();
        row.index = self.index;
        row.identity = self.identity;
        row.slot = self.slot;
        row.owner = self.owner;
        row.ordinal = self.ordinal;
        row.attempt = self.attempt * 1_000;
    }
}

fn links(plan: &Plan, table: TableId) -> Vec<Link> {
    let planned = &plan.tables[table];
    let owner = planned.owner.as_ref().map(|owner| &owner.kind);
    let link = |(foreign_key, key): (usize, &ForeignKey)| Link {
        target: key.referenced_table,
        is_owner: planned.picks.get(foreign_key).is_some_and(|pick| matches!(pick.pick, Pick::Owner))
            && owner == Some(&OwnerKind::ForeignKey(foreign_key)),
        redrawn: key.columns.iter().any(|&column| planned.columns.get(column).is_some_and(|planned| planned.redrawn)),
    };
    plan.catalog.tables[table].foreign_keys.iter().enumerate().map(link).collect()
}

fn picked(plan: &Plan) -> Vec<bool> {
    let mut picked = vec![false; plan.tables.len()];
    for (planned, definition) in plan.tables.iter().zip(&plan.catalog.tables) {
        for (pick, key) in planned.picks.iter().zip(&definition.foreign_keys) {
            picked[key.referenced_table] |= !matches!(pick.pick, Pick::Owner | Pick::Nothing(_));
        }
    }
    picked
}

/// A name's words in alphabetical order: `S, Black` names what `Black / S` does.
fn words(name: &Value) -> Vec<String> {
    let text = shown(name).unwrap_or_default().to_lowercase();
    let mut words: Vec<String> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}

fn running_sums(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let sums = weights.iter().map(|weight| {
        sum += weight;
        sum
    });
    std::iter::once(0.0).chain(sums).collect()
}
