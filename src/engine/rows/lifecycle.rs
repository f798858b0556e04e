//! States: a row runs through open states to a final one, if it is old enough.

use std::sync::Arc;

use crate::engine::catalog::TableId;
use crate::engine::plan::{DONE, FanOut, Lifecycle, Pace, PeriodOf, Plan, RowIndex, Source, State, StatePlace, Tie};
use crate::engine::rows::random::{Draws, mix, scale};
use crate::engine::rows::row::Rows;
use crate::engine::rows::sent::{arrival, on_its_way, under_way};
use crate::engine::rows::stamp::{as_micros, working_days};
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::StatusClass;

/// Stage from which on a thing has left the house.
pub(crate) const LEFT: u8 = 4;

pub(super) const HOUR: i64 = 3_600_000_000;

/// When people work, from the beginning of the day, UTC.
const OPENS: i64 = 8 * HOUR;
const CLOSES: i64 = 19 * HOUR;

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
#[derive(Debug, Clone, Copy)]
pub(super) struct StageRow {
    /// What is shown.
    pub(super) shown: Shown,
    /// When.
    pub(super) at: i64,
}

/// What a stage's row shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    /// Index of the owner's state, where the child names the same states.
    State(usize),
    /// Place among the child's own labels, where it has labels of its own.
    Label(usize),
}

/// A table's lifecycle, ready to be run through: what all its rows share.
#[derive(Debug)]
pub(super) struct Ways {
    /// By state: its weight as a fate.
    weights: Vec<f64>,
    /// By fate: the states on the way to it, itself the last.
    to_fate: Vec<Vec<usize>>,
    /// The way where a row may stay in no state.
    endless: Vec<usize>,
}

/// A label of a child table's own.
#[derive(Debug)]
struct StageLabel {
    label: Value,
    class: StatusClass,
    stage: u8,
}

/// A child table's own labels for the stages of its owner's way.
#[derive(Debug)]
pub(super) struct StageLabels {
    /// Those on the good way, in order.
    labels: Vec<StageLabel>,
    /// The owner's stage from which on they tell.
    begins: u8,
}

