//! What rows remember of the lists they draw from: where a name leads, and what facts say about keys.

use foldhash::{HashMap, HashMapExt};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::engine::vocabulary::{self, KeyValue, Locale, Symbol, Vocabulary};

/// Facts remembered; countries, categories and stars are few, so more means free text, which is begun anew.
const MOST_REMEMBERED: usize = 65_536;

/// Lists by name, and the keys that facts were found to name.
#[derive(Debug)]
pub(super) struct Lists {
    /// The fact that says the country, and the country of the call's locale.
    home: Option<(Symbol, &'static str)>,
    words: vocabulary::Lists,
    by_name: Vec<Option<Option<&'static Vocabulary>>>,
    named: HashMap<u64, KeyValue>,
}

impl Lists {
    /// Nothing remembered.
    pub(super) fn new(locale: Option<Locale>, words: &vocabulary::Lists) -> Self {
        let home = locale.map(|locale| (Symbol::new("place.country_code"), locale.country));
        Self { home, words: words.clone(), by_name: Vec::new(), named: HashMap::new() }
    }

    /// What a key says in rows whose facts name no country, where the call names a locale.
    pub(super) fn at_home(&mut self, list: &Vocabulary, key: usize, sources: &[Symbol]) -> KeyValue {
        match self.home {
            Some((country, home)) if sources.contains(&country) => self.key_value(list, key, home),
            _ => KeyValue::Absent,
        }
    }

    /// The list of a name.
    pub(super) fn get(&mut self, name: Symbol) -> Option<&'static Vocabulary> {
        if self.by_name.len() <= name.index() {
            self.by_name.resize(name.index() + 1, None);
        }
        let words = &self.words;
        *self.by_name[name.index()].get_or_insert_with(|| words.get(name.as_str()))
    }

    /// What a fact says about a key of a list: folding and comparing words is done once for each text.
    pub(super) fn key_value(&mut self, list: &Vocabulary, key: usize, fact: &str) -> KeyValue {
        let hash = xxh3_64_with_seed(fact.as_bytes(), (list.symbol().index() as u64) << 8 | key as u64);
        if let Some(known) = self.named.get(&hash) {
            return *known;
        }
        if self.named.len() >= MOST_REMEMBERED {
            self.named.clear();
        }
        let value = list.key_value(key, fact);
        self.named.insert(hash, value);
        value
    }
}
