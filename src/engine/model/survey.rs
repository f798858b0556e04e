//! What is stored already: a dialogue against stored replies alone tells which questions are left to be paid for.
//!
//! It also finds in which groups a batch's columns were asked for before: where a column is new, the others' reply
//! is kept and the new one is asked for alone, with the kept ones as facts.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::model::batch::Batches;

/// Columns of which all groups are tried; of more only those that lack one.
const MOST_COLUMNS: usize = 5;

/// A survey under way, then its result.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// By table: batches that must be asked.
    missing: Vec<BTreeSet<usize>>,
    /// By table: vocabularies that must be asked for.
    missing_authors: Vec<usize>,
    /// By batch: groups that were not tried yet.
    untried: BTreeMap<usize, Vec<Vec<Vec<usize>>>>,
}

impl Survey {
    /// A survey of these batches.
    pub(super) fn new(batches: &Batches) -> Self {
        let tables = batches.tables.len();
        Self { missing: vec![BTreeSet::new(); tables], missing_authors: vec![0; tables], untried: BTreeMap::new() }
    }

    /// Groups of a batch's columns that were not tried yet: kept ones, then new ones.
    pub(super) fn further_groups(&mut self, batch: usize, columns: usize) -> Option<Vec<Vec<usize>>> {
        let untried = self.untried.entry(batch).or_insert_with(|| groups(columns));
        untried.pop()
    }

    /// Notes that a batch must be asked.
    pub(super) fn missing(&mut self, place: usize, batch: usize) {
        self.missing[place].insert(batch);
    }

    /// Notes that a vocabulary must be asked for.
    pub(super) fn missing_author(&mut self, place: usize) {
        self.missing_authors[place] += 1;
    }

    /// Questions of a table that are not stored: `unsettled` batches wait for others that are not.
    pub(super) fn open(&self, place: usize, unsettled: impl Iterator<Item = usize>) -> u64 {
        let mut batches = self.missing[place].clone();
        batches.extend(unsettled);
        (batches.len() + self.missing_authors[place]) as u64
    }
}

/// All ways to take some columns as kept and the others as new, those with the most kept ones last.
fn groups(columns: usize) -> Vec<Vec<Vec<usize>>> {
    if columns < 2 {
        return Vec::new();
    }
    let all = |kept: &dyn Fn(usize) -> bool| -> Vec<Vec<usize>> {
        vec![(0..columns).filter(|&column| kept(column)).collect(), (0..columns).filter(|&column| !kept(column)).collect()]
    };
    if columns > MOST_COLUMNS {
        return (0..columns).map(|new| all(&|column| column != new)).collect();
    }
    let mut subsets: Vec<u32> = (1..(1 << columns) - 1).collect();
    subsets.sort_by_key(|subset| (subset.count_ones(), *subset));
    subsets.into_iter().map(|subset| all(&|column| subset >> column & 1 == 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_kept_columns_are_tried_first() {
        let mut groups = groups(3);
        assert_eq!(groups.len(), 6);
        assert_eq!(groups.pop(), Some(vec![vec![1, 2], vec![0]]));
        assert!(super::groups(1).is_empty());
        assert_eq!(super::groups(7).len(), 7);
    }
}