impl<'a> Rows<'a> {
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
        // What was planned lives from its entry to its beginning.
        let birth = self.entry(table, index).unwrap_or(birth);
        let owner = if lifecycle.tie == Tie::Free { None } else { self.owners_life(table, index) };
        let state = match &owner {
            Some((owners, life)) if lifecycle.tie == Tie::Mirrors => mirrored(lifecycle, owners, life, birth),
            _ => {
                let mut draws = self.draws(table, index, lifecycle.key, false);
                let days = lifecycle.pace.and_then(|pace| self.paced(table, index, pace));
                let over = self.over(table, index, lifecycle);
                let bounds = Bounds { over, ..Bounds::of(owner.as_ref(), days) };
                let bounds = self.bounded_by_its_turn(table, index, owner.as_ref(), bounds);
                let bounds = self.bounded_by_its_plan(table, index, lifecycle, bounds);
                let bounds = self.bounded_by_its_period(table, index, bounds);
                let usual = self.days_of_its_kind(table, index).unwrap_or(lifecycle.days);
                let ways = self.ways[table].get_or_insert_with(|| Ways::of(lifecycle));
                run_through((lifecycle, usual), ways, (birth, plan.as_of), &bounds, &mut draws)
            }
        };
        let state = Arc::new(state);
        self.state(table, index).state = Some(Arc::clone(&state));
        Some(state)
    }

    /// How many days a row of its kind lasts, where a column says of which kind it is.
    pub(super) fn days_of_its_kind(&mut self, table: TableId, index: RowIndex) -> Option<f64> {
        let (column, days) = self.plan.tables[table].lasts.as_ref()?;
        let kind = self.known(table, index, *column);
        days.iter().find(|(label, _)| label == kind).map(|(_, days)| *days)
    }

    /// What was booked ends the booking, whoever came; a booking of what was called off is given up.
    fn bounded_by_its_turn(
        &mut self,
        table: TableId,
        index: RowIndex,
        owner: Option<&(&Lifecycle, Arc<StateNow>)>,
        bounds: Bounds,
    ) -> Bounds {
        let Some(at) = self.begins(table, index).filter(|at| *at <= self.plan.as_of) else { return bounds };
        let off = owner
            .is_some_and(|(lifecycle, life)| matches!(lifecycle.states[life.current].class, StatusClass::Cancelled | StatusClass::Failed));
        Bounds { ended: Some(Ended { at, well: off.then_some(false) }), booked: true, ..bounds }
    }

    /// What was planned is done, or missed, when it begins, where nothing else tells when it is over.
    fn bounded_by_its_plan(&mut self, table: TableId, index: RowIndex, lifecycle: &Lifecycle, bounds: Bounds) -> Bounds {
        let comes_to_an_end = lifecycle.states.iter().any(|state| state.class == StatusClass::Done && state.rests && state.weight > 0.0);
        if self.plan.tables[table].entered_ahead.is_none() || bounds.over.is_some() || bounds.ended.is_some() || !comes_to_an_end {
            return bounds;
        }
        let Some(at) = self.birth(table, index).filter(|at| *at <= self.plan.as_of) else { return bounds };
        Bounds { ended: Some(Ended { at, well: None }), booked: true, ..bounds }
    }

    /// What is signed up for ends with its term, well or badly, and a period with itself; until then it is open.
    fn bounded_by_its_period(&mut self, table: TableId, index: RowIndex, bounds: Bounds) -> Bounds {
        let own = self.plan.tables[table].periods.as_ref().is_some_and(|periods| matches!(periods.of, PeriodOf::Turn { begins: true, .. }));
        let period = if own { self.period(table, index) } else { self.period_named(table, index) };
        match period {
            Some(period) => Bounds { ended: Some(Ended { at: period.is_over(), well: None }), booked: true, ..bounds },
            None => bounds,
        }
    }

    /// When what a row's life is about is over, a day with its end, and the state after it.
    fn over(&mut self, table: TableId, index: RowIndex, lifecycle: &Lifecycle) -> Option<(i64, usize)> {
        let (column, state) = lifecycle.expires?;
        let until = self.cell(table, index, column);
        let day = if matches!(until, Value::Date(_)) { MICROS_PER_DAY } else { 0 };
        Some((as_micros(&until)? + day, state))
    }

    /// The life of the row that a row hangs under.
    pub(super) fn owners_life(&mut self, table: TableId, index: RowIndex) -> Option<(&'a Lifecycle, Arc<StateNow>)> {
        let plan = self.plan;
        let owner = plan.tables[table].owner.as_ref()?.table;
        let lifecycle = plan.tables[owner].lifecycle.as_ref()?;
        let row = self.owner_of(table, index)?;
        Some((lifecycle, self.lifecycle(owner, row)?))
    }

    /// When a row first came to one of the states, where it has.
    pub(super) fn entered(&mut self, table: TableId, index: RowIndex, states: &[bool]) -> Option<i64> {
        let life = self.lifecycle(table, index)?;
        life.path.iter().find(|step| states[step.state]).map(|step| step.at)
    }

    /// The fewest and the most days that the way takes by what the row names.
    fn paced(&mut self, table: TableId, index: RowIndex, pace: Pace) -> Option<(f64, f64)> {
        let list = self.plan.catalog.tables[table].foreign_keys[pace.key].referenced_table;
        let row = self.reference(table, index, pace.key)?;
        self.cell(list, row, pace.least).as_f64().zip(self.cell(list, row, pace.most).as_f64())
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
            let Shown::State(state) = stage.shown else { return None };
            return Some(self.plan.tables[owner].lifecycle.as_ref()?.states[state].row);
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

    /// How far the life of a row has come: the stage that it stands for, its own life's, else its owner's.
    pub(super) fn phase(&mut self, table: TableId, index: RowIndex) -> Option<&'static str> {
        let plan = self.plan;
        if let Some(StageRow { shown: Shown::Label(place), .. }) = self.stage_of(table, index) {
            let labels = self.stage_labels[table].as_ref().and_then(Option::as_ref)?;
            return labels.labels.get(place).map(|label| label.class.phase(label.stage));
        }
        let (holder, state) = match self.stage_of(table, index) {
            Some(StageRow { shown: Shown::State(state), .. }) => (plan.tables[table].owner.as_ref()?.table, state),
            _ if plan.tables[table].lifecycle.is_some() => (table, self.lifecycle(table, index)?.current),
            _ => {
                let owner = plan.tables[table].owner.as_ref()?.table;
                let row = self.owner_of(table, index)?;
                (owner, self.lifecycle(owner, row)?.current)
            }
        };
        let state = &plan.tables[holder].lifecycle.as_ref()?.states[state];
        Some(state.class.phase(state.stage))
    }

    /// How many stages a child table shows of one owner row.
    pub(super) fn stages(&mut self, child: TableId, owner: RowIndex) -> usize {
        self.way_shown(child, owner).map_or(0, |(state, labels)| labels.map_or(state.path.len(), |shown| shown.count))
    }

    /// The stage that a row of a stages table stands for.
    pub(super) fn stage_of(&mut self, table: TableId, index: RowIndex) -> Option<StageRow> {
        let owner = self.plan.tables[table].owner.as_ref()?;
        if owner.fan_out != FanOut::Stages {
            return None;
        }
        let state = self.state(table, index);
        let (row, ordinal) = (state.owner?, state.ordinal as usize);
        self.stage_at(table, row, ordinal)
    }

    /// The stage that a child table shows of an owner row at a place, from 0.
    pub(super) fn stage_at(&mut self, child: TableId, owner: RowIndex, place: usize) -> Option<StageRow> {
        let (state, labels) = self.way_shown(child, owner)?;
        let Some(shown) = labels else {
            return state.path.get(place).map(|step| StageRow { shown: Shown::State(step.state), at: step.at });
        };
        let at = shown.at(place);
        (place < shown.count).then_some(StageRow { shown: Shown::Label(place), at })
    }

    /// The label of a child table's own.
    pub(super) fn own_stage_label(&self, table: TableId, place: usize) -> Value {
        let labels = self.stage_labels[table].as_ref().and_then(Option::as_ref);
        labels.and_then(|labels| labels.labels.get(place)).map_or(Value::Null, |own| own.label.clone())
    }

    /// How far an owner row has come, and how much of it a child table's own labels tell (`None`: it has none).
    fn way_shown(&mut self, child: TableId, owner: RowIndex) -> Option<(Arc<StateNow>, Option<Reached>)> {
        let plan = self.plan;
        let owner_table = plan.tables[child].owner.as_ref()?.table;
        let state = self.lifecycle(owner_table, owner)?;
        let labels = self.stage_labels[child].get_or_insert_with(|| StageLabels::of(plan, child));
        let Some(labels) = labels else { return Some((state, None)) };
        let lifecycle = plan.tables[owner_table].lifecycle.as_ref()?;
        let reached = labels.reached(lifecycle, &state, plan.as_of);
        Some((state, Some(reached)))
    }
}

