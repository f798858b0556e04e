//! The inverse of a foreign key: one pass over one cell, before the rows that need it are made.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::error::Error;
use crate::engine::rows::layout::Inverse;
use crate::engine::rows::row::Rows;

impl Rows<'_> {
    /// Groups a table's rows by the row that a foreign key names.
    pub(super) fn invert(
        &mut self,
        table: TableId,
        foreign_key: ForeignKeyId,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.layouts[table].inverses.contains_key(&foreign_key) {
            return Ok(());
        }
        let target = self.plan.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let groups = self.layouts[target].rows() as usize;
        let rows = self.layouts[table].rows();
        let mut group_of = Vec::with_capacity(rows as usize);
        let mut starts = vec![0u32; groups + 1];
        for row in 0..rows {
            if row % 1024 == 0 {
                interrupted()?;
            }
            let group = self.reference(table, row, foreign_key).map_or(u32::MAX, |group| group as u32);
            if let Some(start) = starts.get_mut(group.wrapping_add(1) as usize).filter(|_| group != u32::MAX) {
                *start += 1;
            }
            group_of.push(group);
        }
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0u32; *starts.last().unwrap_or(&0) as usize];
        for (row, &group) in group_of.iter().enumerate().filter(|(_, group)| (**group as usize) < groups) {
            members[next[group as usize] as usize] = row as u32;
            next[group as usize] += 1;
        }
        self.layouts[table].inverses.insert(foreign_key, Inverse { starts, rows: members });
        Ok(())
    }
}
