//! Uniqueness that no scheme serves: redraws against remembered hashes, in slot order, so that a larger
//! count leaves the rows of a smaller one alone.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Remembered, RowIndex};
use crate::engine::rows::extend::EXTENDED;
use crate::engine::rows::row::{MOST_ATTEMPTS, Rows};
use crate::engine::value::Value;

/// Whether any of these candidate keys is in the table already; one answer per candidate.
pub(crate) type Probe<'a> = &'a mut dyn FnMut(&Remembered, &[Vec<Value>]) -> Result<Vec<bool>, Error>;

/// Candidate keys and whether each is taken.
type Asked = (Vec<Vec<Value>>, Vec<bool>);

/// Candidates per probe of the database.
const BATCH: u64 = 1_000;

/// Fewest plain redraws before texts are extended: those of a list that has come to its end are not tried on and on.
const FEWEST: u32 = 4;

/// From this redraw on a redrawn cell has a plain value by its type: a list of words has come to its end.
pub(crate) const LAST_RESORT: u32 = 100_000;

/// From this redraw on a redrawn cell that may be NULL is.
pub(crate) const BARE: u32 = 1_000_000;

/// What a redrawn number is moved by: a prime, so that it walks through the spaces that are no multiple of it.
pub(super) const STRIDE: u64 = 1_000_003;

