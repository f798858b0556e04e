//! Lifecycles: states with open and final ones, found by their words in a table of states or a column's labels.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::{Lifecycle, State, StatePlace};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{StatusClass, status_of};

/// Weights of final states where the reference rows do not weigh them: most things end well.
const DONE_WEIGHT: f64 = 10.0;

/// The lifecycle of a table, if its states tell one and something in the table or below depends on it.
pub(super) fn lifecycle(inputs: &Inputs, meanings: &Meanings, table: TableId) -> Option<Lifecycle> {
    let definition = &inputs.catalog.tables[table];
    let key = StreamKey::new(inputs.arguments.seed, &definition.qualified, "\u{1}lifecycle");
    for foreign_key in 0..definition.foreign_keys.len() {
        let states = states_of_table(inputs, definition.foreign_keys[foreign_key].referenced_table);
        if tells_a_life(&states) && depended_on(inputs, meanings, table, Some(foreign_key)) {
            return Some(Lifecycle { place: StatePlace::ForeignKey(foreign_key), states, key, pace: None });
        }
    }
    for column in 0..definition.columns.len() {
        let states = states_of(&labels(inputs, table, column));
        if tells_a_life(&states) && depended_on(inputs, meanings, table, None) {
            return Some(Lifecycle { place: StatePlace::Column(column), states, key, pace: None });
        }
    }
    None
}

/// The labels a column may hold: its enum's, or a CHECK's list.
pub(super) fn labels(inputs: &Inputs, table: TableId, column: usize) -> Vec<Value> {
    let facts = crate::engine::constraint::facts(&inputs.catalog.tables[table], &inputs.catalog, table);
    facts.columns[column].allowed.clone().unwrap_or_default()
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
    weighed(states)
}

/// Where nothing weighs the states, most lives end well.
fn weighed(mut states: Vec<State>) -> Vec<State> {
    let alike = states.windows(2).all(|pair| (pair[0].weight - pair[1].weight).abs() < f64::EPSILON);
    for state in states.iter_mut().filter(|state| alike && state.class == StatusClass::Done) {
        state.weight *= DONE_WEIGHT;
    }
    states
}

/// States from labels.
pub(super) fn states_of(labels: &[Value]) -> Vec<State> {
    let known: Vec<State> = labels.iter().filter_map(|label| state(label, 0, 1.0)).collect();
    if known.len() * 4 < labels.len() * 3 { Vec::new() } else { weighed(known) }
}

fn word(value: &Value) -> Option<crate::engine::vocabulary::StatusWord> {
    match value {
        Value::Text(text) => status_of(text),
        _ => None,
    }
}

fn state(label: &Value, row: u64, weight: f64) -> Option<State> {
    let word = word(label)?;
    Some(State { row, label: label.clone(), class: word.class, stage: word.stage, weight })
}

fn tells_a_life(states: &[State]) -> bool {
    let open = states.iter().any(|state| state.class == StatusClass::Open);
    let done = states.iter().any(|state| state.class == StatusClass::Done);
    open && done
}

/// A final stamp, a tracking number, or a child table that follows the states.
fn depended_on(inputs: &Inputs, meanings: &Meanings, table: TableId, state_key: Option<ForeignKeyId>) -> bool {
    let roles = [Role::Completed, Role::Cancelled, Role::Shipped, Role::Tracking];
    if roles.iter().any(|role| meanings.with_role(table, *role).is_some()) {
        return true;
    }
    let Some(key) = state_key else { return false };
    let states = inputs.catalog.tables[table].foreign_keys[key].referenced_table;
    inputs.catalog.tables.iter().any(|child| {
        child.foreign_keys.iter().any(|key| key.referenced_table == table)
            && child.foreign_keys.iter().any(|key| key.referenced_table == states)
    })
}

/// How a child table shows its owner's states.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Follows {
    /// A row for each stage, naming the owner's states by a foreign key.
    Stages(ForeignKeyId),
    /// A row for each stage, by labels of its own column.
    StageLabels(usize, Vec<(Value, StatusClass, u8)>),
    /// One state per row, the nearest to the owner's.
    Mirrors(usize, Vec<(Value, StatusClass, u8)>),
}

/// How a table follows the lifecycle of its owner, if it does: a history has a time and little else.
pub(super) fn follows(inputs: &Inputs, meanings: &Meanings, table: TableId, owner: ForeignKeyId, lifecycle: &Lifecycle) -> Option<Follows> {
    let definition = &inputs.catalog.tables[table];
    let owner_table = definition.foreign_keys[owner].referenced_table;
    let timed = meanings.with_role(table, Role::Happened).is_some() || meanings.with_role(table, Role::Created).is_some();
    if let StatePlace::ForeignKey(key) = lifecycle.place {
        let states = inputs.catalog.tables[owner_table].foreign_keys[key].referenced_table;
        let same = (0..definition.foreign_keys.len()).find(|&key| definition.foreign_keys[key].referenced_table == states);
        if let Some(same) = same.filter(|_| timed) {
            return Some(Follows::Stages(same));
        }
    }
    for column in 0..definition.columns.len() {
        let states = states_of(&labels(inputs, table, column));
        if states.len() < 2 {
            continue;
        }
        let labels: Vec<_> = states.iter().map(|state| (state.label.clone(), state.class, state.stage)).collect();
        let amounts = meanings.with_role(table, Role::Quantity).is_some() || meanings.with_role(table, Role::LineTotal).is_some();
        let happened = meanings.with_role(table, Role::Happened).is_some();
        return Some(if happened && !amounts { Follows::StageLabels(column, labels) } else { Follows::Mirrors(column, labels) });
    }
    None
}
