//! Keys from sequences, taken as one block each before the first row is written.

use std::collections::BTreeMap;

use crate::engine::catalog::{ColumnId, Sequence, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Plan, Source};
use crate::engine::port::World;
use crate::engine::rows::Rows;
use crate::engine::run::gather::Gathered;
use crate::engine::survey;
use crate::engine::value::Value;

/// Reserves what reference rows and made rows need; the blocks must begin where the plan says. `resumed`: an earlier
/// transaction of the run may have moved the sequences, which no rollback takes back.
pub(super) fn reserve(world: &mut dyn World, plan: &Plan, rows: &Rows, gathered: &Facts, resumed: bool) -> Result<(), Error> {
    let mut sequences: BTreeMap<u32, Need> = BTreeMap::new();
    for (table, definition) in plan.catalog.tables.iter().enumerate() {
        for (column, sequence) in definition.columns.iter().enumerate().filter_map(|(at, column)| Some((at, column.sequence.as_ref()?))) {
            sequences.entry(sequence.oid).or_insert_with(|| Need::of(sequence)).add(plan, rows, table, column);
        }
    }
    sequences.values().try_for_each(|need| reserve_block(world, plan, gathered, need, resumed))
}

/// What of the gathering the reservation needs.
pub(super) struct Facts {
    pub(super) survey: survey::Survey,
    pub(super) numbered: BTreeMap<u32, (i64, u64)>,
}

impl Facts {
    /// Splits a gathering into its inputs and what the load needs.
    pub(super) fn split(gathered: Gathered) -> (crate::engine::plan::Inputs, crate::engine::reference::Resolved, Self) {
        (gathered.inputs, gathered.resolved, Self { survey: gathered.survey, numbered: gathered.numbered })
    }
}

/// What all columns together want of one sequence.
struct Need<'p> {
    sequence: &'p Sequence,
    /// Keys of made rows.
    made: u64,
    /// Where the plan begins with them.
    first: Option<i64>,
    /// The farthest key that reference rows bring along themselves.
    brought: Option<i64>,
}

impl<'p> Need<'p> {
    fn of(sequence: &'p Sequence) -> Self {
        Self { sequence, made: 0, first: None, brought: None }
    }

    fn add(&mut self, plan: &Plan, rows: &Rows, table: TableId, column: ColumnId) {
        if let Some(Source::Serial { first, .. }) = plan.tables[table].columns.get(column).map(|planned| &planned.source) {
            self.made += rows.layouts[table].made;
            self.first = Some(*first);
        }
        let stored = &plan.tables[table].stored;
        if stored.inserted > 0 && stored.columns.contains(&column) {
            let keys = stored.rows.iter().rev().take(stored.inserted).filter_map(|row| match row[column] {
                Value::Int(key) => Some(key),
                _ => None,
            });
            self.brought = self.farthest(keys.chain(self.brought));
        }
    }

    fn farthest(&self, keys: impl Iterator<Item = i64>) -> Option<i64> {
        if self.sequence.increment > 0 { keys.max() } else { keys.min() }
    }
}

fn reserve_block(world: &mut dyn World, plan: &Plan, facts: &Facts, need: &Need, resumed: bool) -> Result<(), Error> {
    let (numbered_first, numbered) = facts.numbered.get(&need.sequence.oid).copied().unwrap_or((0, 0));
    let wanted = numbered + need.made;
    if wanted == 0 && need.brought.is_none() {
        return Ok(());
    }
    let there = facts.survey.furthest(&plan.catalog, need.sequence.oid);
    // Keys that were numbered here are among those that reference rows bring: they lie in the block.
    let above = if numbered > 0 { there } else { need.farthest(need.brought.into_iter().chain(there)) };
    let first = survey::reserve(world, need.sequence, wanted.max(1), above)?;
    let planned = if numbered > 0 { Some(numbered_first) } else { need.first };
    let block = need.sequence.increment.saturating_mul(wanted as i64);
    match planned {
        // The run's own block, taken before.
        Some(planned) if resumed && block != 0 && first != planned && (first - planned) % block == 0 && (first - planned) / block > 0 => {
            Ok(())
        }
        Some(planned) if wanted > 0 && first != planned => {
            Err(Error::new(sqlstate::SERIALIZATION, format!("sequence {} moved while the call was planned", need.sequence.name))
                .detail(format!("The plan's keys begin at {planned}, the sequence now gives {first}."))
                .hint("Nothing was written; run the call again."))
        }
        _ => Ok(()),
    }
}
