//! Names of tables and columns as words, so that `OrderItems`, `order_item` and `"order items"` meet.
//! Spelling only: what a word means is nobody's business here.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Plurals that the rules of `singular` would get wrong.
static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| include_str!("data/plurals.csv").lines().skip(1).filter_map(|line| line.split_once(',')).collect());

/// The least likeness (Jaro-Winkler, 0..=1) at which a name is offered as a correction.
const LIKE_ENOUGH: f64 = 0.8;

/// The words of a name, in lower case: split at case changes, digits and everything that is neither letter nor digit.
pub fn normalise(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for (index, &character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            inside = false;
            continue;
        }
        let previous = index.checked_sub(1).map(|before| characters[before]);
        let next = characters.get(index + 1).copied();
        if !inside || previous.is_some_and(|previous| begins_word(previous, character, next)) {
            words.push(String::new());
        }
        inside = true;
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words
}

/// Whether a word begins at `character`, which stands between two others: `aB`, `1a`, `a1`, and `HTTPServer` at the S.
fn begins_word(previous: char, character: char, next: Option<char>) -> bool {
    if previous.is_numeric() != character.is_numeric() {
        return true;
    }
    character.is_uppercase() && (previous.is_lowercase() || next.is_some_and(char::is_lowercase))
}

/// The words of a name, the last one in the singular: what two spellings of one table share.
pub fn stem(name: &str) -> Vec<String> {
    let mut words = normalise(name);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// The singular of an English noun in lower case; a word that is none comes back as it is.
pub fn singular(word: &str) -> String {
    if let Some(singular) = IRREGULAR.get(word) {
        return (*singular).to_owned();
    }
    if word.chars().count() <= 3 || !word.ends_with('s') || ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return word.to_owned();
    }
    let without = |count: usize| word[..word.len() - count].to_owned();
    if word.ends_with("ies") {
        return without(3) + "y";
    }
    let keeps_e = ["ouses", "auses"].iter().any(|end| word.ends_with(end));
    if !keeps_e && ["sses", "uses", "xes", "ches", "shes", "zzes", "oes"].iter().any(|end| word.ends_with(end)) {
        return without(2);
    }
    without(1)
}

/// An identifier in quotes: always right in SQL, if not always needed.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The candidates most like `wanted`, at most three, best first.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = stem(wanted).join("_");
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &stem(candidate).join("_")), candidate))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.truncate(3);
    scored.into_iter().map(|(_, candidate)| candidate).collect()
}

/// `Did you mean "a", "b" or "c"?`, or nothing where nothing is near.
pub fn did_you_mean<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near: Vec<String> = nearest(wanted, candidates).into_iter().map(|name| format!("\"{name}\"")).collect();
    let (last, others) = near.split_last()?;
    if others.is_empty() {
        return Some(format!("Did you mean {last}?"));
    }
    Some(format!("Did you mean {} or {last}?", others.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_give_the_same_words() {
        for spelling in ["BarnDoor", "barnDoor", "barn_door", "BARN_DOOR", "\"Barn Door\"", "barn-door"] {
            assert_eq!(normalise(spelling), ["barn", "door"], "{spelling}");
        }
    }

    #[test]
    fn acronyms_and_digits_are_words_of_their_own() {
        assert_eq!(normalise("HTTPServerURL2"), ["http", "server", "url", "2"]);
        assert_eq!(normalise("line2text"), ["line", "2", "text"]);
        assert_eq!(normalise("ÜberName"), ["über", "name"]);
        assert_eq!(normalise("__x__"), ["x"]);
        assert!(normalise("--").is_empty());
    }

    #[test]
    fn plurals_lose_their_ending_and_singulars_keep_theirs() {
        let pairs = [
            ("owls", "owl"),
            ("categories", "category"),
            ("addresses", "address"),
            ("cactuses", "cactus"),
            ("warehouses", "warehouse"),
            ("courses", "course"),
            ("purchases", "purchase"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("people", "person"),
            ("movies", "movie"),
            ("heroes", "hero"),
            ("cactus", "cactus"),
            ("address", "address"),
            ("analysis", "analysis"),
            ("gas", "gas"),
            ("series", "series"),
            ("ids", "id"),
        ];
        for (plural, expected) in pairs {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let names = ["protest", "protest_image", "warehouse"];
        assert_eq!(nearest("protset", names), ["protest", "protest_image"]);
        assert_eq!(did_you_mean("warehuose", names).as_deref(), Some("Did you mean \"warehouse\"?"));
        assert_eq!(did_you_mean("zzz", names), None);
    }
}
