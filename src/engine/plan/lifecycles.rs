//! Lifecycles: states with open and final ones, found by their words in a table of states or a column's labels.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::entered;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::periods;
use crate::engine::plan::reown::Reowned;
use crate::engine::plan::role::Role;
use crate::engine::plan::sessions::session;
use crate::engine::plan::stamps;
use crate::engine::plan::{Lifecycle, State, StatePlace, Tie};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{StatusClass, StatusPart, StatusWord, squeezed, status_of};

/// Weights of where lives end where the reference rows do not weigh them: most end well, few stand still on the way.
const DONE_WEIGHT: f64 = 10.0;
const ASIDE_WEIGHT: f64 = 0.5;

/// Days that a life takes where nothing is known of it; where others hang under it, that must end before it.
const USUAL_DAYS: f64 = 4.5;
const DAYS_OVER_OTHERS: f64 = 60.0;

/// What is held for whoever pays it soon is paid within minutes.
const HELD_DAYS: f64 = 0.008;

/// The stage at which a life has ended well; what is closed or archived beyond it says little of how.
pub(crate) const DONE: u8 = 6;

/// The meaning of states of what somebody asks for and somebody else decides.
const DECIDED: &str = "state.approval";

/// The stages at which a matter is settled, and from which on somebody works at it.
const SETTLED: u8 = 2;
const AT_WORK: u8 = 3;

/// The lifecycle of a table, if its states tell one and something in the table or below depends on it.
pub(super) fn lifecycle(inputs: &Inputs, meanings: &Meanings, table: TableId) -> Option<Lifecycle> {
    let is_of_periods = periods::bounds(&inputs.catalog, meanings, table)
        .is_some_and(|(start, ..)| stamps::birth(&inputs.catalog, meanings, table, None) == Some(start));
    let is_of_a_term = || periods::above(&inputs.catalog, meanings, table).is_some();
    lives(inputs, meanings, table)
        .map(|life| if is_of_periods { settle(life) } else { life })
        .map(|life| {
            let expires = expiry(meanings, table, &life.states);
            let held = meanings.all_with_role(table, Role::PeriodEnd).into_iter().any(|column| stamps::holds(meanings, table, column));
            let days = if held && !life.states.iter().any(is_worked_at) { HELD_DAYS } else { life.days };
            let runs = expires.is_some_and(|(_, over)| is_part(&life.states[over], StatusPart::Over));
            Lifecycle { days, expires, runs, ..life }
        })
        .find(|life| life.expires.is_some() || is_of_a_term() || depended_on(inputs, meanings, table, life))
}

/// What stands for a period is done with it: a payroll run is paid.
fn settle(mut life: Lifecycle) -> Lifecycle {
    if !life.states.iter().any(|state| state.class == StatusClass::Done) {
        for state in life.states.iter_mut().filter(|state| settles(state)) {
            *state = State { class: StatusClass::Done, stage: DONE, rests: true, ..state.clone() };
        }
        life.lasts = lasts(&life.states);
    }
    life
}

/// Whether a state stands for work that goes on, or is done.
fn is_worked_at(state: &State) -> bool {
    state.class == StatusClass::Done || state.class == StatusClass::Open && !state.aside && !state.rests && state.stage >= AT_WORK
}

/// Where a row's period says when it is over: in the state that says so, else in the one where it ends well.
fn expiry(meanings: &Meanings, table: TableId, states: &[State]) -> Option<(ColumnId, usize)> {
    let is_end = |column: &ColumnId| {
        meanings
            .of(table, *column)
            .is_some_and(|found| ["stamp.ended", "stamp.expires", "stamp.term_ends"].contains(&found.meaning.id.as_str()))
    };
    // Until when an order is held says nothing of one that was paid.
    let held = |column: &ColumnId| stamps::holds(meanings, table, *column);
    let column = meanings.all_with_role(table, Role::PeriodEnd).into_iter().filter(|column| !held(column)).find(is_end)?;
    let begins = meanings.with_role(table, Role::PeriodStart).is_some();
    let over = |state: &State| is_part(state, StatusPart::Over);
    let done = |state: &State| state.class == StatusClass::Done;
    let state = states.iter().position(over).or_else(|| states.iter().position(done).filter(|_| begins))?;
    Some((column, state))
}

