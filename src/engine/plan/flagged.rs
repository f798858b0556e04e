//! Stamps that a flag of the same row speaks of: `read_at` where `is_read`, `unsubscribed_at` where not `is_subscribed`.
//!
//! Found by the names' common words (`data/flag_words.csv`), else by what both mean (`data/flagged_stamps.csv`).

use std::sync::OnceLock;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::plan::meanings::Meanings;

/// Words around the word that a stamp and its flag share.
struct Words {
    endings: Vec<String>,
    beginnings: Vec<String>,
    negations: Vec<String>,
}

/// The flag on which a stamp depends, and how it stands where the stamp is set.
pub(super) fn flag(catalog: &Catalog, meanings: &Meanings, table: TableId, stamp: ColumnId) -> Option<(ColumnId, bool)> {
    let columns = &catalog.tables[table].columns;
    let flags = || (0..columns.len()).filter(|&column| columns[column].data_type.kind == TypeKind::Boolean && columns[column].not_null);
    let core = core_of_stamp(&columns[stamp].name);
    let by_name = flags().find_map(|flag| Some((flag, agrees(&core, &core_of_flag(&columns[flag].name))?)));
    by_name.or_else(|| {
        let meaning = |column: ColumnId| meanings.of(table, column).map(|found| found.meaning.id.as_str());
        let of_stamp = meaning(stamp)?;
        pairs().iter().filter(|(of, ..)| of == of_stamp).find_map(|(_, of_flag, on)| {
            let mut alike = flags().filter(|&flag| meaning(flag) == Some(of_flag));
            // Of two such flags nobody knows which is meant.
            alike.next().filter(|_| alike.next().is_none()).map(|flag| (flag, *on))
        })
    })
}

/// Whether two words are one, or one the other's opposite.
fn agrees(stamp: &str, flag: &str) -> Option<bool> {
    if stamp.is_empty() || flag.is_empty() {
        return None;
    }
    let opposite = |one: &str, other: &str| words().negations.iter().any(|negation| one.strip_prefix(negation.as_str()) == Some(other));
    if stamp == flag { Some(true) } else { (opposite(stamp, flag) || opposite(flag, stamp)).then_some(false) }
}

fn core_of_stamp(name: &str) -> String {
    let mut parts = normalise(name);
    strip_endings(&mut parts);
    parts.concat()
}

/// Takes off the words that only say that a name is a time's: `at`, `on`, `date`.
pub(super) fn strip_endings(parts: &mut Vec<String>) {
    while parts.len() > 1 && parts.last().is_some_and(|last| words().endings.contains(last)) {
        parts.pop();
    }
}

fn core_of_flag(name: &str) -> String {
    let parts = normalise(name);
    let begun = parts.len() > 1 && words().beginnings.contains(&parts[0]);
    parts[usize::from(begun)..].concat()
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let lines: Vec<(String, String)> = read(include_str!("data/flag_words.csv"));
        let of = |part: &str| lines.iter().filter(|(_, own)| own == part).map(|(word, _)| word.clone()).collect();
        Words { endings: of("ending"), beginnings: of("beginning"), negations: of("negation") }
    })
}

fn pairs() -> &'static [(String, String, bool)] {
    static PAIRS: OnceLock<Vec<(String, String, bool)>> = OnceLock::new();
    PAIRS.get_or_init(|| read(include_str!("data/flagged_stamps.csv")))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|line| line.expect("the tests read every line of these files")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stamp: &str, flag: &str) -> Option<bool> {
        agrees(&core_of_stamp(stamp), &core_of_flag(flag))
    }

    #[test]
    fn a_flag_and_a_stamp_share_a_word() {
        assert_eq!(told("read_at", "is_read"), Some(true));
        assert_eq!(told("unlocked_at", "is_locked"), Some(false));
        assert_eq!(told("EmailVerifiedOn", "EmailVerified"), Some(true));
        assert_eq!(told("geloescht_am", "ist_geloescht"), Some(true));
        assert_eq!(told("begun_at", "is_odd"), None);
    }

    #[test]
    fn every_pair_is_of_known_meanings() {
        let known = |id: &str| crate::engine::vocabulary::meaning(id).is_some();
        assert!(!pairs().is_empty() && pairs().iter().all(|(stamp, flag, _)| known(stamp) && known(flag)), "{:?}", pairs());
    }
}
