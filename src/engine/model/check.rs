//! Whether a cell of a reply can stand: type, length, domain, placeholders. The reply is data; nothing in it is obeyed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::engine::catalog::TableId;
use crate::engine::model::ContentColumn;
use crate::engine::model::read::leading_number;
use crate::engine::plan::Plan;
use crate::engine::value::Value;

/// Longest text that is taken where the column sets no limit, in characters.
const LONGEST: usize = 8_000;

/// Words and phrases that stand for a text instead of being one.
struct Placeholders {
    words: BTreeSet<String>,
    parts: Vec<String>,
    numbered: BTreeSet<String>,
}

/// The cell's value as the column stores it, or why it cannot be taken.
pub(super) fn value(plan: &Plan, table: TableId, content: &ContentColumn, cell: Option<&Json>) -> Result<Value, String> {
    let cell = cell.ok_or("it is missing")?;
    if !content.options.is_empty() {
        return option(content, cell);
    }
    let text = match cell {
        Json::Null => return Err("it is empty".into()),
        Json::String(text) => clean(text),
        Json::Number(number) => number.to_string(),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => return Err("it is no text".into()),
    };
    if text.is_empty() {
        return Err("it is empty".into());
    }
    let definition = &plan.catalog.tables[table].columns[content.column];
    if let Some(reason) = placeholder(&text, &definition.name, &plan.catalog.tables[table].name) {
        return Err(reason);
    }
    let domain = &plan.tables[table].columns[content.column].domain;
    let length = text.chars().count();
    let longest = domain.max_length.map_or(LONGEST, |longest| longest as usize);
    if length > longest {
        return Err(format!("it has {length} characters, at most {longest} are allowed"));
    }
    let value = Value::text(text).fit(&plan.tables[table].columns[content.column].kind);
    if domain.permits(&value) { Ok(value) } else { Err("a constraint of the column does not allow it".into()) }
}

/// A choice from the offered list, by number or, leniently, by its own words.
fn option(content: &ContentColumn, cell: &Json) -> Result<Value, String> {
    let by_number = |number: u64| number.checked_sub(1).and_then(|place| content.options.get(place as usize)).cloned();
    let found = match cell {
        Json::Number(number) => number.as_u64().and_then(by_number),
        Json::String(text) => {
            let same = content.options.iter().find(|option| option.to_string().eq_ignore_ascii_case(text.trim())).cloned();
            same.or_else(|| leading_number(text).and_then(by_number))
        }
        _ => None,
    };
    found.ok_or_else(|| format!("it is no number from 1 to {}", content.options.len()))
}

/// The text without control characters, which no prose holds and some cannot be stored, and without outer blanks.
pub(super) fn clean(text: &str) -> String {
    let kept: String = text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Why a text is a placeholder, if it is one.
pub(super) fn placeholder(text: &str, column: &str, table: &str) -> Option<String> {
    let known = placeholders();
    let folded = text.to_lowercase();
    let bare = folded.trim_matches(|letter: char| !letter.is_alphanumeric());
    let told = |what: &str| Some(format!("it is a placeholder ({what})"));
    if known.words.contains(folded.as_str()) || known.words.contains(bare) || bare.is_empty() {
        return told("no text of its own");
    }
    let spoken = |name: &str| name.replace('_', " ").to_lowercase();
    if bare == spoken(column) || bare == column.to_lowercase() {
        return told("the column's name");
    }
    if known.parts.iter().any(|part| folded.contains(part.as_str())) {
        return told("filler");
    }
    let stem = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let counted = stem.len() < bare.len();
    let stem = stem.trim_end_matches([' ', '#', '-', '_', '.', ':']);
    if counted && (known.numbered.contains(stem) || stem == spoken(column) || stem == spoken(table)) {
        return told("a numbered name");
    }
    let framed = [('[', ']'), ('<', '>'), ('{', '}')].iter().any(|(open, close)| text.starts_with(*open) && text.ends_with(*close));
    if framed || text.contains("{{") { told("a gap to be filled") } else { None }
}

fn placeholders() -> &'static Placeholders {
    static KNOWN: OnceLock<Placeholders> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = Placeholders { words: BTreeSet::new(), parts: Vec::new(), numbered: BTreeSet::new() };
        let mut reader = csv::Reader::from_reader(include_str!("data/placeholders.csv").as_bytes());
        for line in reader.deserialize::<(String, String)>() {
            let (kind, pattern) = line.expect("the tests read every line of this file");
            match kind.as_str() {
                "word" => drop(known.words.insert(pattern)),
                "part" => known.parts.push(pattern),
                _ => drop(known.numbered.insert(pattern)),
            }
        }
        known
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found() {
        for text in [
            "N/A",
            "string",
            "Lorem ipsum dolor",
            "Product 17",
            "product #3",
            "headline",
            "Headline 4",
            "tome 12",
            "[Name]",
            "...",
            "{{name}}",
        ] {
            assert!(placeholder(text, "headline", "tome").is_some(), "{text}");
        }
    }

    #[test]
    fn words_that_a_person_would_write_are_none() {
        for text in ["Test of patience", "Sample pack of 12 teas", "Apollo 13", "Unknown Pleasures", "It was N/A for me", "7", "iPhone 15"]
        {
            assert_eq!(placeholder(text, "headline", "tome"), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_stored_is_left_out() {
        assert_eq!(clean(" a\u{0}b\u{7}\nc \r"), "ab\nc");
    }
}
