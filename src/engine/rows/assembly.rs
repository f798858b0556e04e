//! Rows that are made of each other, in an order that leads nowhere back.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{Below, Owner, RAW, RowIndex};
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

impl Rows<'_> {
    /// Whether a row goes into another.
    pub(super) fn goes_into(&mut self, below: &Below, table: TableId, part: RowIndex, whole: RowIndex) -> bool {
        let Some((column, ranks)) = &below.kinds else { return part > whole };
        let (lower, upper) = (self.rank_of(table, part, *column, ranks), self.rank_of(table, whole, *column, ranks));
        lower < upper || lower == upper && part > whole
    }

    fn rank_of(&mut self, table: TableId, row: RowIndex, column: ColumnId, ranks: &[(Value, u8)]) -> u8 {
        let kind = self.known(table, row, column);
        ranks.iter().find(|(label, _)| label == kind).map_or(RAW, |(_, rank)| *rank)
    }

    /// How many different rows go into each parent, none into what is raw; empty where that leaves no room for all lines.
    pub(super) fn most_parts(&mut self, table: TableId, owner: &Owner, parents: std::ops::Range<RowIndex>) -> Vec<u32> {
        let plan = self.plan;
        let Some(below) = plan.tables[table].picks.iter().find_map(|pick| pick.below.as_ref()) else { return Vec::new() };
        let rows: Vec<RowIndex> = parents.collect();
        let ranks: Vec<u8> = match &below.kinds {
            Some((column, ranks)) => rows.iter().map(|&row| self.rank_of(owner.table, row, *column, ranks)).collect(),
            None => vec![RAW + 1; rows.len()],
        };
        // From the last row to the first: of the rows behind it those of its rank, and all of a lower one.
        let mut of_rank = [0u32; u8::MAX as usize + 1];
        for rank in &ranks {
            of_rank[usize::from(*rank)] += 1;
        }
        let mut behind = [0u32; u8::MAX as usize + 1];
        let mut most = vec![0; rows.len()];
        for (at, rank) in ranks.iter().enumerate().rev() {
            let lower: u32 = of_rank[..usize::from(*rank)].iter().sum();
            most[at] = if *rank == RAW { 0 } else { lower + behind[usize::from(*rank)] };
            behind[usize::from(*rank)] += 1;
        }
        let room: u64 = most.iter().map(|most| u64::from(*most)).sum();
        if room >= plan.tables[table].count { most } else { Vec::new() }
    }
}