/// How long a life takes that has such a state (`data/life_days.csv`: label, days); the file's first that is there.
fn usual_days(states: &[State]) -> Option<f64> {
    static DAYS: OnceLock<Vec<(String, f64)>> = OnceLock::new();
    let known = DAYS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/life_days.csv").as_bytes());
        let lines = reader.deserialize::<(String, f64)>().map(|line| line.expect("the tests read every line of this file"));
        lines.map(|(label, days)| (squeezed(&label), days)).collect()
    });
    let has = |label: &str| states.iter().any(|state| matches!(&state.label, Value::Text(text) if squeezed(text) == label));
    known.iter().find(|(label, _)| has(label)).map(|(_, days)| *days)
}

/// The lifecycles that a table's states may tell.
fn lives<'a>(inputs: &'a Inputs, meanings: &'a Meanings, table: TableId) -> impl Iterator<Item = Lifecycle> + use<'a> {
    let definition = &inputs.catalog.tables[table];
    let by_key = (0..definition.foreign_keys.len())
        .map(move |key| (StatePlace::ForeignKey(key), states_of_table(inputs, definition.foreign_keys[key].referenced_table)));
    let by_label = (0..definition.columns.len()).map(move |column| (StatePlace::Column(column), states_of(&labels(inputs, table, column))));
    let by_meaning =
        (0..definition.columns.len()).map(move |column| (StatePlace::Column(column), states_meant(inputs, meanings, table, column)));
    by_key
        .chain(by_label)
        .chain(by_meaning)
        .filter(|(_, states)| tells_a_life(states))
        .map(move |(place, states)| life(inputs, table, place, states))
}

fn life(inputs: &Inputs, table: TableId, place: StatePlace, states: Vec<State>) -> Lifecycle {
    let key = StreamKey::new(inputs.arguments.seed, &inputs.catalog.tables[table].qualified, "\u{1}lifecycle");
    let lasts = lasts(&states);
    // What lasts hours is over after them; what is planned begins later than its life.
    let hours = session(&inputs.catalog.tables[table].name).filter(|session| !session.planned);
    let days = usual_days(&states).or_else(|| hours.map(|session| session.lag().median)).unwrap_or(USUAL_DAYS);
    Lifecycle { place, states, key, pace: None, tie: Tie::Free, lasts, days, expires: None, runs: false }
}

fn is_part(state: &State, part: StatusPart) -> bool {
    word(&state.label).is_some_and(|word| word.part == Some(part))
}

fn settles(state: &State) -> bool {
    state.class == StatusClass::Open && is_part(state, StatusPart::Settles)
}

/// Whether the good state is none that ends: nothing is done or settled, or what is active is at last closed or archived.
fn lasts(states: &[State]) -> bool {
    let active = states.iter().any(|state| is_part(state, StatusPart::Lasts));
    let ends_well = |state: &State| match state.class {
        StatusClass::Done => !active || state.stage <= DONE,
        _ => settles(state),
    };
    !states.iter().any(ends_well)
}

/// The labels a column may hold: its enum's, or a CHECK's list.
pub(super) fn labels(inputs: &Inputs, table: TableId, column: usize) -> Vec<Value> {
    let facts = crate::engine::constraint::facts(&inputs.catalog.tables[table], &inputs.catalog, table);
    facts.columns[column].allowed.clone().unwrap_or_default()
}

