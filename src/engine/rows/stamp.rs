//! Times: a child is never older than what it refers to, and nothing is later than `as_of`.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{AfterKind, Before, FanOut, Lag, OwnerKind, Pick, RowIndex, Source, TablePlan, Tie};
use crate::engine::rows::group::Group;
use crate::engine::rows::random::{Draws, StreamKey, scale};
use crate::engine::rows::row::Rows;
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::StatusClass;

/// How far back the data begin: two years before `as_of`.
pub(super) const WINDOW: i64 = 730 * MICROS_PER_DAY;

/// Rows that others pick from begin up to this long before the window.
const EARLY: i64 = 240 * MICROS_PER_DAY;

/// Of four consecutive rows of such a table, this many came to be before the window.
pub(super) const EARLY_OF_FOUR: u64 = 3;

/// Half of a firm's people have been there for so many years, none for more than the most.
const LONG_YEARS: f64 = 4.5;
const MOST_YEARS: f64 = 28.0;

/// Share of rows that nobody has changed since they came to be.
const NEVER_TOUCHED: f64 = 0.12;

/// What nothing comes after falls in the last part of so many of the time since the row came to be.
const LAST_PART: i64 = 40;

/// What comes of a row is there so long before that is done, at most.
const BEFORE_THE_END: i64 = 40 * MINUTE;

/// What is of a kind lasts so many times as long as usual, at most.
const MOST_TIMES: f64 = 5.0;

/// From this many children on, a parent's latest one is remembered: the parent is asked for it by each of them.
const MANY_CHILDREN: u64 = 16;

const HOUR: i64 = 3_600_000_000;
const QUARTER: i64 = HOUR / 4;
const MINUTE: i64 = HOUR / 60;

/// Share of parents whose rows are entered together with them, and the longest time from one row to the next.
const ENTERED_AT_ONCE: f64 = 0.8;
const BETWEEN_SIBLINGS: i64 = 5 * MINUTE;

/// How far the time from an entry to a beginning is spread, and the most and the least of its median.
const AHEAD_SPREAD: f64 = 0.8;
const MOST_AHEAD: f64 = 5.0;

/// What is done about a beginning is planned by so many minutes.
const MINUTES_OF_A_STEP: f64 = 5.0;

/// Between these hours begins what was planned.
const FIRST_HOUR: i64 = 7;
const LAST_HOUR: i64 = 20;

/// So much later begins what would begin at night.
const MORNING: i64 = 6;

/// A period begins so many hours after it was set, at most: no later than the next day, at whose end it may end.
const MOST_HOURS_AHEAD: u64 = 22;

/// Relative activity by hour of the day, UTC: nights are quiet, evenings busy.
const HOURS: [u64; 24] = [8, 4, 2, 1, 1, 3, 8, 16, 24, 30, 34, 36, 38, 36, 34, 34, 36, 40, 46, 54, 58, 50, 34, 18];

/// Their running sums.
const HOURS_UP_TO: [u64; 24] = {
    let mut sums = HOURS;
    let mut hour = 1;
    while hour < 24 {
        sums[hour] += sums[hour - 1];
        hour += 1;
    }
    sums
};

