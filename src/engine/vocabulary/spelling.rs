//! Short lists of column names, looked up by a column's spellings: what a column is to a formula, not what it means.

use std::collections::HashMap;

use super::matching::spellings_of;
use super::words::{singular, words};

/// Names by which columns are found: whole ones, ends of longer ones (`*_total`), and those that only a table's name makes whole
/// (`=charge_type_code`).
#[derive(Debug, Default)]
pub struct NameIndex {
    whole: HashMap<String, Vec<usize>>,
    of_table: HashMap<String, Vec<usize>>,
    ends: HashMap<String, Vec<(Vec<String>, usize)>>,
}

/// How well a name was found: whole, whole without its table's name, by its end; smaller is better.
pub type NameFit = u8;

/// From here on a name was found by its end only.
const BY_END: NameFit = 10;

impl NameIndex {
    /// Adds names, separated by `|`, under which `place` is found.
    pub fn add(&mut self, names: &str, place: usize) {
        for name in names.split('|').map(str::trim).filter(|name| !name.is_empty()) {
            let spelled: Vec<String> =
                words(name.trim_start_matches("*_").trim_start_matches('=')).iter().map(|word| singular(word)).collect();
            match (name.starts_with("*_"), spelled.last()) {
                _ if name.starts_with('=') => self.of_table.entry(spelled.concat()).or_default().push(place),
                (true, Some(last)) => self.ends.entry(last.clone()).or_default().push((spelled, place)),
                _ => self.whole.entry(spelled.concat()).or_default().push(place),
            }
        }
    }

    /// The places under which a column is found, with how well, the best of each.
    pub fn find(&self, table_name: &str, column_name: &str) -> Vec<(usize, NameFit)> {
        let mut found: Vec<(usize, NameFit)> = Vec::new();
        let mut add = |place: usize, fit: NameFit| match found.iter_mut().find(|(known, _)| *known == place) {
            Some((_, known)) => *known = fit.min(*known),
            None => found.push((place, fit)),
        };
        let whole: Vec<String> = words(table_name).iter().chain(&words(column_name)).map(|word| singular(word)).collect();
        self.of_table.get(&whole.concat()).into_iter().flatten().for_each(|&place| add(place, 0));
        for (at, name) in (0..BY_END).zip(spellings_of(table_name, column_name)) {
            self.whole.get(&name.concat()).into_iter().flatten().for_each(|&place| add(place, at));
            for (end, place) in name.last().and_then(|last| self.ends.get(last)).into_iter().flatten() {
                if name.len() > end.len() && name.ends_with(end) {
                    add(*place, BY_END + at);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_without_their_table_and_by_their_end() {
        let mut index = NameIndex::default();
        index.add("nights|night_count", 0);
        index.add("*_rate", 1);
        assert_eq!(index.find("stay", "Nights"), [(0, 0)]);
        assert_eq!(index.find("stay", "stay_nights"), [(0, 1)]);
        assert_eq!(index.find("stay", "nightcount"), [(0, 0)]);
        assert_eq!(index.find("stay", "room_rate"), [(1, BY_END)]);
        index.add("=fee_kind_mark", 2);
        assert_eq!(index.find("fee_kinds", "mark"), [(2, 0)]);
        assert!(index.find("fee_kinds", "fee_kind_mark").is_empty() && index.find("kinds", "mark").is_empty());
        assert!(index.find("stay", "rate").is_empty() && index.find("stay", "rated").is_empty());
    }
}