/// The states that a column's meaning speaks of, where nothing says what it may hold, with their shares.
fn states_meant(inputs: &Inputs, meanings: &Meanings, table: TableId, column: ColumnId) -> Vec<State> {
    let Some(found) = meanings.of(table, column) else { return Vec::new() };
    let id = found.meaning.id.as_str();
    let kind = &inputs.catalog.tables[table].columns[column].data_type.kind;
    let text = matches!(kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. });
    let Some(choice) = found.meaning.generator.get("choice").and_then(serde_json::Value::as_object) else { return Vec::new() };
    let ruled = inputs.rules.columns.iter().any(|rule| rule.table == table && rule.column == column);
    if !text || ruled || !(id.starts_with("state.") || id.ends_with("_state")) {
        return Vec::new();
    }
    let domain = &crate::engine::constraint::facts(&inputs.catalog.tables[table], &inputs.catalog, table).columns[column];
    if domain.allowed.is_some() || !choice.keys().all(|label| domain.permits(&Value::text(label.as_str()))) {
        return Vec::new();
    }
    let known: Vec<State> =
        choice.iter().filter_map(|(label, weight)| state(&Value::text(label.as_str()), 0, weight.as_f64().unwrap_or(1.0))).collect();
    if known.len() < choice.len() { Vec::new() } else { resting(known) }
}

fn states_of_table(inputs: &Inputs, table: TableId) -> Vec<State> {
    let stored = &inputs.states[table].stored;
    if stored.rows.is_empty() || stored.rows.len() > 40 {
        return Vec::new();
    }
    let columns = inputs.catalog.tables[table].columns.len();
    let best = (0..columns)
        .max_by_key(|&column| (stored.rows.iter().filter(|row| word(&row[column]).is_some()).count(), std::cmp::Reverse(column)));
    let Some(column) = best else { return Vec::new() };
    let known = stored.rows.iter().filter(|row| word(&row[column]).is_some()).count();
    if known * 4 < stored.rows.len() * 3 {
        return Vec::new();
    }
    let rows = stored.rows.iter().zip(&stored.weights).enumerate();
    let states: Vec<State> = rows.filter_map(|(row, (values, weight))| state(&values[column], row as u64, *weight)).collect();
    weighed(resting(states))
}

/// Where nothing weighs the states, most lives end well.
fn weighed(mut states: Vec<State>) -> Vec<State> {
    let lasts = lasts(&states);
    let alike = states.windows(2).all(|pair| (pair[0].weight - pair[1].weight).abs() < f64::EPSILON);
    for state in states.iter_mut().filter(|_| alike) {
        state.weight *= word(&state.label).map_or(1.0, |word| word.weight);
        if state.aside {
            state.weight *= ASIDE_WEIGHT;
        } else if state.class == StatusClass::Open || state.class == StatusClass::Done && !lasts {
            state.weight *= DONE_WEIGHT;
        }
    }
    states
}

/// Says in which open states a row may stay: where none is good and final, in the one that settles the matter (approved),
/// else in the farthest (active).
fn resting(mut states: Vec<State>) -> Vec<State> {
    if states.iter().any(|state| state.class == StatusClass::Done) && !lasts(&states) {
        return states;
    }
    let open = |state: &State| state.class == StatusClass::Open && !state.aside;
    let settled = (0..states.len()).filter(|&at| open(&states[at]) && settles(&states[at])).max_by_key(|&at| states[at].stage);
    let farthest = (0..states.len()).rev().filter(|&at| open(&states[at])).max_by_key(|&at| states[at].stage);
    if let Some(at) = settled {
        // Whoever is to be approved or refused has come as far as that.
        let before = (0..states.len()).filter(|&other| other != at && open(&states[other])).map(|other| states[other].stage).max();
        let stage = states[at].stage.max(before.map_or(0, |before| before + 1));
        states[at].stage = stage;
        for failed in states.iter_mut().filter(|state| state.class == StatusClass::Failed) {
            failed.stage = stage;
        }
    }
    let lasting = (0..states.len()).find(|&at| open(&states[at]) && is_part(&states[at], StatusPart::Lasts));
    if let Some(at) = settled.or(lasting).or(farthest) {
        states[at].rests = true;
    }
    states
}