impl Ways {
    fn of(lifecycle: &Lifecycle) -> Self {
        let states = &lifecycle.states;
        let weights = states.iter().map(|state| if state.rests { state.weight } else { 0.0 }).collect();
        let to_fate = (0..states.len()).map(|fate| lifecycle.way_to(Some(fate))).collect();
        Self { weights, to_fate, endless: lifecycle.way_to(None) }
    }
}

/// What limits a life beside its own states.
#[derive(Debug, Default)]
struct Bounds {
    /// How the life that it hangs under ended, where the end of that is the end of this.
    ended: Option<Ended>,
    /// The fewest and the most days of a good way.
    days: Option<(f64, f64)>,
    /// When what the life is about is over, and in which state it is then.
    over: Option<(i64, usize)>,
    /// It comes to its good end, or misses it, when what it was booked for begins.
    booked: bool,
}

/// The end of a life that another hangs under.
#[derive(Debug)]
struct Ended {
    at: i64,
    /// Whether it went well; `None` where that says nothing of what hangs under it.
    well: Option<bool>,
}

impl Bounds {
    fn of(owner: Option<&(&Lifecycle, Arc<StateNow>)>, days: Option<(f64, f64)>) -> Self {
        let ended = owner.and_then(|(lifecycle, life)| {
            let class = lifecycle.states[life.current].class;
            let well = match class {
                _ if lifecycle.lasts || lifecycle.runs => None,
                StatusClass::Done if lifecycle.states[life.current].stage > DONE => None,
                class => Some(class == StatusClass::Done),
            };
            Some(Ended { at: life.end?, well })
        });
        Self { ended, days, over: None, booked: false }
    }

