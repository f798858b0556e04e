//! Whose words a table speaks: the names of tables and columns vote for one of the packs of `vocabulary/data/packs.csv`.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::engine::catalog::{Catalog, TableId};
use crate::engine::vocabulary::{singular, words};

/// What a word in a table's name counts for, and in a column's or a parent's name.
const IN_TABLE: u32 = 6;
const ELSEWHERE: u32 = 2;

/// What part of its votes a word keeps that several domains have: it tells them less apart.
const SHARED: u32 = 2;

/// Votes a table needs to speak otherwise than its schema.
const OWN: u32 = 8;

/// Votes a schema needs to speak like anything.
const COMMON: u32 = 12;

/// A domain and the words that speak for it.
struct Pack {
    name: &'static str,
    words: BTreeSet<&'static str>,
}

/// How a table came to its pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ballot {
    /// The pack; none where no domain fits.
    pub pack: Option<&'static str>,
    /// The words that voted for it, for people.
    pub words: Vec<String>,
}

fn packs() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let lines = include_str!("../vocabulary/data/packs.csv").lines().skip(1);
        lines.filter_map(|line| line.split_once(',')).map(|(name, words)| Pack { name, words: words.split('|').collect() }).collect()
    })
}

/// The votes of one table or schema: by pack, what was counted and which words spoke.
struct Count(Vec<(u32, BTreeSet<String>)>);

impl Count {
    fn new() -> Self {
        Self(packs().iter().map(|_| (0, BTreeSet::new())).collect())
    }

    fn hear(&mut self, name: &str, weight: u32) {
        for word in words(name).iter().map(|word| singular(word)) {
            let shared = packs().iter().filter(|pack| pack.words.contains(word.as_str())).count() > 1;
            let votes = if shared { weight / SHARED } else { weight };
            for (pack, (sum, spoke)) in packs().iter().zip(&mut self.0) {
                // A word counts once: fifty columns named after the product are no fifty reasons.
                if pack.words.contains(word.as_str()) && spoke.insert(word.clone()) {
                    *sum += votes;
                }
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for (own, others) in self.0.iter_mut().zip(&other.0) {
            own.0 += others.0;
            own.1.extend(others.1.iter().cloned());
        }
    }

    /// The pack with most votes, if it has enough and no other has as many.
    fn winner(&self, least: u32) -> Option<Ballot> {
        let best = self.0.iter().map(|(sum, _)| *sum).max()?;
        let mut first = self.0.iter().zip(packs()).filter(|((sum, _), _)| *sum == best);
        let ((_, words), pack) = first.next().filter(|_| best >= least)?;
        first.next().is_none().then(|| Ballot { pack: Some(pack.name), words: words.iter().take(4).cloned().collect() })
    }
}

/// The pack of every table: its own where its names are clear, else the one of all tables together.
pub(super) fn ballots(catalog: &Catalog) -> Vec<Ballot> {
    let counts: Vec<Count> = (0..catalog.tables.len()).map(|table| count(catalog, table)).collect();
    let mut all = Count::new();
    for count in &counts {
        all.add(count);
    }
    let common = all.winner(COMMON).unwrap_or_default();
    counts.iter().map(|own| own.winner(OWN).unwrap_or_else(|| common.clone())).collect()
}

fn count(catalog: &Catalog, table: TableId) -> Count {
    let definition = &catalog.tables[table];
    let mut count = Count::new();
    count.hear(&definition.name, IN_TABLE);
    definition.columns.iter().for_each(|column| count.hear(&column.name, ELSEWHERE));
    definition.foreign_keys.iter().for_each(|key| count.hear(&catalog.tables[key.referenced_table].name, ELSEWHERE));
    count
}
