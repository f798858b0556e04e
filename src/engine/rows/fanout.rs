//! How many children each parent has, as running sums.

use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{ChildShape, Children, FanOut, Owner, RowIndex};
use crate::engine::rows::layout::FanOutSums;
use crate::engine::rows::pick::weighted;
use crate::engine::rows::random::StreamKey;
use crate::engine::rows::row::Rows;

/// Exponent of the weights by which a given count is shared out: some parents have many, some none.
const SPREAD: f64 = 1.1;

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
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let parents = self.parents(owner);
        let count = self.plan.tables[table].count;
        let numbers = match &owner.fan_out {
            FanOut::PerParent(children) => self.drawn(owner, children, parents.clone(), interrupted)?,
            FanOut::Shared { min, max } => self.shared(owner, count, *min, *max, parents.clone(), interrupted)?,
            FanOut::Stages => self.staged(table, parents.clone(), interrupted)?,
            FanOut::Selected => {
                let selected = self.selected(table, owner, count, parents.clone(), interrupted)?;
                self.layouts[table].made = selected.len() as u64;
                self.layouts[table].fan_out = Some(FanOutSums { first_parent: parents.start, sums: Vec::new(), selected: Some(selected) });
                return Ok(());
            }
        };
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

    /// The identity that keys a parent's fan-out.
    fn parent_identity(&mut self, table: TableId, index: RowIndex) -> u64 {
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

    /// Shares `count` rows out over the parents by weights, by running sums: no sort, no second pass over rows.
    fn shared(
        &mut self,
        owner: &Owner,
        count: u64,
        min: u64,
        max: u64,
        parents: std::ops::Range<RowIndex>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Vec<u32>, Error> {
        let mut weights = Vec::with_capacity((parents.end - parents.start) as usize);
        for parent in parents {
            if parent % 4096 == 0 {
                interrupted()?;
            }
            let identity = self.parent_identity(owner.table, parent);
            let stored = self.plan.tables[owner.table].stored.weights.get(parent as usize).copied().unwrap_or(1.0);
            weights.push((libm::exp(SPREAD * owner.key.draws(identity, 0).normal()) * stored.max(0.001)) as f32);
        }
        Ok(apportion(&weights, count, min, max))
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

/// Splits `count` by weights with a least and a most per parent; the sum is exact whenever the bounds allow it.
fn apportion(weights: &[f32], count: u64, min: u64, max: u64) -> Vec<u32> {
    let parents = weights.len() as u64;
    if parents == 0 {
        return Vec::new();
    }
    let count = count.clamp(min.saturating_mul(parents).min(count), max.saturating_mul(parents));
    let mut numbers = vec![min.min(count / parents) as u32; weights.len()];
    let mut rest = count - u64::from(numbers[0]) * parents;
    while rest > 0 {
        let open = |number: u32| u64::from(number) < max;
        let total: f64 = weights.iter().zip(&numbers).filter(|(_, number)| open(**number)).map(|(weight, _)| f64::from(*weight)).sum();
        let (mut running, mut given) = (0.0, 0u64);
        for (weight, number) in weights.iter().zip(&mut numbers) {
            if !open(*number) {
                continue;
            }
            running += f64::from(*weight);
            let due = (libm::floor(running / total * rest as f64) as u64).min(rest).saturating_sub(given);
            let share = due.min(max - u64::from(*number));
            *number += share as u32;
            given += share;
        }
        if given == 0 {
            give_one_each(&mut numbers, rest, max);
            break;
        }
        rest -= given;
    }
    numbers
}

/// The last few, which rounding kept back.
fn give_one_each(numbers: &mut [u32], mut rest: u64, max: u64) {
    for number in numbers.iter_mut() {
        if rest > 0 && u64::from(*number) < max {
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
        fn apportioned_numbers_add_up(weights in prop::collection::vec(0.01f32..9.0, 1..60), count in 0u64..500, min in 0u64..2, max in 2u64..20) {
            let parents = weights.len() as u64;
            prop_assume!(count >= min * parents && count <= max * parents);
            let numbers = apportion(&weights, count, min, max);
            prop_assert_eq!(numbers.iter().map(|n| u64::from(*n)).sum::<u64>(), count);
            prop_assert!(numbers.iter().all(|n| u64::from(*n) >= min && u64::from(*n) <= max));
        }
    }
}