/// States from labels.
fn states_of(labels: &[Value]) -> Vec<State> {
    let mut known: Vec<State> = labels.iter().filter_map(|label| state(label, 0, 1.0)).collect();
    stand_by_order(&mut known);
    if known.len() * 4 < labels.len() * 3 { Vec::new() } else { weighed(resting(known)) }
}

/// What an order has once it was sent is received at its end; what is released before the work goes on is not done.
fn stand_by_order(states: &mut [State]) {
    let goes_on = |state: &State, stage: u8| state.class == StatusClass::Open && !state.aside && state.stage >= stage;
    for at in 0..states.len() {
        if !is_part(&states[at], StatusPart::ByOrder) {
            continue;
        }
        let stands = if states[at + 1..].iter().any(|state| goes_on(state, AT_WORK)) {
            Some((StatusClass::Open, states[at].stage.min(SETTLED)))
        } else if states[..at].iter().any(|state| goes_on(state, SETTLED)) {
            Some((StatusClass::Done, DONE))
        } else {
            None
        };
        if let Some((class, stage)) = stands {
            states[at] = State { class, stage, rests: class != StatusClass::Open, ..states[at].clone() };
        }
    }
}

fn word(value: &Value) -> Option<StatusWord> {
    match value {
        Value::Text(text) => status_of(text),
        _ => None,
    }
}

fn state(label: &Value, row: u64, weight: f64) -> Option<State> {
    let word = word(label)?;
    let aside = word.part == Some(StatusPart::Aside);
    let rests = aside || word.class != StatusClass::Open;
    let missed = word.part == Some(StatusPart::Missed);
    Some(State { row, label: label.clone(), class: word.class, stage: word.stage, weight, aside, rests, missed })
}

/// Some state leads to another in which a row may stay.
fn tells_a_life(states: &[State]) -> bool {
    let step = |state: &State| state.class == StatusClass::Open && !state.aside;
    states.iter().any(step) && states.iter().any(|state| state.rests && !step(state))
        || states.iter().filter(|state| step(state)).count() > 1
}

impl Lifecycle {
    /// The states on the way to one in which a row stays, itself the last; all open ones where none is given.
    pub(crate) fn way_to(&self, fate: Option<usize>) -> Vec<usize> {
        let limit = fate.map_or(u8::MAX, |fate| self.states[fate].stage);
        let aside = fate.is_some_and(|fate| self.states[fate].aside);
        let done = fate.filter(|&fate| self.states[fate].class == StatusClass::Done);
        let step = |state: &State| match state.class {
            StatusClass::Open => !state.aside && (state.stage < limit || aside && state.stage == limit),
            // What is closed had been resolved.
            StatusClass::Done => done.is_some() && state.stage < limit,
            _ => false,
        };
        let mut way: Vec<usize> = (0..self.states.len()).filter(|&at| step(&self.states[at])).collect();
        way.sort_by_key(|&at| self.states[at].stage);
        way.extend(fate);
        way
    }
}

/// A stamp of a state, a tracking number, or a child table that follows the states.
fn depended_on(inputs: &Inputs, meanings: &Meanings, table: TableId, life: &Lifecycle) -> bool {
    let stamped = |column: ColumnId| entered::states(&inputs.catalog, meanings, table, column, &life.states).is_some();
    if meanings.with_role(table, Role::Tracking).is_some() || (0..inputs.catalog.tables[table].columns.len()).any(stamped) {
        return true;
    }
    let StatePlace::ForeignKey(key) = life.place else { return false };
    let states = inputs.catalog.tables[table].foreign_keys[key].referenced_table;
    inputs.catalog.tables.iter().any(|child| {
        child.foreign_keys.iter().any(|key| key.referenced_table == table)
            && child.foreign_keys.iter().any(|key| key.referenced_table == states)
    })
}