impl Rows<'_> {
    /// Finds the redraws anew, once a model has written: a row whose written cells repeat another's key loses them.
    pub fn remember_again(
        &mut self,
        table: TableId,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.plan.tables[table].remembered.is_empty() {
            return Ok(());
        }
        let made = self.layouts[table].made;
        self.layouts[table].attempts.clear();
        self.forget(table);
        self.remember(table, probe, interrupted)?;
        // Rows below this table are laid out already, so it cannot end earlier now.
        if self.layouts[table].made < made {
            let key = &self.plan.tables[table].remembered[0];
            return Err(self.exhausted(table, key, self.layouts[table].made));
        }
        Ok(())
    }

    /// Finds the redraws that make a table's remembered keys unique.
    pub(super) fn remember(
        &mut self,
        table: TableId,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let plan = self.plan;
        for key in &plan.tables[table].remembered {
            if key.injective && !self.meets_stored(table, key, probe, interrupted)? {
                continue;
            }
            self.remember_key(table, key, probe, interrupted)?;
        }
        Ok(())
    }

    /// Whether any of the rows to be made has a key that is taken; where a scheme keeps them apart from each other,
    /// nothing else can go wrong.
    fn meets_stored(
        &mut self,
        table: TableId,
        key: &Remembered,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if self.plan.tables[table].stored.inserted > 0 {
            return Ok(true);
        }
        let made = self.layouts[table].made;
        for start in (0..made).step_by(BATCH as usize) {
            interrupted()?;
            let candidates = self.candidates_of(table, key, start..(start + BATCH).min(made));
            if probe(key, &candidates)?.contains(&true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn remember_key(
        &mut self,
        table: TableId,
        key: &Remembered,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let made = self.layouts[table].made;
        let mut seen: HashSet<u128> = HashSet::with_capacity(made as usize);
        let mut patience = MOST_ATTEMPTS;
        self.see_reference_rows(table, key, &mut seen);
        for start in (0..made).step_by(BATCH as usize) {
            interrupted()?;
            let slots = start..(start + BATCH).min(made);
            let (candidates, taken) = self.taken(table, key, slots.clone(), probe)?;
            for (place, slot) in slots.enumerate() {
                let asked = candidates.get(place).zip(taken.get(place).copied());
                if !self.find_attempt(table, key, slot, asked, (&mut seen, &mut patience), probe)? && !self.leave_out(table, key, slot) {
                    return self.shorten(table, key, slot);
                }
            }
        }
        Ok(())
    }

    /// Reference rows that this call inserts are not in the table yet.
    fn see_reference_rows(&self, table: TableId, key: &Remembered, seen: &mut HashSet<u128>) {
        let stored = &self.plan.tables[table].stored;
        for row in stored.rows.iter().rev().take(stored.inserted) {
            let values: Vec<Value> = key.columns.iter().map(|&column| row[column].clone()).collect();
            if !values.contains(&Value::Null) {
                seen.insert(hash(&values, key.folded));
            }
        }
    }

    fn candidates_of(&mut self, table: TableId, key: &Remembered, slots: std::ops::Range<u64>) -> Vec<Vec<Value>> {
        slots.map(|slot| self.key_values(table, key, slot)).collect()
    }

    /// The keys of some slots, and whether the table has them; both empty where it has no row.
    fn taken(&mut self, table: TableId, key: &Remembered, slots: std::ops::Range<u64>, probe: Probe) -> Result<Asked, Error> {
        if self.plan.tables[table].existing == 0 {
            return Ok((Vec::new(), Vec::new()));
        }
        let candidates = self.candidates_of(table, key, slots);
        let taken = probe(key, &candidates)?;
        Ok((candidates, taken))
    }

    fn find_attempt(
        &mut self,
        table: TableId,
        key: &Remembered,
        slot: u64,
        asked: Option<(&Vec<Value>, bool)>,
        (seen, patience): (&mut HashSet<u128>, &mut u32),
        probe: Probe,
    ) -> Result<bool, Error> {
        let probed = self.plan.tables[table].existing > 0;
        let mut extended = false;
        for attempt in 0..MOST_ATTEMPTS * 4 {
            if !self.is_in_key(table, key, slot) {
                return Ok(true);
            }
            let values = self.key_values(table, key, slot);
            // A redraw of an earlier sibling may have changed what was asked for.
            let taken = match asked {
                Some((candidate, taken)) if *candidate == values => taken,
                _ => probed && probe(key, std::slice::from_ref(&values))?[0],
            };
            let free = !taken && (values.contains(&Value::Null) && !key.nulls_equal || seen.insert(hash(&values, key.folded)));
            if free {
                return Ok(true);
            }
            let index = self.layouts[table].index_of_slot(slot);
            if self.written.withdraw(table, index, &key.columns) {
                self.forget(table);
                continue;
            }
            let step = if attempt == MOST_ATTEMPTS * 3 {
                LAST_RESORT
            } else if !extended && attempt == *patience {
                EXTENDED
            } else {
                1
            };
            if step == EXTENDED {
                *patience = (*patience / 2).max(FEWEST);
                extended = true;
            }
            *self.layouts[table].attempts.entry(slot).or_insert(0) += step;
            self.forget(table);
        }
        Ok(false)
    }

    /// Leaves out a row that no key among its siblings is left for, unless the caller named the count.
    fn leave_out(&mut self, table: TableId, key: &Remembered, slot: u64) -> bool {
        if self.plan.tables[table].count_given || self.may_end(table, key) {
            return false;
        }
        let layout = &mut self.layouts[table];
        let position = layout.index_of_slot(slot) - layout.stored;
        layout.left_out.insert(position);
        let left_out = layout.left_out.len();
        layout.shortened = Some(format!("{left_out} rows left out: unique key {} found no more different values", key.name));
        true
    }

    /// Ends the table before a slot that found no free key: an error where the caller named the count.
    fn shorten(&mut self, table: TableId, key: &Remembered, slot: u64) -> Result<(), Error> {
        if !self.may_end(table, key) {
            return Err(self.exhausted(table, key, slot));
        }
        let made = self.layouts[table].made;
        let layout = &mut self.layouts[table];
        layout.made = slot;
        layout.attempts.retain(|&redrawn, _| redrawn < slot);
        // Ranks are taken anew; until then a row's place is its slot.
        layout.ranking = None;
        if let Some(sums) = &mut layout.fan_out {
            sums.truncate(slot);
        }
        layout.shortened = Some(format!("{slot} of {made} rows: unique key {} found no more different values", key.name));
        self.forget(table);
        Ok(())
    }

    /// Whether the table may end where a key finds no more values: the caller named no count, and the key is not one
    /// among the rows under one parent (the end of one parent's values is no end of all).
    fn may_end(&self, table: TableId, key: &Remembered) -> bool {
        let keys = &self.plan.catalog.tables[table].foreign_keys;
        let per_parent =
            (0..keys.len()).any(|own| self.is_owner(table, own) && keys[own].columns.iter().any(|column| key.columns.contains(column)));
        !per_parent && !self.plan.tables[table].count_given
    }

    /// Whether a key spans a row: all are in a key without a predicate.
    fn is_in_key(&mut self, table: TableId, key: &Remembered, slot: u64) -> bool {
        let index = self.layouts[table].index_of_slot(slot);
        key.predicate.as_ref().is_none_or(|predicate| self.is_true(table, index, predicate))
    }

    fn key_values(&mut self, table: TableId, key: &Remembered, slot: u64) -> Vec<Value> {
        let index: RowIndex = self.layouts[table].index_of_slot(slot);
        key.columns.iter().map(|&column| self.cell(table, index, column)).collect()
    }

    fn exhausted(&self, table: TableId, key: &Remembered, found: u64) -> Error {
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