impl Rows<'_> {
    /// When a row came to be: its birth column, microseconds; `None` where its table keeps no such time.
    pub fn birth(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let column = self.plan.tables[table].birth?;
        if !self.is_made(table, index) {
            return as_micros(&self.plan.tables[table].stored.rows[index as usize][column]);
        }
        let layout = &self.layouts[table];
        // A redraw may name other rows, and be born later.
        if let (Some(births), true) = (&layout.births, layout.attempts.is_empty() && self.plan.tables[table].tests.is_empty()) {
            return births.get((index - layout.stored) as usize).copied();
        }
        if let Some(known) = self.state(table, index).birth {
            return Some(known);
        }
        let birth = self.compute_birth(table, index);
        let birth = if self.plan.tables[table].planned { on_the_quarter(birth, self.plan.as_of) } else { birth };
        let birth = if self.plan.tables[table].on_workdays { on_a_workday(birth, self.plan.as_of) } else { birth };
        let birth = self.birth_in_a_leaf(table, index, birth);
        self.state(table, index).birth = Some(birth);
        Some(birth)
    }

    /// The row's time as others see it: its birth, else its owner's.
    pub(super) fn moment(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        if let Some(birth) = self.birth(table, index) {
            return Some(birth);
        }
        let owner = self.plan.tables[table].owner.as_ref()?.table;
        let row = self.owner_of(table, index)?;
        self.moment(owner, row)
    }

    pub(super) fn owner_of(&mut self, table: TableId, index: RowIndex) -> Option<RowIndex> {
        if self.is_made(table, index) {
            return self.state(table, index).owner;
        }
        match &self.plan.tables[table].owner.as_ref()?.kind {
            OwnerKind::ForeignKey(key) => self.stored_reference(table, index, *key),
            OwnerKind::Reowned => None,
        }
    }

    fn compute_birth(&mut self, table: TableId, index: RowIndex) -> i64 {
        let plan = self.plan;
        let planned = &plan.tables[table];
        if matches!(planned.owner.as_ref().map(|owner| &owner.fan_out), Some(FanOut::Stages))
            && let Some(at) = self.stage_of(table, index).map(|stage| stage.at)
        {
            return at;
        }
        let key = self.birth_key(table);
        // A day that a sibling has is drawn anew where a key wants another.
        let redrawn = planned.birth.is_some_and(|column| planned.columns[column].redrawn);
        let mut draws = self.draws(table, index, key, redrawn);
        if let Some(at) = self.birth_as_agreed(table, index, &mut draws) {
            return at;
        }
        let by_period = self.birth_by_period(table, index, &mut draws).or_else(|| self.birth_during(table, index, &mut draws));
        let by_others = by_period.or_else(|| self.birth_by_turns(table, index, &mut draws));
        if let Some(at) = by_others {
            return at;
        }
        let (first, last) = self.while_valid(table, index);
        let floor = self.not_before(table, index).max(first);
        if let Some(at) = self.birth_in_a_tree(table, index, &mut draws) {
            return at_a_likely_hour((floor.unwrap_or(i64::MIN), plan.as_of), at.max(floor.unwrap_or(at)), &mut draws);
        }
        let Some(floor) = floor else { return self.root_birth(table, index, &mut draws) };
        // What happens to those who have been there for years happens in the window, too.
        let floor = if self.hangs_under_long_standing(table) { floor.max(plan.as_of - WINDOW) } else { floor };
        // Of what it names some may have ended before other came to be.
        let until = last.filter(|&last| floor < last).map_or(plan.as_of, |last| last.min(plan.as_of));
        let until = self.owners_end(table, index).filter(|&end| floor < end).map_or(until, |end| until.min(end));
        // Who plans something has it before them.
        let hurries = planned.first_with_parent && !planned.unhurried;
        let lead = planned.entered_ahead.filter(|_| !hurries).map_or(0, |(days, _)| (days * MICROS_PER_DAY as f64) as i64);
        let floor = floor + lead.min((until - floor) / 2).max(0);
        if planned.opens && self.state(table, index).ordinal == 0 {
            return floor.min(until);
        }
        if planned.outcome
            && let Some(end) = self.owners_life(table, index).and_then(|(_, life)| life.end)
        {
            return (end - scale(draws.bits(), BEFORE_THE_END as u64) as i64).max(floor).min(until);
        }
        if planned.in_place
            && let Some(at) = self.after_its_siblings(table, index, (floor, until), &mut draws)
        {
            return at;
        }
        if planned.first_with_parent {
            return self.soon_after(table, index, (floor, until), &mut draws);
        }
        if self.is_reowned(table) {
            return some_days_after((floor, until), 1.8, 0.8, &mut draws);
        }
        if planned.soon {
            return some_days_after((floor, until), 0.7, 1.1, &mut draws);
        }
        let span = (until - floor).max(0) as f64;
        let at = floor + (span * libm::pow(draws.unit(), 1.3)) as i64;
        at_a_likely_hour((floor, until), at, &mut draws)
    }

    fn hangs_under_long_standing(&self, table: TableId) -> bool {
        self.plan.tables[table].owner.as_ref().is_some_and(|owner| self.plan.tables[owner.table].long_standing)
    }

    /// When the life ended that ends what hangs under it, where it has.
    fn owners_end(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let plan = self.plan;
        let ends = plan.tables[table].lifecycle.as_ref().is_some_and(|lifecycle| lifecycle.tie == Tie::Ends);
        self.owners_life(table, index).filter(|_| ends).and_then(|(_, life)| life.end)
    }

    /// Rows of a tree that hang under nothing else come one after the other: each below one that was there before.
    ///
    /// Were each drawn after the one above it, the last of a long branch would all come at the end.
    fn birth_in_a_tree(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> Option<i64> {
        let planned = &self.plan.tables[table];
        let tree = planned.owner.is_none() && planned.picks.iter().any(|pick| matches!(pick.pick, Pick::Tree));
        let made = self.layouts[table].made;
        if !tree || made < 2 {
            return None;
        }
        let share = (self.state(table, index).slot as f64 + draws.unit()) / made as f64;
        let start = self.plan.as_of - WINDOW;
        let early = if planned.early { EARLY_OF_FOUR as f64 / 4.0 } else { 0.0 };
        Some(if share < early {
            start - EARLY + (EARLY as f64 * share / early) as i64
        } else {
            start + (WINDOW as f64 * libm::pow((share - early) / (1.0 - early), 0.8)) as i64
        })
    }

    /// The first sibling comes with its parent, the others within weeks: what an order picks from is there early.
    fn soon_after(&mut self, table: TableId, index: RowIndex, (floor, until): (i64, i64), draws: &mut Draws) -> i64 {
        if self.state(table, index).ordinal == 0 {
            let unhurried = self.plan.tables[table].unhurried;
            return if unhurried { some_days_after((floor, until), 0.4, 1.0, draws) } else { floor.min(until) };
        }
        some_days_after((floor, until), 2.3, 1.2, draws)
    }

    /// Siblings are entered in one go, minutes apart, mostly when what they hang under was entered.
    fn after_its_siblings(&mut self, table: TableId, index: RowIndex, (floor, until): (i64, i64), draws: &mut Draws) -> Option<i64> {
        let key = self.birth_key(table);
        let ordinal = self.state(table, index).ordinal as i64;
        let mut shared = key.draws(self.owner_identity(table, index)?, 0);
        let begin = if shared.unit() < ENTERED_AT_ONCE { floor } else { some_days_after((floor, until), 1.5, 1.0, &mut shared) };
        let at = begin + ordinal * BETWEEN_SIBLINGS + 1 + scale(draws.bits(), BETWEEN_SIBLINGS as u64 - 1) as i64;
        Some(at.min(until))
    }

    fn birth_key(&self, table: TableId) -> StreamKey {
        let planned = &self.plan.tables[table];
        planned.birth.map_or_else(StreamKey::default, |column| planned.columns[column].key)
    }

    fn root_birth(&mut self, table: TableId, index: RowIndex, draws: &mut Draws) -> i64 {
        let plan = self.plan;
        let start = plan.as_of - WINDOW;
        let identity = self.state(table, index).identity;
        if plan.tables[table].long_standing {
            let years = (LONG_YEARS * libm::exp(0.8 * draws.normal())).min(MOST_YEARS);
            let at = plan.as_of - (years * 365.25 * MICROS_PER_DAY as f64) as i64;
            // Who is named by what happens was there before.
            let needed = plan.tables[table].early && (identity % 4 < EARLY_OF_FOUR || self.layouts[table].made < 4);
            let at = if needed { at.min(start - MICROS_PER_DAY) } else { at };
            return at_a_likely_hour((i64::MIN, plan.as_of), at, draws);
        }
        if plan.tables[table].early && (identity % 4 < EARLY_OF_FOUR || self.layouts[table].made < 4) {
            let at = start - 1 - scale(draws.bits(), EARLY as u64) as i64;
            return at_a_likely_hour((start - EARLY - MICROS_PER_DAY, plan.as_of), at.min(start - MICROS_PER_DAY), draws);
        }
        let at = start + (WINDOW as f64 * libm::pow(draws.unit(), 0.8)) as i64;
        at_a_likely_hour((start, plan.as_of), at, draws)
    }

    /// The latest birth among the rows that this one refers to; `None` where nothing limits it.
    pub(super) fn not_before(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let plan = self.plan;
        let mut floor = None;
        if self.is_reowned(table) {
            let owner = plan.tables[table].owner.as_ref()?.table;
            let row = self.state(table, index).owner?;
            floor = self.ended(owner, row).or_else(|| self.moment(owner, row));
        }
        if plan.tables[table].gives_back {
            let owner = plan.tables[table].owner.as_ref()?.table;
            let row = self.state(table, index).owner?;
            floor = self.ended(owner, row);
        }
        for foreign_key in 0..plan.tables[table].picks.len() {
            let target = self.links[table][foreign_key].target;
            let pick = &plan.tables[table].picks[foreign_key];
            let is_for = plan.tables[table].ahead && pick.pick == Pick::Owner;
            if is_for
                || pick.not_after
                || pick.fellow.is_some()
                || matches!(pick.pick, Pick::State | Pick::Nothing(_) | Pick::Ring | Pick::Later)
            {
                continue;
            }
            let Some(row) = self.reference(table, index, foreign_key) else { continue };
            let entry = if plan.tables[table].heralds { self.entry(target, row) } else { None };
            floor = floor.max(entry.or_else(|| self.moment(target, row)));
            if let (Some(member), Some(since)) = (&pick.member, self.membership(table, index, foreign_key)) {
                floor = floor.max(self.moment(member.table, since));
            }
        }
        floor
    }

    /// When the lifecycle that a row hangs under ended (the delivery of an item's order).
    fn ended(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let mut at = (table, index);
        for _ in 0..4 {
            if self.plan.tables[at.0].lifecycle.is_some() {
                return self.lifecycle(at.0, at.1).and_then(|state| state.end);
            }
            let owner = self.plan.tables[at.0].owner.as_ref()?.table;
            at = (owner, self.owner_of(at.0, at.1)?);
        }
        None
    }

    /// A stamp after the row's birth.
    pub(super) fn after(&mut self, table: TableId, index: RowIndex, own: ColumnId, kind: AfterKind) -> Value {
        let plan = self.plan;
        let mut draws = self.draws(table, index, plan.tables[table].columns[own].key, plan.tables[table].columns[own].redrawn);
        let birth = self.moment(table, index).unwrap_or_else(|| self.some_time(table, index));
        let later = match kind {
            AfterKind::Updated => self.last_change(table, index, birth, &mut draws),
            AfterKind::LastSeen => self.last_seen(table, index, birth, &mut draws),
            AfterKind::Lag(_) if plan.tables[table].in_turn == Some(own) && plan.tables[table].without_gaps => {
                match self.end_of_turn(table, index, birth) {
                    Some(end) => end,
                    None if plan.catalog.tables[table].columns[own].not_null => plan.as_of.max(birth) + WINDOW,
                    None => return Value::Null,
                }
            }
            AfterKind::Lag(lag) if plan.tables[table].in_turn == Some(own) => {
                let end = lagging(birth, lag, plan.as_of, &mut draws);
                self.end_of_turn(table, index, birth).map_or(end, |turn| turn.min(end))
            }
            AfterKind::Lag(lag) => {
                let until = if lag.future { plan.as_of } else { self.end_of_life(table, index).unwrap_or(plan.as_of) };
                lagging(birth, lag, until, &mut draws)
            }
            AfterKind::Since { column, lag, planned } => {
                let Some(begin) = as_micros(&self.cell(table, index, column)) else { return Value::Null };
                let lag = match self.days_of_its_kind(table, index) {
                    Some(days) => Lag { median: days, max: days * MOST_TIMES, ..lag },
                    None => lag,
                };
                // What goes on ends later: nobody knows when.
                let end = begin + ((lag.median * libm::exp(lag.sigma * draws.normal())).min(lag.max) * MICROS_PER_DAY as f64) as i64;
                let step = if planned { QUARTER } else { MINUTE };
                let end = (end - begin + step - 1).div_euclid(step).max(1) * step + begin;
                if end > plan.as_of && !planned && !plan.catalog.tables[table].columns[own].not_null {
                    return Value::Null;
                }
                end
            }
            AfterKind::Opening => opening(birth, &mut draws),
            AfterKind::Closing(lag) => {
                let end = lagging(birth, lag, plan.as_of, &mut draws);
                let turn = self.end_of_turn(table, index, birth).filter(|_| plan.tables[table].in_turn == Some(own));
                let day = turn.map_or(end, |turn| turn.min(end)).div_euclid(MICROS_PER_DAY);
                (day + 1) * MICROS_PER_DAY - 1_000_000
            }
            AfterKind::Before(Before::Minutes(_, most)) if most > 0.0 && self.was_given_up(table, index) => return Value::Null,
            AfterKind::Before(before) => self.before(table, index, birth, before, &mut draws),
            AfterKind::Agreed { column } => self.as_agreed(table, index, column).map_or(birth + MICROS_PER_DAY, |at| at.max(birth + HOUR)),
            AfterKind::About { column } => match self.about(table, index, (column, own), birth, &mut draws) {
                Some(at) => at,
                None => return Value::Null,
            },
            AfterKind::AtLast => plan.as_of - scale(draws.bits(), ((plan.as_of - birth) / LAST_PART).max(1) as u64) as i64,
            AfterKind::Later => birth + scale(draws.bits(), (plan.as_of - birth).max(1) as u64) as i64,
        };
        Value::Stamp(later)
    }

    /// When a row was entered that begins later; `None` where its table's rows come to be when they are entered.
    pub(super) fn entry(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let plan = self.plan;
        let (median, key) = plan.tables[table].entered_ahead.filter(|_| self.is_made(table, index))?;
        let begins = self.birth(table, index)?;
        let floor = self.not_before(table, index).map_or(i64::MIN, |floor| floor.min(begins));
        let mut draws = self.draws(table, index, key, false);
        let days = (median * libm::exp(AHEAD_SPREAD * draws.normal())).clamp(median / MOST_AHEAD, median * MOST_AHEAD);
        let at = begins - (days * MICROS_PER_DAY as f64) as i64;
        if at > floor {
            return Some(at_a_likely_hour((floor, begins - HOUR), at, &mut draws));
        }
        Some(floor + scale(draws.bits(), ((begins - floor) / 2).max(1) as u64) as i64)
    }

    /// Whether what was planned was called off, or nobody came to it.
    fn was_given_up(&mut self, table: TableId, index: RowIndex) -> bool {
        let Some(lifecycle) = &self.plan.tables[table].lifecycle else { return false };
        self.lifecycle(table, index).is_some_and(|life| {
            let state = &lifecycle.states[life.current];
            state.missed || matches!(state.class, StatusClass::Cancelled | StatusClass::Failed)
        })
    }

    /// A time on the way from a row's entry to its beginning, or about then.
    fn before(&mut self, table: TableId, index: RowIndex, begins: i64, before: Before, draws: &mut Draws) -> i64 {
        let planned = &self.plan.tables[table];
        let (entry, begins) = if planned.ahead || planned.heralds {
            (begins, self.comes_before(table, index).map_or(begins, |begin| begin.max(begins)))
        } else {
            (self.entry(table, index).unwrap_or(begins), begins)
        };
        match before {
            Before::Way(least, most) => {
                let part = least + (most - least) * draws.unit();
                entry + ((begins - entry) as f64 * part) as i64
            }
            Before::Minutes(least, most) => {
                let minutes = (least + (most - least) * draws.unit()) / MINUTES_OF_A_STEP;
                (begins + minutes as i64 * MINUTES_OF_A_STEP as i64 * MINUTE).max(entry)
            }
        }
    }

    /// When a row may have come to be, of which nothing says when.
    fn some_time(&mut self, table: TableId, index: RowIndex) -> i64 {
        let mut draws = self.draws(table, index, StreamKey::default(), false);
        self.plan.as_of - (WINDOW as f64 * draws.unit()) as i64
    }

    /// When the row's own life ended, where it has.
    fn end_of_life(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        self.plan.tables[table].lifecycle.as_ref()?;
        self.lifecycle(table, index)?.end
    }

    fn last_change(&mut self, table: TableId, index: RowIndex, birth: i64, draws: &mut Draws) -> i64 {
        let plan = self.plan;
        let mut floor = birth;
        for at in 0..self.stamps[table].len() {
            let column = self.stamps[table][at];
            floor = floor.max(as_micros(self.known(table, index, column)).unwrap_or(birth));
        }
        for &child in &plan.tables[table].details {
            floor = floor.max(self.latest_child(table, index, child).unwrap_or(birth));
        }
        if floor > birth || draws.unit() < NEVER_TOUCHED {
            return floor;
        }
        at_a_likely_hour((floor, plan.as_of), floor + scale(draws.bits(), (plan.as_of - floor).max(1) as u64) as i64, draws)
    }

    /// Not before the birth of any direct child.
    fn last_seen(&mut self, table: TableId, index: RowIndex, birth: i64, draws: &mut Draws) -> i64 {
        let floor = self.latest_birth_below(table, index).map_or(birth, |latest| latest.max(birth));
        let plan = self.plan;
        let over = plan.tables[table].seen_until.iter().filter_map(|&column| as_micros(&self.cell(table, index, column))).min();
        let until = over.map_or(plan.as_of, |over| over.clamp(floor, plan.as_of.max(floor)));
        let rest = (until - floor).max(1) as f64;
        at_a_likely_hour((floor, until), floor + (rest * libm::pow(draws.unit(), 2.0)) as i64, draws)
    }

    /// Whether a column tells when a row was last seen, and its children show that it was: then it is not empty.
    pub(super) fn was_seen(&mut self, table: TableId, index: RowIndex, source: &Source) -> bool {
        matches!(source, Source::After(AfterKind::LastSeen)) && self.latest_birth_below(table, index).is_some()
    }

    /// The latest birth among all rows that hang under this one.
    fn latest_birth_below(&mut self, table: TableId, index: RowIndex) -> Option<i64> {
        let plan = self.plan;
        plan.order.iter().filter_map(|&child| self.latest_child(table, index, child)).max()
    }

    /// The latest birth among the rows of a child table that hang under a row.
    fn latest_child(&mut self, table: TableId, index: RowIndex, child: TableId) -> Option<i64> {
        let owner = self.plan.tables[child].owner.as_ref()?;
        let OwnerKind::ForeignKey(key) = owner.kind else { return None };
        if owner.table != table || !self.layouts[child].ready || self.plan.tables[child].birth.is_none() {
            return None;
        }
        let group = self.group(child, key, index);
        if owner.fan_out == FanOut::Stages && group.is_children() {
            // Stages follow one another in time.
            return self.stage_at(child, index, group.len().checked_sub(1)? as usize).map(|stage| stage.at);
        }
        if group.len() < MANY_CHILDREN {
            return self.latest_of(child, group);
        }
        let attempt = if self.is_made(table, index) { self.state(table, index).attempt } else { 0 };
        if let Some(&(of_attempt, latest)) = self.latest_children[child].get(&index)
            && of_attempt == attempt
        {
            return latest;
        }
        let latest = self.latest_of(child, group);
        self.latest_children[child].insert(index, (attempt, latest));
        latest
    }

    fn latest_of(&mut self, table: TableId, group: Group) -> Option<i64> {
        let mut latest = None;
        for place in 0..group.len() {
            let row = self.member(table, group, place);
            latest = latest.max(self.birth(table, row));
        }
        latest
    }
}