/// How a history shows its owner's states.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Follows {
    /// A row for each stage, naming the owner's states by a foreign key.
    Stages(ForeignKeyId),
    /// A row for each stage, by labels of its own column.
    StageLabels(usize, Vec<(Value, StatusClass, u8)>),
}

/// Lets the lives of rows follow those of the rows that they hang under; by table, which is a history of its owner.
pub(super) fn follow_owners(
    inputs: &Inputs,
    meanings: &Meanings,
    owners: &[Option<ForeignKeyId>],
    reowned: &BTreeMap<TableId, Reowned>,
    lifecycles: &mut [Option<Lifecycle>],
) -> Vec<Option<Follows>> {
    let tables = &inputs.catalog.tables;
    let above = |table: TableId| owners[table].map(|key| tables[table].foreign_keys[key].referenced_table);
    let depth = |table: TableId| std::iter::successors(Some(table), |&table| above(table)).take(tables.len()).count();
    let mut from_above: Vec<TableId> = (0..tables.len()).filter(|table| !reowned.contains_key(table)).collect();
    from_above.sort_by_key(|&table| (depth(table), table));
    let mut found = vec![None; tables.len()];
    for table in from_above {
        let Some(key) = owners[table] else { continue };
        let own = lifecycles[table].take();
        let Some(owner) = &lifecycles[tables[table].foreign_keys[key].referenced_table] else {
            lifecycles[table] = own;
            continue;
        };
        let child = Child { inputs, meanings, table, key };
        found[table] = if own.is_none() { child.history(owner) } else { child.same_states(owner) };
        let tied = if found[table].is_none() { child.tied(owner, own) } else { own };
        let above = tables[table].foreign_keys[key].referenced_table;
        if let (Some(Lifecycle { tie: Tie::Ends, .. }), Some(owner)) = (&tied, &mut lifecycles[above])
            && usual_days(&owner.states).is_none()
        {
            owner.days = DAYS_OVER_OTHERS;
        }
        lifecycles[table] = tied;
    }
    found
}

/// A table beside the one that its rows hang under.
struct Child<'a> {
    inputs: &'a Inputs,
    meanings: &'a Meanings,
    table: TableId,
    key: ForeignKeyId,
}

