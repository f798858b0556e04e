//! Uniqueness that no scheme serves: redraws against remembered hashes, in slot order, so that a larger
//! count leaves the rows of a smaller one alone.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Remembered, RowIndex};
use crate::engine::rows::row::{MOST_ATTEMPTS, Rows};
use crate::engine::value::Value;

/// Whether any of these candidate keys is in the table already; one answer per candidate.
pub(crate) type Probe<'a> = &'a mut dyn FnMut(&Remembered, &[Vec<Value>]) -> Result<Vec<bool>, Error>;

/// Candidates per probe of the database.
const BATCH: u64 = 1_000;

impl Rows<'_> {
    /// Finds the redraws that make a table's remembered keys unique.
    pub(super) fn remember(
        &mut self,
        table: TableId,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let plan = self.plan;
        for key in &plan.tables[table].remembered {
            let mut seen: HashSet<u128> = HashSet::with_capacity(self.layouts[table].made as usize);
            let made = self.layouts[table].made;
            for start in (0..made).step_by(BATCH as usize) {
                interrupted()?;
                let slots: Vec<u64> = (start..(start + BATCH).min(made)).collect();
                let taken = self.taken(table, key, &slots, probe)?;
                for (&slot, taken) in slots.iter().zip(taken) {
                    self.find_attempt(table, key, slot, taken, &mut seen, probe)?;
                }
            }
        }
        Ok(())
    }

    fn taken(&mut self, table: TableId, key: &Remembered, slots: &[u64], probe: Probe) -> Result<Vec<bool>, Error> {
        if self.plan.tables[table].existing == 0 && self.layouts[table].stored == 0 {
            return Ok(vec![false; slots.len()]);
        }
        let candidates: Vec<Vec<Value>> = slots.iter().map(|&slot| self.key_values(table, key, slot)).collect();
        probe(key, &candidates)
    }

    fn find_attempt(
        &mut self,
        table: TableId,
        key: &Remembered,
        slot: u64,
        taken: bool,
        seen: &mut HashSet<u128>,
        probe: Probe,
    ) -> Result<(), Error> {
        let mut taken = taken;
        for _ in 0..MOST_ATTEMPTS * 4 {
            let values = self.key_values(table, key, slot);
            let free = !taken && (values.contains(&Value::Null) || seen.insert(hash(&values, key.folded)));
            if free {
                return Ok(());
            }
            *self.layouts[table].attempts.entry(slot).or_insert(0) += 1;
            self.forget(table);
            taken = self.taken(table, key, &[slot], probe)?[0];
        }
        Err(self.exhausted(table, key, seen.len()))
    }

    fn key_values(&mut self, table: TableId, key: &Remembered, slot: u64) -> Vec<Value> {
        let index: RowIndex = self.layouts[table].index_of_slot(slot);
        key.columns.iter().map(|&column| self.cell(table, index, column)).collect()
    }

    fn exhausted(&self, table: TableId, key: &Remembered, found: usize) -> Error {
        let name = &self.plan.catalog.tables[table].qualified;
        Error::new(sqlstate::INVALID_PARAMETER, format!("cannot make {} different keys for {name}", self.layouts[table].made))
            .detail(format!("Unique key \"{}\" took {found} different values; the next row found no other.", key.name))
            .hint("Ask for fewer rows, or give the key's columns a rule with more values.")
    }
}

fn hash(values: &[Value], folded: bool) -> u128 {
    let mut text = Vec::new();
    for value in values {
        value.write_copy(&mut text);
        text.push(b'\t');
    }
    if folded {
        return xxh3_128(String::from_utf8_lossy(&text).to_lowercase().as_bytes());
    }
    xxh3_128(&text)
}
