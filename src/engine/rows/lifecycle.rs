//! States: a row runs through open states to a final one, if it is old enough.

use std::sync::Arc;

use crate::engine::catalog::TableId;
use crate::engine::plan::{Lifecycle, RowIndex, Source, State, StatePlace};
use crate::engine::rows::row::Rows;
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::StatusClass;

/// Stage from which on a thing has left the house.
pub(crate) const LEFT: u8 = 4;

/// Where a row's lifecycle stands.
#[derive(Debug)]
pub(super) struct StateNow {
    /// Index of the current state.
    pub(super) current: usize,
    /// When it ended, where it has.
    pub(super) end: Option<i64>,
    /// The states it went through, in order, the current one last.
    pub(super) path: Vec<Step>,
}

/// A state and when it was entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) state: usize,
    pub(super) at: i64,
}

/// A stage of an owner's way as a child table's row shows it.
#[derive(Debug, Clone)]
pub(super) struct StageRow {
    /// Index of the owner's state, where the child names the same states.
    pub(super) state: Option<usize>,
    /// The child's own label, where it has labels of its own.
    pub(super) label: Option<Value>,
    /// When.
    pub(super) at: i64,
}

impl Rows<'_> {
    /// The lifecycle of a made row; `None` where the table has none.
    pub(super) fn lifecycle(&mut self, table: TableId, index: RowIndex) -> Option<Arc<StateNow>> {
        let plan = self.plan;
        let lifecycle = plan.tables[table].lifecycle.as_ref()?;
        if !self.is_made(table, index) {
            return self.stored_state(table, index, lifecycle);
        }
        if let Some(known) = &self.state(table, index).state {
            return Some(Arc::clone(known));
        }
        let birth = self.birth(table, index).or_else(|| self.moment(table, index)).unwrap_or(plan.as_of - super::stamp::WINDOW);
        let mut draws = self.draws(table, index, lifecycle.key, false);
        let state = Arc::new(run_through(lifecycle, birth, plan.as_of, &mut draws));
        self.state(table, index).state = Some(Arc::clone(&state));
        Some(state)
    }

    fn stored_state(&mut self, table: TableId, index: RowIndex, lifecycle: &Lifecycle) -> Option<Arc<StateNow>> {
        let current = match lifecycle.place {
            StatePlace::ForeignKey(key) => {
                let row = self.stored_reference(table, index, key)?;
                lifecycle.states.iter().position(|state| state.row == row)?
            }
            StatePlace::Column(column) => {
                let label = &self.plan.tables[table].stored.rows[index as usize][column];
                lifecycle.states.iter().position(|state| state.label == *label)?
            }
        };
        let at = self.birth(table, index).unwrap_or(self.plan.as_of);
        let end = (lifecycle.states[current].class != StatusClass::Open).then_some(at);
        Some(Arc::new(StateNow { current, end, path: vec![Step { state: current, at }] }))
    }

    pub(super) fn class_of(&self, table: TableId, state: usize) -> StatusClass {
        self.plan.tables[table].lifecycle.as_ref().map_or(StatusClass::Open, |lifecycle| lifecycle.states[state].class)
    }

    /// The row of the state table that the lifecycle is in.
    pub(super) fn lifecycle_row(&mut self, table: TableId, index: RowIndex) -> Option<RowIndex> {
        let owner_stage = self.stage_of(table, index);
        if let Some(stage) = owner_stage {
            let owner = self.plan.tables[table].owner.as_ref()?.table;
            return Some(self.plan.tables[owner].lifecycle.as_ref()?.states[stage.state?].row);
        }
        let state = self.lifecycle(table, index)?;
        Some(self.plan.tables[table].lifecycle.as_ref()?.states[state.current].row)
    }

    /// The label that the lifecycle is in.
    pub(super) fn lifecycle_label(&mut self, table: TableId, index: RowIndex) -> Value {
        let plan = self.plan;
        match (self.lifecycle(table, index), &plan.tables[table].lifecycle) {
            (Some(state), Some(lifecycle)) => lifecycle.states[state.current].label.clone(),
            _ => Value::Null,
        }
    }

    /// The stages that a child table shows of one owner row, in order.
    pub(super) fn stages(&mut self, child: TableId, owner: RowIndex) -> Vec<StageRow> {
        let plan = self.plan;
        let Some(owner_plan) = &plan.tables[child].owner else { return Vec::new() };
        let Some(state) = self.lifecycle(owner_plan.table, owner) else { return Vec::new() };
        let labels = plan.tables[child].columns.iter().find_map(|column| match &column.source {
            Source::StageLabel(labels) if !labels.is_empty() => Some(labels),
            _ => None,
        });
        let Some(labels) = labels else {
            return state.path.iter().map(|step| StageRow { state: Some(step.state), label: None, at: step.at }).collect();
        };
        let Some(lifecycle) = &plan.tables[owner_plan.table].lifecycle else { return Vec::new() };
        reached(labels, lifecycle, &state, plan.as_of)
    }

    /// The stage that a row of a stages table stands for.
    pub(super) fn stage_of(&mut self, table: TableId, index: RowIndex) -> Option<StageRow> {
        let owner = self.plan.tables[table].owner.as_ref()?;
        if owner.fan_out != crate::engine::plan::FanOut::Stages {
            return None;
        }
        let (row, ordinal) = {
            let state = self.state(table, index);
            (state.owner?, state.ordinal)
        };
        self.stages(table, row).into_iter().nth(ordinal as usize)
    }

    /// The owner's state as the nearest of a column's labels.
    pub(super) fn owner_state(&mut self, table: TableId, index: RowIndex, labels: &[(Value, StatusClass, u8)]) -> Value {
        let plan = self.plan;
        let Some(owner) = &plan.tables[table].owner else { return Value::Null };
        let Some(row) = self.state(table, index).owner else { return Value::Null };
        let (Some(state), Some(lifecycle)) = (self.lifecycle(owner.table, row), &plan.tables[owner.table].lifecycle) else {
            return Value::Null;
        };
        let state = &lifecycle.states[state.current];
        // The latest label that the owner has reached; one that it has not is farther than any it has.
        let distance = |class: StatusClass, stage: u8| {
            u32::from(stage.abs_diff(state.stage)) + if stage > state.stage { 20 } else { 0 } + if class == state.class { 0 } else { 100 }
        };
        labels.iter().min_by_key(|(_, class, stage)| distance(*class, *stage)).map_or(Value::Null, |(label, ..)| label.clone())
    }
}