    /// The weights of fates that go with the owner's end; `None` where there are none.
    fn narrow<'a>(&self, lifecycle: &Lifecycle, weights: &'a [f64]) -> Option<std::borrow::Cow<'a, [f64]>> {
        let Some(ended) = &self.ended else { return Some(weights.into()) };
        let over = self.over.map(|(_, over)| over);
        let ends_well = lifecycle.states.iter().zip(weights).any(|(state, weight)| state.class == StatusClass::Done && *weight > 0.0);
        let fits = |at: usize, state: &State| {
            let well = matches!(state.class, StatusClass::Done | StatusClass::Open);
            let goes_with = ended.well.map_or(state.rests, |owners| owners == well);
            let missed_nothing = state.missed && ended.well == Some(false);
            // Nobody is still to come to what has begun, but what no state ends well stays settled.
            let still_open = self.booked && state.class == StatusClass::Open && ends_well;
            goes_with && !state.aside && !missed_nothing && !still_open && over != Some(at)
        };
        let fates = lifecycle.states.iter().zip(weights).enumerate();
        let narrowed: Vec<f64> = fates.map(|(at, (state, weight))| if fits(at, state) { *weight } else { 0.0 }).collect();
        narrowed.iter().any(|&weight| weight > 0.0).then(|| narrowed.into())
    }
}

/// The owner's way in a row's own states: at each step the nearest; what it ends badly takes back.
fn mirrored(lifecycle: &Lifecycle, owners: &Lifecycle, life: &StateNow, birth: i64) -> StateNow {
    let mut path: Vec<Step> = Vec::new();
    for step in &life.path {
        let to = &owners.states[step.state];
        let given_up = matches!(to.class, StatusClass::Cancelled | StatusClass::Failed);
        let was_done = path.iter().any(|step| lifecycle.states[step.state].class == StatusClass::Done);
        // What is settled for good has gone as well as what is done.
        let settled = to.rests && to.class == StatusClass::Open && !to.aside;
        let has_it_too = lifecycle.states.iter().any(|own| own.label == to.label);
        let done = State { class: StatusClass::Done, stage: DONE, ..to.clone() };
        let to = if settled && !has_it_too && life.current == step.state { &done } else { to };
        let nearest = match given_up.then(|| taken_back(&lifecycle.states, was_done)).flatten() {
            Some(state) => state,
            None => nearest(&lifecycle.states, to),
        };
        // What is returned had been done.
        let done = lifecycle.states.iter().position(|state| state.class == StatusClass::Done);
        if let (Some(done), Some(last), true) = (done, path.last(), lifecycle.states[nearest].class == StatusClass::Returned && !was_done) {
            path.push(Step { state: done, at: i64::midpoint(last.at, step.at).max(birth) });
        }
        if path.last().is_none_or(|last| last.state != nearest) {
            path.push(Step { state: nearest, at: step.at.max(birth) });
        }
    }
    let current = path.last().map_or(0, |step| step.state);
    let end = path.last().filter(|_| lifecycle.states[current].class != StatusClass::Open).map(|step| step.at);
    StateNow { current, end, path }
}

/// Where a row stands once what it belongs to was given up: what was done is returned, else it is given up, too.
fn taken_back(states: &[State], was_done: bool) -> Option<usize> {
    let order = if was_done {
        [StatusClass::Returned, StatusClass::Cancelled, StatusClass::Failed]
    } else {
        [StatusClass::Cancelled, StatusClass::Failed, StatusClass::Returned]
    };
    order.iter().find_map(|class| states.iter().position(|state| state.class == *class))
}

/// The latest state that another life has reached; one that it has not is farther than any it has.
fn nearest(states: &[State], to: &State) -> usize {
    let distance = |state: &State| {
        u32::from(state.stage.abs_diff(to.stage))
            + if state.stage > to.stage { 20 } else { 0 }
            + if state.class == to.class { 0 } else { 100 }
            + if state.aside == to.aside { 0 } else { 50 }
    };
    (0..states.len()).min_by_key(|&at| distance(&states[at])).unwrap_or(0)
}

/// Days that accounts and subscriptions last until they end: half of them three months.
const LASTING: f64 = 90.0;

/// Lives of fewer days know no office hours: a machine's.
const QUICK: f64 = 0.1;

/// Lives of fewer days are lived by the hour: a sample is taken on the day on which it was ordered, by night, too.
const BY_THE_HOUR: f64 = 0.9;