/// Log-normally many days after a time; anywhere until another where they would end after it.
pub(super) fn some_days_after((floor, until): (i64, i64), mean: f64, sd: f64, draws: &mut Draws) -> i64 {
    let delay = (libm::exp(mean + sd * draws.normal()) * MICROS_PER_DAY as f64) as i64;
    let rest = (until - floor).max(0);
    let delay = if delay > rest { (rest as f64 * draws.unit()) as i64 } else { delay };
    at_a_likely_hour((floor, until), floor + delay, draws)
}

/// The same day at an hour people are awake, if that keeps the order of things.
pub(super) fn at_a_likely_hour((floor, until): (i64, i64), at: i64, draws: &mut Draws) -> i64 {
    let drawn = draws.below(HOURS_UP_TO[23]);
    let hour = HOURS_UP_TO.iter().filter(|&&sum| sum <= drawn).count();
    let second = hour as i64 * 3600 + draws.below(3600) as i64;
    let shaped = at.div_euclid(MICROS_PER_DAY) * MICROS_PER_DAY + second * 1_000_000 + draws.below(1_000_000) as i64;
    if shaped >= floor && shaped <= until { shaped } else { at.clamp(floor.min(until), until) }
}

/// So long after a time; anywhere until another where it would come after that and may not.
fn lagging(birth: i64, lag: Lag, until: i64, draws: &mut Draws) -> i64 {
    let days = (lag.median * libm::exp(lag.sigma * draws.normal())).min(lag.max);
    if lag.future {
        return birth + (days.max(1.0) as i64) * MICROS_PER_DAY;
    }
    let rest = (until - birth).max(1) as f64;
    let lasts = days * MICROS_PER_DAY as f64;
    birth + if lasts > rest { rest * draws.unit() } else { lasts } as i64
}

