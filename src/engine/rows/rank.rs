//! Positions by time: keys follow time, as in a table that an application filled.

use crate::engine::catalog::TableId;
use crate::engine::error::Error;
use crate::engine::rows::layout::Ranking;
use crate::engine::rows::row::Rows;

impl Rows<'_> {
    /// Ranks a table's rows by their birth, within chunks of `ranked_rows`; ties keep slot order.
    pub(super) fn rank(
        &mut self,
        table: TableId,
        keep_births: bool,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let made = self.layouts[table].made;
        let stored = self.layouts[table].stored;
        let chunk = (self.plan.arguments.ranked_rows.max(1) as u64).min(made.max(1));
        let mut slots: Vec<u32> = Vec::with_capacity(made as usize);
        let mut births: Vec<i64> = Vec::with_capacity(if keep_births { made as usize } else { 0 });
        let mut times: Vec<(i64, u32)> = Vec::with_capacity(chunk as usize);
        for start in (0..made).step_by(chunk as usize) {
            times.clear();
            for slot in start..(start + chunk).min(made) {
                if slot % 1024 == 0 {
                    interrupted()?;
                }
                times.push((self.birth(table, stored + slot).unwrap_or(0), slot as u32));
            }
            times.sort_unstable();
            slots.extend(times.iter().map(|(_, slot)| *slot));
            if keep_births {
                births.extend(times.iter().map(|(birth, _)| *birth));
            }
        }
        let mut positions = vec![0u32; slots.len()];
        for (position, &slot) in slots.iter().enumerate() {
            positions[slot as usize] = position as u32;
        }
        self.forget(table);
        self.layouts[table].ranking = Some(Ranking { slots, positions });
        self.layouts[table].births = (keep_births && made <= chunk).then_some(births);
        Ok(())
    }
}