/// Longer ways are no ways.
const MOST_DAYS: u64 = 400;

/// Microseconds between two stages, at least: stamps that are stored by the second stay apart.
pub(super) const LEAST_STEP: i64 = 60_000_000;

/// Draws a fate and how long it takes, and sees how far the row has come by now.
fn run_through(
    (lifecycle, days): (&Lifecycle, f64),
    ways: &Ways,
    (birth, as_of): (i64, i64),
    bounds: &Bounds,
    draws: &mut Draws,
) -> StateNow {
    let states = &lifecycle.states;
    let narrowed = bounds.narrow(lifecycle, &ways.weights);
    let fate = super::pick::weighted(narrowed.as_deref().unwrap_or(&ways.weights), draws.unit());
    // What cannot be given up with its owner stands where it stood then.
    let ended = bounds.ended.as_ref().map(|ended| ended.at).filter(|at| *at > birth);
    let now = as_of;
    let as_of = ended.map_or(now, |at| now.min(at));
    // What is over with its time goes on until then.
    let fate = fate.filter(|&fate| bounds.over.is_none_or(|(_, over)| over != fate));
    let way = fate.map_or(&ways.endless, |fate| &ways.to_fate[fate]);
    let good = fate.is_none_or(|fate| matches!(states[fate].class, StatusClass::Done | StatusClass::Open));
    let quick = days < QUICK;
    let median = match (good, lifecycle.lasts) {
        (true, true) => 2.0,
        (true, false) => days,
        (false, true) => LASTING,
        (false, false) => days / 3.0,
    };
    let usual = median * libm::exp(0.5 * draws.normal());
    let duration = match bounds.days.filter(|_| good) {
        Some((least, most)) => {
            let days = least + (most - least + 1.0) * draws.unit();
            working_days(birth, (days as u64).min(MOST_DAYS))
        }
        None => (usual * MICROS_PER_DAY as f64) as i64,
    }
    .max(if quick { 1_000_000 } else { HOUR });
    // What hangs under a life that has ended has ended before, where it began before; what is over cannot be given up.
    let over = bounds.over.map(|(at, _)| (at - birth) / 10 * 9);
    let rests = [ended.filter(|_| narrowed.is_some()).map(|at| at - birth), over];
    let duration = rests.into_iter().flatten().filter(|rest| *rest > 0).fold(duration, i64::min);
    let then = fate.is_some_and(|fate| states[fate].missed || states[fate].class == StatusClass::Done);
    let duration = ended.filter(|_| bounds.booked && then).map_or(duration, |at| at - birth);
    let steps = (way.len().max(2) - 1) as i64;
    let free = bounds.ended.is_none() && bounds.over.is_none();
    let sent = on_its_way(states, way).filter(|_| free && good && !lifecycle.lasts && days >= BY_THE_HOUR);
    let arrives = sent.map(|_| arrival(birth, duration, draws));
    let mut path: Vec<Step> = Vec::with_capacity(way.len());
    for (number, &state) in way.iter().enumerate() {
        if let (Some(sent), Some(arrives)) = (sent, arrives) {
            let at = under_way((birth, arrives), (number, sent, way.len() - 1), path.last(), draws);
            if at > as_of && number > 0 {
                break;
            }
            path.push(Step { state, at });
            continue;
        }
        let jitter = if number == 0 || number as i64 == steps { 0 } else { draws.below((duration / steps / 2) as u64) as i64 };
        let at = birth + duration * number as i64 / steps + jitter;
        let before = path.last().map_or(birth, |step| step.at);
        let at = if number == 0 || quick {
            at
        } else if days < BY_THE_HOUR {
            at.max(before + LEAST_STEP)
        } else {
            by_day(at, before + LEAST_STEP, as_of, draws.bits())
        };
        if at > as_of && number > 0 {
            break;
        }
        path.push(Step { state, at });
    }
    if let Some((at, over)) = bounds.over.filter(|(at, _)| *at <= now)
        && path.last().is_none_or(|last| is_going_on(lifecycle, last.state) && last.at <= at)
    {
        path.push(Step { state: over, at });
    }
    let current = path.last().map_or(0, |step| step.state);
    let end = (states[current].class != StatusClass::Open).then(|| path.last().map_or(birth, |step| step.at));
    StateNow { current, end, path }
}