/// Draws a fate and how long it takes, and sees how far the row has come by `as_of`.
fn run_through(lifecycle: &Lifecycle, birth: i64, as_of: i64, draws: &mut crate::engine::rows::random::Draws) -> StateNow {
    let states = &lifecycle.states;
    let weights: Vec<f64> = states.iter().map(|state| if state.class == StatusClass::Open { 0.0 } else { state.weight }).collect();
    let fate = super::pick::weighted(&weights, draws.unit());
    let open = |limit: u8| states.iter().enumerate().filter(move |(_, state)| state.class == StatusClass::Open && state.stage < limit);
    let mut way: Vec<usize> = open(fate.map_or(u8::MAX, |fate| last_open_stage(&states[fate]))).map(|(at, _)| at).collect();
    way.sort_by_key(|&at| states[at].stage);
    way.extend(fate);
    let median = if fate.is_some_and(|fate| states[fate].class == StatusClass::Done) { 1.5 } else { 0.4 };
    let days = libm::exp(median + 0.5 * draws.normal());
    let duration = (days * MICROS_PER_DAY as f64) as i64 + 3_600_000_000;
    let steps = (way.len().max(2) - 1) as i64;
    let mut path: Vec<Step> = Vec::with_capacity(way.len());
    for (number, &state) in way.iter().enumerate() {
        let jitter = if number == 0 || number as i64 == steps { 0 } else { draws.below((duration / steps / 2) as u64) as i64 };
        let at = birth + duration * number as i64 / steps + jitter;
        if at > as_of && number > 0 {
            break;
        }
        path.push(Step { state, at });
    }
    let current = path.last().map_or(0, |step| step.state);
    let end = (states[current].class != StatusClass::Open).then(|| path.last().map_or(birth, |step| step.at));
    StateNow { current, end, path }
}

/// The first stage a row with this fate does not enter any more.
fn last_open_stage(fate: &State) -> u8 {
    fate.stage
}

/// A child table's own labels (parcel events) that the owner's way has reached, with times along it.
///
/// Labels among which the owner's first state is not one tell of a later part of the way: of what happens once the
/// thing has left the house, where the owner has a state for that.
fn reached(labels: &[(Value, StatusClass, u8)], lifecycle: &Lifecycle, state: &StateNow, as_of: i64) -> Vec<StageRow> {
    let current = &lifecycle.states[state.current];
    if matches!(current.class, StatusClass::Cancelled | StatusClass::Failed) {
        return Vec::new();
    }
    let opening = lifecycle.states.iter().filter(|own| own.class == StatusClass::Open).min_by_key(|own| own.stage);
    let whole_way = opening.is_some_and(|opening| labels.iter().any(|(label, ..)| *label == opening.label));
    let leaves = lifecycle.states.iter().any(|own| own.class == StatusClass::Open && own.stage >= LEFT);
    let begins = if whole_way || !leaves { 0 } else { LEFT };
    let Some(from) = state.path.iter().find(|step| lifecycle.states[step.state].stage >= begins).map(|step| step.at) else {
        return Vec::new();
    };
    let mut shown: Vec<_> = labels
        .iter()
        .filter(|(_, class, stage)| *stage <= current.stage && matches!(class, StatusClass::Open | StatusClass::Done))
        .collect();
    shown.sort_by_key(|label| label.2);
    let until = state.end.unwrap_or(as_of).max(from);
    let steps = shown.len().max(2) as i64 - 1;
    shown
        .into_iter()
        .enumerate()
        .map(|(number, (label, ..))| StageRow {
            state: None,
            label: Some(label.clone()),
            at: from + (until - from) / steps * number as i64,
        })
        .collect()
}