impl Child<'_> {
    fn has(&self, role: Role) -> bool {
        self.meanings.with_role(self.table, role).is_some()
    }

    fn is_timed(&self) -> bool {
        self.has(Role::Happened) || self.has(Role::Created)
    }

    /// Goods and money go the way of what they belong to.
    fn has_amounts(&self) -> bool {
        self.has(Role::Tracking)
            || has_money(self.meanings, self.table)
            || self.meanings.ids_of(self.table).any(|id| id == Some("count.quantity"))
    }

    /// Whether its rows bill what nobody priced before: the bill of a visit is paid, or not, whatever became of the visit.
    fn bills(&self) -> bool {
        let owner = self.inputs.catalog.tables[self.table].foreign_keys[self.key].referenced_table;
        (self.has(Role::Total) || self.has(Role::Subtotal)) && !has_money(self.meanings, owner)
    }

    /// Whether its rows go on after the meeting at which they come up: a diagnosis, an order of a test.
    fn outlasts(&self) -> bool {
        let tables = &self.inputs.catalog.tables;
        let owner = tables[self.table].foreign_keys[self.key].referenced_table;
        let meets = session(&tables[owner].name).is_some();
        meets && normalise(&tables[self.table].name).iter().any(|word| is_word_of(&singular(word), "outlasting"))
    }

    /// Whether a row of the owner has one row at most.
    fn is_alone(&self) -> bool {
        let definition = &self.inputs.catalog.tables[self.table];
        let columns = &definition.foreign_keys[self.key].columns;
        definition.unique_keys.iter().any(|key| key.columns.iter().all(|column| columns.contains(column)))
    }

    fn same_states(&self, owner: &Lifecycle) -> Option<Follows> {
        let StatePlace::ForeignKey(key) = owner.place else { return None };
        let definition = &self.inputs.catalog.tables[self.table];
        let owner_table = &self.inputs.catalog.tables[definition.foreign_keys[self.key].referenced_table];
        let states = owner_table.foreign_keys[key].referenced_table;
        let same = (0..definition.foreign_keys.len()).find(|&key| definition.foreign_keys[key].referenced_table == states);
        same.filter(|_| self.is_timed()).map(Follows::Stages)
    }

    fn states(&self) -> Option<(ColumnId, Vec<State>)> {
        let columns = 0..self.inputs.catalog.tables[self.table].columns.len();
        columns.map(|column| (column, states_of(&labels(self.inputs, self.table, column)))).find(|(_, states)| states.len() >= 2)
    }

    /// A history has a time and little else.
    fn history(&self, owner: &Lifecycle) -> Option<Follows> {
        if let Some(same) = self.same_states(owner) {
            return Some(same);
        }
        let (column, states) = self.states()?;
        let shared = states.iter().filter(|state| owner.states.iter().any(|own| own.label == state.label)).count();
        // Claims and payments with states of their own are matters beside the owner's, not its stations.
        let tells = shared * 2 >= states.len() || !owner.lasts && !self.has_amounts();
        // What has an amount of its own is no stage of something else.
        let amounts = [Role::Quantity, Role::LineTotal, Role::Subtotal, Role::Total];
        if !tells || !self.has(Role::Happened) || amounts.into_iter().any(|role| self.has(role)) {
            return None;
        }
        Some(Follows::StageLabels(column, states.into_iter().map(|state| (state.label, state.class, state.stage)).collect()))
    }

    /// The life of rows that hang under others that have one.
    fn tied(&self, owner: &Lifecycle, own: Option<Lifecycle>) -> Option<Lifecycle> {
        // Claims are decided for themselves, mostly once the owner's life is over.
        if self.states().is_some_and(|(column, _)| self.meanings.of(self.table, column).is_some_and(|of| of.meaning.id == DECIDED)) {
            return own.or_else(|| lives(self.inputs, self.meanings, self.table).find(|life| matches!(life.place, StatePlace::Column(_))));
        }
        let on_its_own = self.bills() || self.outlasts();
        let goes_along = !owner.lasts && !owner.runs && (self.has_amounts() || self.is_alone()) && !on_its_own;
        if let Some((column, states)) = self.states().filter(|_| goes_along) {
            let mirrored = life(self.inputs, self.table, StatePlace::Column(column), states);
            return Some(Lifecycle { tie: Tie::Mirrors, ..mirrored });
        }
        let own = own.or_else(|| lives(self.inputs, self.meanings, self.table).find(|life| matches!(life.place, StatePlace::Column(_))))?;
        Some(Lifecycle { tie: if on_its_own { Tie::Free } else { Tie::Ends }, ..own })
    }
}

fn has_money(meanings: &Meanings, table: TableId) -> bool {
    meanings.ids_of(table).flatten().any(|id| id.starts_with("money."))
}

/// The key to the states, of tables with a lifecycle and of histories below them.
pub(super) fn state_keys(lifecycles: &[Option<Lifecycle>], follows: &[Option<Follows>]) -> Vec<Option<ForeignKeyId>> {
    (0..lifecycles.len())
        .map(|table| {
            if let Some(Lifecycle { place: StatePlace::ForeignKey(key), .. }) = &lifecycles[table] {
                return Some(*key);
            }
            match follows[table] {
                Some(Follows::Stages(key)) => Some(key),
                _ => None,
            }
        })
        .collect()
}
