//! Other spellings of the values that keys are compared by: `Germany` and `DEU` for `DE`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::words::phrase;

/// One line of the file.
#[derive(Deserialize)]
struct Line {
    meaning: String,
    value: String,
    aliases: String,
}

/// The value that a phrase stands for among the values of a meaning, itself a phrase.
pub(super) fn canonical(meaning: &str, phrase: &str) -> Option<&'static str> {
    aliases().get(meaning)?.get(phrase).map(String::as_str)
}

fn aliases() -> &'static HashMap<String, HashMap<String, String>> {
    static ALIASES: OnceLock<HashMap<String, HashMap<String, String>>> = OnceLock::new();
    ALIASES.get_or_init(|| {
        let mut found: HashMap<String, HashMap<String, String>> = HashMap::new();
        let mut reader = csv::Reader::from_reader(include_str!("data/aliases.csv").as_bytes());
        for line in reader.deserialize::<Line>() {
            let line = line.expect("the tests read every line of this file");
            let spellings = found.entry(line.meaning).or_default();
            let value = phrase(&line.value);
            for alias in line.aliases.split('|').chain([line.value.as_str()]) {
                spellings.entry(phrase(alias)).or_insert_with(|| value.clone());
            }
        }
        found
    })
}