/// The next quarter of an hour at which people meet; the last quarter where that is still to come.
fn on_the_quarter(at: i64, as_of: i64) -> i64 {
    let next = (at + QUARTER - 1).div_euclid(QUARTER) * QUARTER;
    let hour = next.rem_euclid(MICROS_PER_DAY) / HOUR;
    let waits = if hour < FIRST_HOUR {
        FIRST_HOUR
    } else if hour > LAST_HOUR {
        24 - LAST_HOUR + FIRST_HOUR
    } else {
        0
    };
    let at_day = next + waits * HOUR;
    if at_day <= as_of {
        at_day
    } else if next > as_of {
        next - QUARTER
    } else {
        next
    }
}

/// The same time on the next day on which people work, or on the last where that is still to come.
fn on_a_workday(at: i64, as_of: i64) -> i64 {
    // 2000-01-01, the first day of the count, was a Saturday.
    let day = at.div_euclid(MICROS_PER_DAY).rem_euclid(7);
    let next = at + (2 - day).max(0) * MICROS_PER_DAY;
    if next <= as_of { next } else { next - 3 * MICROS_PER_DAY }
}

/// The time until so many working days after a moment have passed.
pub(super) fn working_days(from: i64, days: u64) -> i64 {
    let day = from.div_euclid(MICROS_PER_DAY);
    // 2000-01-01, the first day of the count, was a Saturday.
    let works = |day: &i64| day.rem_euclid(7) > 1;
    let last = (1..).map(|step| day + step).filter(works).take(days as usize).last().unwrap_or(day);
    (last - day) * MICROS_PER_DAY
}

/// A full hour within the day after a time, in the morning rather than at night.
fn opening(set: i64, draws: &mut Draws) -> i64 {
    let at = (set + HOUR - 1).div_euclid(HOUR) * HOUR + draws.below(MOST_HOURS_AHEAD) as i64 * HOUR;
    if at.rem_euclid(MICROS_PER_DAY) < MORNING * HOUR { at + MORNING * HOUR } else { at }
}

/// The columns of a table that tell when something happened to a row after its birth.
pub(super) fn stamps(planned: &TablePlan) -> Vec<ColumnId> {
    let tells = |source: &Source| source.tells_a_change();
    (0..planned.columns.len()).filter(|&column| tells(&planned.columns[column].source)).collect()
}

/// Microseconds of a stamp or date.
pub(super) fn as_micros(value: &Value) -> Option<i64> {
    match value {
        Value::Stamp(micros) => Some(*micros),
        Value::Date(days) => Some(i64::from(*days) * MICROS_PER_DAY),
        _ => None,
    }
}
