//! Texts for columns that mean nothing we know: what people write in any column (`to be confirmed`, `as agreed with Keller`).
//!
//! The templates are data (`vocabulary/data/column_phrases.csv`).

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::plan::facts::facts_of;
use crate::engine::plan::{Source, TextPlan};
use crate::engine::rules::template::Template;
use crate::engine::vocabulary::Symbol;

/// Characters below which a column holds a word rather than a phrase.
const ROOM_FOR_PHRASE: u64 = 24;

/// Characters below which a column holds a code rather than a word.
const ROOM_FOR_WORD: u64 = 9;

/// Texts of a template that make it various, and words that a list is taken to have.
const MANY: u64 = 3_000;
const WORDS_OF_A_LIST: u64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Sentence,
    Phrase,
    Word,
}

#[derive(Debug, Deserialize)]
struct Line {
    kind: Kind,
    /// Last words of columns that hold sentences; in the first line of the kind.
    r#for: String,
    text: String,
}

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("../vocabulary/data/column_phrases.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

/// Phrases for a column of this name with room for so many characters.
pub(super) fn of_column(name: &str, room: u64) -> Option<Source> {
    let words = normalise(name);
    let last = singular(words.last()?);
    let sentences = lines().iter().any(|line| line.kind == Kind::Sentence && line.r#for.split('|').any(|word| word == last));
    let wanted = match room {
        0..ROOM_FOR_WORD => return code(&words, room, None),
        ROOM_FOR_WORD..ROOM_FOR_PHRASE => Kind::Word,
        _ if sentences => Kind::Sentence,
        _ => Kind::Phrase,
    };
    let made = |kind: Kind| -> Vec<TextPlan> {
        let own = lines().iter().filter(|line| line.kind == kind);
        let parsed = own.filter_map(|line| Template::parse(&line.text).ok());
        // Facts are of unknown length: a template has to leave them twenty characters each.
        let fitting: Vec<Template> = parsed.filter(|template| longest(template) <= room).collect();
        // Where there is room for sentences that hardly ever repeat, no others are made.
        let various = kind == Kind::Sentence && fitting.iter().any(|template| variety(template) >= MANY);
        let kept = fitting.into_iter().filter(|template| !various || variety(template) >= MANY);
        kept.map(|template| TextPlan { template }).collect()
    };
    let found = Some(made(wanted)).filter(|found| !found.is_empty()).unwrap_or_else(|| made(Kind::Word));
    (!found.is_empty()).then(|| Source::Phrases(Arc::from(found)))
}

/// The source with only those phrases whose facts are known; one is left in any case.
pub(super) fn with_facts(source: Source, known: &dyn Fn(Symbol) -> bool) -> Source {
    let Source::Phrases(phrases) = &source else { return source };
    let kept: Vec<TextPlan> = phrases.iter().filter(|phrase| facts_of(&phrase.template).all(known)).cloned().collect();
    if kept.is_empty() { source } else { Source::Phrases(Arc::from(kept)) }
}

/// A code no two rows share: the initials of the column's words and a number.
pub(super) fn unique_code(name: &str, room: u64) -> Option<Source> {
    code(&normalise(name), room, Some(6))
}

fn code(words: &[String], room: u64, serial: Option<u64>) -> Option<Source> {
    let initials: String = words.iter().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).take(3).collect();
    let text = match (room, serial) {
        (0..=5, _) => format!("{{letters:{}}}", room.max(1)),
        (_, Some(digits)) if room >= digits + 4 => format!("{initials}-{{serial:{digits}}}"),
        (_, Some(_)) => format!("{{serial:{}}}", room.min(6)),
        _ => format!("{initials}{{digits:{}}}", (room - 4).min(4)),
    };
    Template::parse(&text).ok().map(|template| Source::Text(Arc::new(TextPlan { template })))
}

/// About how many different texts a template makes.
fn variety(template: &Template) -> u64 {
    use crate::engine::rules::template::Source as Part;
    let texts = |part: &crate::engine::rules::template::Part| match &part.source {
        Part::Literal(_) | Part::Column(_) => 1,
        Part::OneOf(templates) => templates.iter().map(variety).sum(),
        Part::Choice(words) => words.len() as u64,
        Part::Vocabulary(_) => WORDS_OF_A_LIST,
        _ => 10,
    };
    template.parts.iter().map(texts).fold(1, u64::saturating_mul)
}

/// The most characters a template makes, facts taken for twenty.
fn longest(template: &Template) -> u64 {
    use crate::engine::rules::template::Source as Part;
    let length = |part: &crate::engine::rules::template::Part| match &part.source {
        Part::Literal(text) => text.chars().count(),
        Part::OneOf(templates) => templates.iter().map(|template| longest(template) as usize).max().unwrap_or(0),
        Part::Choice(words) => words.iter().map(|word| word.chars().count()).max().unwrap_or(0),
        _ if part.filters.is_empty() => 20,
        _ => 2,
    };
    template.parts.iter().map(length).sum::<usize>() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: Option<Source>) -> Vec<String> {
        match source {
            Some(Source::Phrases(phrases)) => phrases.iter().map(|phrase| phrase.template.to_string()).collect(),
            Some(Source::Text(text)) => vec![text.template.to_string()],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_phrase_is_a_template() {
        for line in lines() {
            Template::parse(&line.text).unwrap_or_else(|error| panic!("{}: {error}", line.text));
        }
    }

    #[test]
    fn a_column_of_unknown_text_holds_what_fits_everywhere() {
        let sentences = texts(of_column("warranty_terms", 500));
        assert!(sentences.len() > 5 && sentences.iter().all(|text| text.ends_with('.') && !text.contains("warranty")), "{sentences:?}");
        let phrases = texts(of_column("serving_area", 80));
        assert!(phrases.len() > 3 && phrases.iter().all(|text| !text.contains("serving") && !text.ends_with('.')), "{phrases:?}");
        assert!(texts(of_column("blend", 12)).contains(&"standard".to_owned()));
        assert_eq!(texts(of_column("blend_class", 6)), ["BC{digits:2}"]);
        assert_eq!(texts(unique_code("voucher_ref", 40)), ["VR-{serial:6}"]);
    }
}
