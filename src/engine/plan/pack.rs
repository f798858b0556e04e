//! Whose words a table speaks: the names of tables and columns vote for one of the packs of `vocabulary/data/packs.csv`.
//! A word with a `!` is said in hardly any other field: it makes certain what the vote only makes likely.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::engine::catalog::{Catalog, TableId};
use crate::engine::vocabulary::{singular, words};

/// What a word in a table's name counts for, and in a column's or a parent's name.
const IN_TABLE: u32 = 6;
const ELSEWHERE: u32 = 2;

/// What part of its votes a word keeps that several domains have: it tells them less apart.
const SHARED: u32 = 2;

/// How many votes a pack that is only likely needs for each of one that is certain.
const LIKELY: u32 = 2;

/// Votes a table needs to speak otherwise than its schema.
const OWN: u32 = 8;

/// Votes a schema needs to speak like anything.
const COMMON: u32 = 12;

/// A domain and the words that speak for it.
struct Pack {
    name: &'static str,
    words: BTreeSet<&'static str>,
    sure: BTreeSet<&'static str>,
    /// The domain of which it is a special case: animals' clinics are clinics.
    within: Option<&'static str>,
}

/// How a table came to its pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ballot {
    /// The pack; none where no domain fits.
    pub pack: Option<&'static str>,
    /// The words that voted for it, for people.
    pub words: Vec<String>,
    /// The domains that are certain: the table's own, else the schema's, and the one of all tables together.
    pub fields: Vec<&'static str>,
}

impl Ballot {
    /// Whether its pack is one of these.
    fn is_of(&self, packs: &[&str]) -> bool {
        self.pack.is_some_and(|pack| packs.contains(&pack))
    }
}

fn packs() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let lines = include_str!("../vocabulary/data/packs.csv").lines().skip(1);
        lines.filter_map(Pack::read).collect()
    })
}

impl Pack {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',');
        let (name, listed, within) = (cells.next()?, cells.next()?, cells.next()?);
        let words = listed.split('|').map(|word| word.trim_start_matches('!')).collect();
        let sure = listed.split('|').filter_map(|word| word.strip_prefix('!')).collect();
        Some(Self { name, words, sure, within: Some(within).filter(|within| !within.is_empty()) })
    }

    /// Whether words that spoke for it say so for certain.
    fn is_certain(&self, spoke: &BTreeSet<String>) -> bool {
        spoke.iter().any(|word| self.sure.contains(word.as_str()))
    }
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
    ///
    /// One that is certain needs half as many as one that is only likely: every field has customers, orders and prices.
    fn winner(&self, least: u32) -> Option<Ballot> {
        let stands = || self.0.iter().zip(packs()).filter(|(_, pack)| pack.within.is_none());
        let best = |certain: bool| {
            let among = stands().filter(|((_, spoke), pack)| !certain || pack.is_certain(spoke));
            among.map(|((sum, _), _)| *sum).max().unwrap_or(0)
        };
        let certain = best(true) >= least && best(true) * LIKELY >= best(false);
        let best = best(certain);
        let mut first = stands().filter(|((sum, spoke), pack)| *sum == best && (!certain || pack.is_certain(spoke)));
        let ((_, words), pack) = first.next().filter(|_| best >= least)?;
        let ballot = || Ballot { pack: Some(pack.name), words: words.iter().take(4).cloned().collect(), fields: Vec::new() };
        first.next().is_none().then(ballot)
    }

    /// The domains that are certain.
    fn certain(&self) -> Vec<&'static str> {
        let sure = self.0.iter().zip(packs()).filter(|((_, spoke), pack)| pack.is_certain(spoke));
        sure.map(|(_, pack)| pack.name).collect()
    }

    /// The special case of a domain that is certain, if one is.
    fn special(&self, pack: &str) -> Option<&'static str> {
        let certain = self.certain();
        packs().iter().find(|special| special.within == Some(pack) && certain.contains(&special.name)).map(|special| special.name)
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
    let everywhere = all.certain();
    let of_table = |own: &Count| {
        // A table that speaks like a field of which nothing else is certain speaks like its schema: treatments of a field.
        let alone = |ballot: &Ballot| common.is_of(&everywhere) && !ballot.is_of(&everywhere);
        let ballot = own.winner(OWN).filter(|ballot| !alone(ballot)).unwrap_or_else(|| common.clone());
        let certain = own.certain();
        let mut fields = if certain.is_empty() { everywhere.clone() } else { certain };
        fields.extend(common.pack.filter(|pack| everywhere.contains(pack) && !fields.contains(pack)));
        let special = ballot.pack.and_then(|pack| all.special(pack));
        Ballot { pack: special.or(ballot.pack), fields, ..ballot }
    };
    counts.iter().map(of_table).collect()
}

fn count(catalog: &Catalog, table: TableId) -> Count {
    let definition = &catalog.tables[table];
    let mut count = Count::new();
    count.hear(&definition.name, IN_TABLE);
    definition.columns.iter().for_each(|column| count.hear(&column.name, ELSEWHERE));
    definition.foreign_keys.iter().for_each(|key| count.hear(&catalog.tables[key.referenced_table].name, ELSEWHERE));
    count
}