/// Whether a state lets time run out: what was accepted does not expire.
fn is_going_on(lifecycle: &Lifecycle, state: usize) -> bool {
    let state = &lifecycle.states[state];
    state.class == StatusClass::Open && (lifecycle.lasts || state.aside || !state.rests)
}

/// The same day at an hour when people work, if that keeps the order of things; else within the hour from when it may be.
pub(super) fn by_day(at: i64, floor: i64, ceiling: i64, chance: u64) -> i64 {
    let shaped = in_office_hours(at, chance);
    if (floor..=ceiling).contains(&shaped) {
        return shaped;
    }
    let at = at.max(floor);
    at + scale(chance, (ceiling - at).clamp(0, HOUR) as u64) as i64
}

pub(super) fn in_office_hours(at: i64, chance: u64) -> i64 {
    at.div_euclid(MICROS_PER_DAY) * MICROS_PER_DAY + OPENS + scale(chance, (CLOSES - OPENS) as u64) as i64
}

/// How much of an owner's way a child table's own labels tell.
struct Reached {
    /// The first so many labels.
    count: usize,
    /// The time of the first.
    from: i64,
    /// The end of the way, or how far time has gone.
    until: i64,
    /// The way has ended.
    ended: bool,
}

impl Reached {
    const NOTHING: Self = Self { count: 0, from: 0, until: 0, ended: false };

    /// When a label was reached: along the way in uneven steps, the last at its end where it has ended.
    fn at(&self, place: usize) -> i64 {
        if place == 0 || self.ended && place + 1 == self.count {
            return if place == 0 { self.from } else { self.until };
        }
        let steps = self.count - usize::from(self.ended);
        let chance = mix(self.from as u64 ^ place as u64);
        // Each within its own part of the way, so they stay in order.
        let part = (self.until - self.from) / steps.max(1) as i64;
        self.from + part * (place as i64 - 1) + part / 4 + scale(chance, (part / 4 * 3).max(1) as u64) as i64
    }
}

impl StageLabels {
    /// The labels of a child table (parcel events); `None` where it shows the owner's states, by a key to the same list
    /// or by the same labels.
    ///
    /// Labels among which the owner's first state is not one tell of a later part of the way: of what happens once the
    /// thing has left the house, where the owner has a state for that.
    fn of(plan: &Plan, child: TableId) -> Option<Self> {
        let owner = plan.tables[child].owner.as_ref()?;
        let lifecycle = plan.tables[owner.table].lifecycle.as_ref()?;
        let labels = plan.tables[child].columns.iter().find_map(|column| match &column.source {
            Source::StageLabel(labels) if !labels.is_empty() => Some(labels),
            _ => None,
        })?;
        if lifecycle.states.iter().all(|own| labels.iter().any(|(label, ..)| *label == own.label)) {
            return None;
        }
        let opening = lifecycle.states.iter().filter(|own| own.class == StatusClass::Open).min_by_key(|own| own.stage);
        let whole_way = opening.is_some_and(|opening| labels.iter().any(|(label, ..)| *label == opening.label));
        let leaves = lifecycle.states.iter().any(|own| own.class == StatusClass::Open && own.stage >= LEFT);
        let good = labels.iter().filter(|(_, class, _)| matches!(class, StatusClass::Open | StatusClass::Done));
        let mut labels: Vec<StageLabel> =
            good.map(|(label, class, stage)| StageLabel { label: label.clone(), class: *class, stage: *stage }).collect();
        labels.sort_by_key(|label| label.stage);
        Some(Self { labels, begins: if whole_way || !leaves { 0 } else { LEFT } })
    }

    /// Those that the owner's way has reached, with times along it.
    fn reached(&self, lifecycle: &Lifecycle, state: &StateNow, as_of: i64) -> Reached {
        let current = &lifecycle.states[state.current];
        if matches!(current.class, StatusClass::Cancelled | StatusClass::Failed) {
            return Reached::NOTHING;
        }
        let Some(from) = state.path.iter().find(|step| lifecycle.states[step.state].stage >= self.begins).map(|step| step.at) else {
            return Reached::NOTHING;
        };
        let count = self.labels.iter().take_while(|label| label.stage <= current.stage).count();
        Reached { count, from, until: state.end.unwrap_or(as_of).max(from), ended: state.end.is_some() }
    }
}
