//! How many children each parent has, as running sums.

use std::collections::BTreeMap;

use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{ChildShape, Children, Distinct, Fact, FactTarget, FanOut, Owner, OwnerKind, Pick, RowIndex, Source, State};
use crate::engine::rows::layout::FanOutSums;
use crate::engine::rows::pick::weighted;
use crate::engine::rows::random::StreamKey;
use crate::engine::rows::remember::Probe;
use crate::engine::rows::row::Rows;
use crate::engine::rows::stamp::EARLY_OF_FOUR;
use crate::engine::vocabulary::StatusClass;

/// Weight of parents that are not of the kind that a key is named after.
const STRANGE: f32 = 1e-6;

/// Exponent of the weights by which a given count is shared out: some parents have many, some none.
const SPREAD: f64 = 1.1;

/// The least share of the time of the data that counts as being there.
const LEAST_ALIVE: f64 = 0.01;

impl Rows<'_> {
    /// The candidate parents of a table: the rows made in this run, else the ones that were there.
    pub(super) fn parents(&self, owner: &Owner) -> std::ops::Range<RowIndex> {
        let layout = &self.layouts[owner.table];
        if layout.made > 0 { layout.stored - self.plan.tables[owner.table].stored.inserted as u64..layout.rows() } else { 0..layout.stored }
    }

    /// Lays out the fan-out of a table with an owner; its row count follows.
    pub(super) fn lay_out_children(
        &mut self,
        table: TableId,
        owner: &Owner,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let parents = self.parents(owner);
        let count = self.plan.tables[table].count;
        self.look_beside(table, owner, interrupted)?;
        let mut numbers = match &owner.fan_out {
            FanOut::PerParent(children) => {
                let mut drawn = self.drawn(owner, children, parents.clone(), interrupted)?;
                let strange = self.of_another_kind(table, owner, parents.clone(), interrupted)?;
                strange.iter().zip(&mut drawn).filter(|(strange, _)| **strange).for_each(|(_, number)| *number = 0);
                for (number, due) in drawn.iter_mut().zip(self.due(table, owner, parents.clone(), interrupted)?) {
                    *number = due.most().min(due.least().max(*number));
                }
                drawn
            }
            FanOut::Shared { min, max } => {
                let beside = self.children_beside(table, parents.clone());
                let partners = self.partners_of(table, owner, parents.clone());
                let partners = self.none_where_absent(owner, parents.clone(), partners);
                let partners = least_of(partners, &self.most_in_turn(table, owner, parents.clone(), count));
                let mut partners = least_of(partners, &self.most_parts(table, owner, parents.clone()));
                let due = self.due(table, owner, parents.clone(), interrupted)?;
                partners.resize(due.len().max(partners.len()), u32::MAX);
                due.iter().zip(&mut partners).for_each(|(due, most)| *most = due.most().min(*most));
                let max = (*max).min(self.most_partners(table));
                let mut weights = self.weights(table, owner, parents.clone(), interrupted)?;
                let strange = self.of_another_kind(table, owner, parents.clone(), interrupted)?;
                // Only those who came have something to say of it, unless more is asked for.
                let came = self.plan.tables[table].attends.is_some() && !self.plan.tables[table].count_given;
                let none: Vec<u32> = strange.iter().filter(|_| came).map(|strange| if *strange { 0 } else { u32::MAX }).collect();
                let partners = least_of(partners, &none);
                let bounds = Bounds { min: (*min).min(max), max, taken: &beside, partners: &partners, due: &due };
                strange.iter().zip(&mut weights).filter(|(strange, _)| **strange).for_each(|(_, weight)| *weight *= STRANGE);
                apportion(&weights, count, &bounds)
            }
            FanOut::Stages => self.staged(table, parents.clone(), interrupted)?,
            FanOut::Selected => {
                let selected = self.selected(table, owner, count, parents.clone(), probe, interrupted)?;
                self.layouts[table].made = selected.len() as u64;
                self.layouts[table].fan_out = Some(FanOutSums { first_parent: parents.start, sums: Vec::new(), selected: Some(selected) });
                return Ok(());
            }
        };
        if let FanOut::PerParent(_) = &owner.fan_out {
            self.leave_room(table, owner, parents.clone(), &mut numbers);
        }
        let mut sums = Vec::with_capacity(numbers.len() + 1);
        let mut sum = 0u64;
        sums.push(0);
        for number in numbers {
            sum += u64::from(number);
            sums.push(u32::try_from(sum).map_err(|_| too_many(&self.plan.catalog.tables[table].qualified))?);
        }
        self.layouts[table].made = sum;
        self.layouts[table].fan_out = Some(FanOutSums { first_parent: parents.start, sums, selected: None });
        Ok(())
    }

    /// By parent: it is not of the kind that the key is named after (courses hang under instructors); empty where no key is so
    /// named, or no parent of that kind.
    fn of_another_kind(
        &mut self,
        table: TableId,
        owner: &Owner,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<bool>, Error> {
        let OwnerKind::ForeignKey(key) = owner.kind else { return Ok(Vec::new()) };
        let Some((column, wanted)) = &self.plan.tables[table].picks[key].prefers else { return Ok(Vec::new()) };
        let mut strange = Vec::with_capacity((parents.end - parents.start) as usize);
        for parent in parents {
            if parent % 4096 == 0 {
                interrupted()?;
            }
            strange.push(self.known(owner.table, parent, *column) != wanted);
        }
        Ok(if strange.contains(&false) { strange } else { Vec::new() })
    }

    /// By parent, whether something was paid of it; empty where the rows do not pay. Nothing is paid of what was cancelled, and
    /// something of what is done.
    fn due(
        &mut self,
        table: TableId,
        owner: &Owner,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<Due>, Error> {
        let plan = self.plan;
        let part = plan.tables[table].columns.iter().find_map(|column| match &column.source {
            Source::Part { of: Fact { target: FactTarget::Column(of), .. }, received } => Some((*of, *received)),
            _ => None,
        });
        let outcome = plan.tables[table].outcome;
        // The last state before the end, in which what was agreed on may have begun.
        let open = |state: &&State| state.class == StatusClass::Open && !state.aside;
        let states = plan.tables[owner.table].lifecycle.iter().flat_map(|life| &life.states);
        let under_way = states.filter(open).max_by_key(|state| state.stage).map(|state| &state.label);
        let received = part.and_then(|(of, received)| received.then_some(of));
        // What was agreed on and not given up comes about, unless so many of it were asked for.
        let kept = plan.tables[table].keeps.is_some() && !plan.tables[table].count_given;
        if part.is_none() && !outcome && !kept {
            return Ok(Vec::new());
        }
        let mut due = Vec::with_capacity((parents.end - parents.start) as usize);
        for parent in parents {
            if parent % 4096 == 0 {
                interrupted()?;
            }
            let state = self.lifecycle(owner.table, parent).zip(plan.tables[owner.table].lifecycle.as_ref());
            let state = state.map(|(now, life)| &life.states[now.current]);
            if plan.tables[table].gives_back {
                due.push(self.due_back(table, owner.table, state));
                continue;
            }
            due.push(match state.map(|state| state.class) {
                Some(StatusClass::Done | StatusClass::Returned) if kept => Due::Something,
                Some(StatusClass::Open) if kept && under_way == state.map(|state| &state.label) => Due::Any,
                Some(_) if kept => Due::Nothing,
                Some(StatusClass::Cancelled) => Due::Nothing,
                Some(StatusClass::Done) if outcome => Due::Something,
                _ if outcome => Due::Nothing,
                _ if received.is_some() => {
                    let paid = received.and_then(|of| self.known(owner.table, parent, of).as_f64()).is_some_and(|paid| paid > 0.0);
                    if paid { Due::Something } else { Due::Nothing }
                }
                Some(StatusClass::Done) => Due::Something,
                // What was settled for good, where nothing is done.
                Some(StatusClass::Open) if state.is_some_and(|state| state.rests && !state.aside) => Due::Something,
                _ => Due::Any,
            });
        }
        Ok(due)
    }

    /// Whether what was paid of a parent was given back: where its states tell that, in just that one, else where it is settled. More
    /// are given back where more are asked for.
    fn due_back(&self, table: TableId, owner: TableId, state: Option<&State>) -> Due {
        let Some(state) = state else { return Due::Any };
        let told = self.plan.tables[owner].lifecycle.iter().flat_map(|life| &life.states).any(|state| state.class == StatusClass::Returned);
        let settled = state.class == StatusClass::Done || state.class == StatusClass::Open && state.rests && !state.aside;
        match state.class {
            StatusClass::Returned => Due::Something,
            _ if settled && (!told || self.plan.tables[table].count_given) => Due::Any,
            _ => Due::Nothing,
        }
    }

    /// Finds the stored rows beside which new ones will hang, where the parents are stored rows too.
    fn look_beside(&mut self, table: TableId, owner: &Owner, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let OwnerKind::ForeignKey(key) = owner.kind else { return Ok(()) };
        if self.layouts[owner.table].made > 0 {
            return Ok(());
        }
        let mut beside: BTreeMap<RowIndex, Vec<u32>> = BTreeMap::new();
        for row in 0..self.layouts[table].stored {
            if row % 4096 == 0 {
                interrupted()?;
            }
            if let Some(parent) = self.stored_reference(table, row, key) {
                beside.entry(parent).or_default().push(row as u32);
            }
        }
        self.layouts[table].beside = beside;
        Ok(())
    }

    /// How many stored rows hang under each parent; empty where there are none.
    fn children_beside(&self, table: TableId, parents: std::ops::Range<RowIndex>) -> Vec<u32> {
        let beside = &self.layouts[table].beside;
        if beside.is_empty() {
            return Vec::new();
        }
        parents.map(|parent| beside.get(&parent).map_or(0, |rows| rows.len() as u32)).collect()
    }

    /// Lowers drawn numbers to what unique keys leave beside the rows that are there.
    fn leave_room(&mut self, table: TableId, owner: &Owner, parents: std::ops::Range<RowIndex>, numbers: &mut [u32]) {
        let beside = self.children_beside(table, parents.clone());
        let partners = self.partners_of(table, owner, parents.clone());
        let partners = self.none_where_absent(owner, parents.clone(), partners);
        let partners = least_of(partners, &self.most_in_turn(table, owner, parents.clone(), 0));
        let partners = least_of(partners, &self.most_parts(table, owner, parents));
        let max = owner.cap.min(self.most_partners(table));
        let bounds = Bounds { min: 0, max, taken: &beside, partners: &partners, due: &[] };
        for (parent, number) in numbers.iter_mut().enumerate() {
            *number = u64::from(*number).min(bounds.most(parent)) as u32;
        }
    }

    /// How many siblings find different partners by each key where they must: fewer rows may have been laid out than were
    /// planned.
    fn most_partners(&self, table: TableId) -> u64 {
        let keys = &self.plan.catalog.tables[table].foreign_keys;
        let apart = keys.iter().zip(&self.plan.tables[table].picks).filter_map(|(key, pick)| match pick.pick {
            Pick::Free { distinct: Distinct::PerOwner { not_owner, .. } } if key.mandatory && pick.shared.is_empty() => {
                let (first, end) = self.nameable(key.referenced_table);
                Some((end - first).saturating_sub(u64::from(not_owner)))
            }
            _ => None,
        });
        apart.min().unwrap_or(u64::MAX)
    }

    /// The most that each parent may get, none for those that are not there.
    fn none_where_absent(&self, owner: &Owner, parents: std::ops::Range<RowIndex>, mut most: Vec<u32>) -> Vec<u32> {
        let layout = &self.layouts[owner.table];
        if layout.left_out.is_empty() {
            return most;
        }
        most.resize((parents.end - parents.start) as usize, u32::MAX);
        for (parent, most) in parents.zip(&mut most) {
            if !layout.holds(parent) {
                *most = 0;
            }
        }
        most
    }

    /// The identity that keys a parent's fan-out.
    pub(super) fn parent_identity(&mut self, table: TableId, index: RowIndex) -> u64 {
        if self.is_made(table, index) { self.state(table, index).identity } else { index }
    }

    fn drawn(
        &mut self,
        owner: &Owner,
        children: &Children,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<u32>, Error> {
        let mut numbers = Vec::with_capacity((parents.end - parents.start) as usize);
        for parent in parents {
            if parent % 4096 == 0 {
                interrupted()?;
            }
            let identity = self.parent_identity(owner.table, parent);
            numbers.push(children_of(children, owner.key, identity) as u32);
        }
        Ok(numbers)
    }

    /// The weights by which rows are shared out over their parents.
    fn weights(
        &mut self,
        table: TableId,
        owner: &Owner,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<f32>, Error> {
        let mut weights = Vec::with_capacity((parents.end - parents.start) as usize);
        let timed = self.plan.tables[table].birth.is_some();
        for parent in parents {
            if parent % 4096 == 0 {
                interrupted()?;
            }
            let identity = self.parent_identity(owner.table, parent);
            let stored = self.plan.tables[owner.table].stored.weights.get(parent as usize).copied().unwrap_or(1.0);
            let alive = if timed { self.time_alive(owner.table, parent) } else { 1.0 };
            weights.push((libm::exp(SPREAD * owner.key.draws(identity, 0).normal()) * stored.max(0.001) * alive) as f32);
        }
        Ok(weights)
    }

    /// About the share of the time of the data since which a row is there: who came last week has done little yet.
    ///
    /// By its place among rows that follow each other in time, not by its own time, which a redraw may change.
    fn time_alive(&self, table: TableId, index: RowIndex) -> f64 {
        let (planned, layout) = (&self.plan.tables[table], &self.layouts[table]);
        if !planned.ranked || !self.is_made(table, index) {
            return 1.0;
        }
        let place = (index - layout.stored) as f64 / layout.made.max(1) as f64;
        let early = if planned.early { EARLY_OF_FOUR as f64 / 4.0 } else { 0.0 };
        (1.0 - (place - early) / (1.0 - early)).clamp(LEAST_ALIVE, 1.0)
    }

    fn staged(
        &mut self,
        table: TableId,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<u32>, Error> {
        let mut numbers = Vec::with_capacity((parents.end - parents.start) as usize);
        for parent in parents {
            if parent % 1024 == 0 {
                interrupted()?;
            }
            numbers.push(self.stages(table, parent) as u32);
        }
        Ok(numbers)
    }
}

/// By parent the lower of two limits; an empty one limits nothing.
fn least_of(mut most: Vec<u32>, other: &[u32]) -> Vec<u32> {
    most.resize(most.len().max(other.len()), u32::MAX);
    for (most, other) in most.iter_mut().zip(other) {
        *most = (*most).min(*other);
    }
    most
}

/// Draws one parent's number of children.
fn children_of(children: &Children, key: StreamKey, identity: u64) -> u64 {
    let mut draws = key.draws(identity, 0);
    let span = children.max.saturating_sub(children.min) + 1;
    let number = match &children.shape {
        ChildShape::Fixed(number) => *number,
        ChildShape::Uniform => children.min + draws.below(span),
        ChildShape::Zipf(exponent) => {
            let weights: Vec<f64> = (0..span.min(1_000)).map(|k| libm::pow((k + 1) as f64, -exponent)).collect();
            children.min + weighted(&weights, draws.unit()).unwrap_or(0) as u64
        }
        ChildShape::Normal { mean, sd } => libm::round(sd.mul_add(draws.normal(), *mean)).max(0.0) as u64,
        ChildShape::Choice(numbers) => {
            let weights: Vec<f64> = numbers.iter().map(|(_, weight)| *weight).collect();
            weighted(&weights, draws.unit()).map_or(0, |at| numbers[at].0)
        }
    };
    number.clamp(children.min, children.max.max(children.min))
}

/// How many rows each parent may get.
struct Bounds<'t> {
    /// Least.
    min: u64,
    /// Most, with those that are there.
    max: u64,
    /// Rows that are there, by parent; empty: none.
    taken: &'t [u32],
    /// Partners that keys beside the owner's leave, by parent; empty: no limit.
    partners: &'t [u32],
    /// Whether each parent must have one, or may have none; empty: no matter.
    due: &'t [Due],
}

/// Whether something was paid of a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// Nothing was.
    Nothing,
    /// Something was.
    Something,
    /// Nobody says.
    Any,
}

impl Due {
    fn least(self) -> u32 {
        u32::from(self == Self::Something)
    }

    fn most(self) -> u32 {
        if self == Self::Nothing { 0 } else { u32::MAX }
    }
}

impl Bounds<'_> {
    fn most(&self, parent: usize) -> u64 {
        let most = self.partners.get(parent).map_or(self.max, |&partners| self.max.min(u64::from(partners)));
        most.saturating_sub(self.taken.get(parent).map_or(0, |&taken| u64::from(taken)))
    }

    fn least(&self, parent: usize) -> u64 {
        let min = self.due.get(parent).map_or(self.min, |due| self.min.max(u64::from(due.least())));
        min.saturating_sub(self.taken.get(parent).map_or(0, |&taken| u64::from(taken))).min(self.most(parent))
    }
}

/// Splits `count` by weights with a least and a most per parent, by running sums: no sort, no second pass over rows.
/// The sum is exact whenever the bounds allow it.
fn apportion(weights: &[f32], count: u64, bounds: &Bounds) -> Vec<u32> {
    let parents = weights.len();
    if parents == 0 {
        return Vec::new();
    }
    let most = (0..parents).fold(0u64, |sum, parent| sum.saturating_add(bounds.most(parent)));
    let least = (0..parents).fold(0u64, |sum, parent| sum.saturating_add(bounds.least(parent)));
    let count = count.min(most);
    let mut numbers: Vec<u32> = (0..parents).map(|parent| if least <= count { bounds.least(parent) as u32 } else { 0 }).collect();
    let mut rest = count - numbers.iter().map(|number| u64::from(*number)).sum::<u64>();
    while rest > 0 {
        let open = |parent: usize, number: u32| u64::from(number) < bounds.most(parent);
        let open_weights = weights.iter().zip(&numbers).enumerate().filter(|(parent, (_, number))| open(*parent, **number));
        let total: f64 = open_weights.map(|(_, (weight, _))| f64::from(*weight)).sum();
        let (mut running, mut given) = (0.0, 0u64);
        for (parent, (weight, number)) in weights.iter().zip(&mut numbers).enumerate() {
            if !open(parent, *number) {
                continue;
            }
            running += f64::from(*weight);
            let due = (libm::floor(running / total * rest as f64) as u64).min(rest).saturating_sub(given);
            let share = due.min(bounds.most(parent) - u64::from(*number));
            *number += share as u32;
            given += share;
        }
        if given == 0 {
            give_one_each(&mut numbers, rest, bounds);
            break;
        }
        rest -= given;
    }
    numbers
}

/// The last few, which rounding kept back.
fn give_one_each(numbers: &mut [u32], mut rest: u64, bounds: &Bounds) {
    for (parent, number) in numbers.iter_mut().enumerate() {
        if rest > 0 && u64::from(*number) < bounds.most(parent) {
            *number += 1;
            rest -= 1;
        }
    }
}

fn too_many(table: &str) -> Error {
    Error::new(sqlstate::PROGRAM_LIMIT, format!("too many rows for table {table}"))
        .detail("One call makes at most 4,294,967,295 rows of a child table.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn apportioned_numbers_add_up(weights in prop::collection::vec((1u16..900).prop_map(|weight| f32::from(weight) / 100.0), 1..60), count in 0u64..500, min in 0u64..2, max in 2u64..20) {
            let parents = weights.len() as u64;
            prop_assume!(count >= min * parents && count <= max * parents);
            let numbers = apportion(&weights, count, &Bounds { min, max, taken: &[], partners: &[], due: &[] });
            prop_assert_eq!(numbers.iter().map(|n| u64::from(*n)).sum::<u64>(), count);
            prop_assert!(numbers.iter().all(|n| u64::from(*n) >= min && u64::from(*n) <= max));
        }

        #[test]
        fn parents_get_no_more_than_what_is_left_of_their_most(taken in prop::collection::vec(0u32..6, 1..40), count in 0u64..200, max in 1u64..6) {
            let weights = vec![1.0; taken.len()];
            let room: u64 = taken.iter().map(|&taken| max.saturating_sub(u64::from(taken))).sum();
            let numbers = apportion(&weights, count, &Bounds { min: 0, max, taken: &taken, partners: &[], due: &[] });
            prop_assert_eq!(numbers.iter().map(|n| u64::from(*n)).sum::<u64>(), count.min(room));
            prop_assert!(numbers.iter().zip(&taken).all(|(n, taken)| *n == 0 || u64::from(n + taken) <= max));
        }
    }
}
