//! Texts that say what a label of their row says: the note on an oil change speaks of oil, the file of an invoice is called one.
//!
//! Of what a column would hold anyway those texts are kept that share a word with the label, or one that
//! `data/label_words.csv` knows for it. The charges of a bill, which nothing else describes, are called after their kind
//! (`data/charge_texts.csv`). All of it is decided once, in the plan.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::role::Role;
use crate::engine::plan::{ColumnPlan, Fact, FactTarget, Layer, OwnerKind, Source, TextPlan, ToldLines, generators, lines};
use crate::engine::rules::template::{Part, Source as PartSource, Template};
use crate::engine::value::Value;
use crate::engine::vocabulary::{Vocabulary, singular, words};

/// Labels that a column may hold to be one of kinds, and cases that its texts may come to.
const MOST_LABELS: usize = 40;
const MOST_CASES: usize = 400;

/// Share of the labels that some text must tell of, so that the texts are about them at all, and so that a choice of theirs
/// stands for nothing but the label.
const RELATED: f64 = 0.6;
const NAMED: f64 = 0.8;

/// Words in what may stand for a label.
const WORDS_OF_A_NAME: usize = 3;

/// Letters at which words may begin alike, and letters that may follow: inspection, inspected.
const ALIKE: usize = 4;
const ENDING: usize = 3;

/// Meanings whose texts are of the row itself, whatever its kind.
const OWN: [&str; 6] = ["person.", "place.", "contact.", "code.", "company.", "product."];

/// A column of kinds, of the row or of the one that it hangs under.
struct Label {
    fact: Fact,
    kinds: Vec<Kind>,
}

/// One of the kinds, and the words that tell of it.
struct Kind {
    label: Value,
    text: String,
    words: Vec<String>,
    told_by: Vec<String>,
}

/// Lets texts of a table agree with the kinds of its rows.
pub(super) fn apply(builder: &mut Builder, table: TableId) {
    let own = labels(builder, table, table, &[]);
    let above = match builder.tables[table].owner.as_ref().map(|owner| (owner.table, &owner.kind)) {
        Some((at, OwnerKind::ForeignKey(key))) if at != table => labels(builder, at, table, &[*key]),
        _ => Vec::new(),
    };
    if own.is_empty() && above.is_empty() {
        return;
    }
    let all: Vec<&Label> = own.iter().chain(&above).collect();
    let list = |tuple: usize, columns: &[ColumnPlan]| {
        let shown = |planned: &ColumnPlan| match planned.source {
            Source::Tuple(of, cell) if of == tuple && is_about(planned) => Some(cell),
            _ => None,
        };
        columns.iter().find_map(shown)
    };
    for tuple in 0..builder.tables[table].tuples.len() {
        let planned = &builder.tables[table].tuples[tuple];
        let Some(cell) = list(tuple, &builder.tables[table].columns).filter(|_| !planned.in_order && !is_keyed(builder, table, tuple))
        else {
            continue;
        };
        let told = all.iter().filter_map(|label| told_lines(planned.vocabulary, cell, label)).collect();
        builder.tables[table].tuples[tuple].told = told;
    }
    for column in 0..builder.tables[table].columns.len() {
        if !is_free(builder, table, column) {
            continue;
        }
        let others: Vec<&Label> =
            all.iter().copied().filter(|label| !label.fact.hops.is_empty() || label.column() != Some(column)).collect();
        let planned = &builder.tables[table].columns[column];
        let found = told(&planned.source, &others, MOST_CASES).or_else(|| called(builder, table, column, &own));
        if let Some(source) = found {
            let planned = &mut builder.tables[table].columns[column];
            planned.source = source;
            planned.detail = format!("{}; as the row's kind says", planned.detail);
        }
    }
    choose_fitting(builder, table, &all);
}

/// Lets a column hold only the labels that go with another label of the row (`data/label_pairs.csv`): no dwelling is covered by
/// what insures a car.
fn choose_fitting(builder: &mut Builder, table: TableId, labels: &[&Label]) {
    for column in 0..builder.tables[table].columns.len() {
        let planned = &builder.tables[table].columns[column];
        let own = |label: &&&Label| label.fact.hops.is_empty() && label.column() == Some(column);
        let found = labels.iter().filter(|label| !own(label)).find_map(|label| fitting(&planned.source, label));
        if let Some(source) = found.filter(|_| planned.decided_by <= Layer::Inference) {
            let planned = &mut builder.tables[table].columns[column];
            planned.source = source;
            planned.detail = format!("{}; those that go with the row's kind", planned.detail);
        }
    }
}

/// A choice by the labels that go with another; none where nothing is known of them.
fn fitting(source: &Source, label: &Label) -> Option<Source> {
    let goes = |kind: &Kind, value: &Value| match (&kind.label, value) {
        (Value::Text(own), Value::Text(other)) => goes_with(&normalise(own).join("_")).is_some_and(|known| {
            let other = normalise(other).join("_");
            known.split('|').any(|word| word == other)
        }),
        _ => false,
    };
    let by_kind = |kind: &Kind| {
        let kept = match source {
            Source::Choice { values, sums } => {
                let kept: Vec<(Value, f64)> =
                    values.iter().cloned().zip(generators::weights(sums)).filter(|(value, _)| goes(kind, value)).collect();
                (!kept.is_empty() && kept.len() < values.len()).then(|| generators::choice(kept.into_iter()))
            }
            // Siblings that are more than go with the kind hold others after these.
            Source::SiblingChoice { values, .. } => {
                let (mut first, others): (Vec<Value>, Vec<Value>) = values.iter().cloned().partition(|value| goes(kind, value));
                let kept = first.len();
                first.extend(others);
                (kept > 0).then_some(Source::SiblingChoice { values: first, first: kept })
            }
            _ => None,
        };
        kept.map(|kept| (kind.label.clone(), kept))
    };
    let by: Arc<[(Value, Source)]> = label.kinds.iter().filter_map(by_kind).collect();
    (!by.is_empty()).then(|| Source::Told { label: label.fact.clone(), by, otherwise: Box::new(source.clone()) })
}

/// The labels that go with another, parted by bars.
fn goes_with(label: &str) -> Option<&'static str> {
    static KNOWN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    KNOWN.get_or_init(|| read(include_str!("data/label_pairs.csv"))).get(label).map(String::as_str)
}

impl Label {
    fn column(&self) -> Option<ColumnId> {
        match self.fact.target {
            FactTarget::Column(column) => Some(column),
            _ => None,
        }
    }
}

/// The columns of kinds of a table, seen from another's rows.
fn labels(builder: &Builder, at: TableId, table: TableId, hops: &[usize]) -> Vec<Label> {
    let definition = &builder.inputs.catalog.tables[at];
    // The type of a charge, the cause of a loss.
    let named = |column: ColumnId| {
        let words = normalise(&definition.columns[column].name);
        let of = words.iter().position(|word| word == "of").unwrap_or(words.len());
        words[..of].last().is_some_and(|word| is_word_of(&singular(word), "labelling"))
    };
    let found = builder.tables[at].columns.iter().enumerate().filter(|(column, _)| named(*column)).filter_map(|(column, planned)| {
        let Source::Choice { values, .. } = &planned.source else { return None };
        let kinds: Vec<Kind> = values.iter().filter_map(Kind::of).collect();
        let told = kinds.len() == values.len() && (2..=MOST_LABELS).contains(&kinds.len());
        told.then(|| Label { fact: Fact { hops: hops.to_vec(), target: FactTarget::Column(column) }, kinds })
    });
    debug_assert!(at == table || !hops.is_empty());
    found.collect()
}

/// Whether a column that shows a tuple's lines is a key's, or is kept from repeating.
fn is_keyed(builder: &Builder, table: TableId, tuple: usize) -> bool {
    let definition = &builder.inputs.catalog.tables[table];
    let shown = |column: &ColumnId| matches!(builder.tables[table].columns[*column].source, Source::Tuple(of, _) if of == tuple);
    let columns = &builder.tables[table].columns;
    (0..columns.len()).filter(shown).any(|column| definition.is_in_key(column) || columns[column].redrawn)
}

/// Whether a column's texts are nobody's own, and no key's.
fn is_free(builder: &Builder, table: TableId, column: ColumnId) -> bool {
    let planned = &builder.tables[table].columns[column];
    let definition = &builder.inputs.catalog.tables[table];
    let text = matches!(planned.kind, TypeKind::Text | TypeKind::Varchar { .. });
    text && is_about(planned)
        && !definition.is_in_key(column)
        && !planned.redrawn
        && planned.domain.allowed.is_none()
        && planned.decided_by <= Layer::Inference
}

fn is_about(planned: &ColumnPlan) -> bool {
    planned.meaning.is_some_and(|id| !OWN.iter().any(|own| id.starts_with(own)))
}

impl Kind {
    fn of(label: &Value) -> Option<Self> {
        let Value::Text(text) = label else { return None };
        let all: Vec<String> = words(text).iter().map(|word| singular(word)).collect();
        let says_nothing = |word: &String| known_words(word).is_some_and(|told| told == ["-"]);
        let telling: Vec<String> = all.iter().filter(|word| !says_nothing(word)).cloned().collect();
        let whole = normalise(text).join("_");
        let told_by = known_words(&whole).or_else(|| telling.last().and_then(|word| known_words(word))).unwrap_or_default();
        let told_by = told_by.iter().filter(|word| **word != "-").map(|word| singular(word)).collect();
        Some(Self { label: label.clone(), text: text.replace('_', " "), words: telling, told_by })
    }

    /// How much a text tells of it: most by its last word, the noun; 0 where it does not.
    fn told(&self, text: &str) -> u32 {
        let spoken: Vec<String> = words(text).iter().map(|word| singular(word)).collect();
        let is_said = |word: &String| spoken.iter().any(|other| are_alike(word, other));
        let own = self.words.iter().filter(|word| is_said(word)).count();
        let noun = self.words.last().is_some_and(is_said);
        if noun || own * 2 >= self.words.len().max(1) && own > 0 {
            return own as u32 + u32::from(noun);
        }
        if self.told_by.iter().any(is_said) { 2 } else { 0 }
    }

    /// Whether a text tells of it by the label's own words.
    fn is_named(&self, text: &str) -> bool {
        let spoken: Vec<String> = words(text).iter().map(|word| singular(word)).collect();
        self.words.last().is_some_and(|noun| spoken.iter().any(|other| are_alike(noun, other)))
    }
}

/// Whether two words are forms of one.
fn are_alike(one: &str, other: &str) -> bool {
    let alike = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    one == other || alike > ALIKE && one.is_char_boundary(alike) && one.len().max(other.len()) <= alike + ENDING
}

/// The words by which a label is told.
fn known_words(label: &str) -> Option<Vec<&'static str>> {
    static KNOWN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| read(include_str!("data/label_words.csv")));
    known.get(label).map(|told| told.split('|').collect())
}

/// What a charge of a kind is called on a bill, as alternatives of a template.
fn charge_texts(label: &str) -> Option<&'static str> {
    static KNOWN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| read(include_str!("data/charge_texts.csv")));
    known.get(label).map(String::as_str)
}

fn read(text: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|line| line.expect("the tests read every line of these files")).collect()
}

/// By kind, the lines of a list that tell of it; where none does, those that tell of no other.
fn told_lines(list: &Vocabulary, cell: usize, label: &Label) -> Option<ToldLines> {
    let texts: Vec<&str> = list.lines().map(|line| line.words(cell).map_or("", |cell| cell.text())).collect();
    let scores: Vec<Vec<u32>> = label.kinds.iter().map(|kind| texts.iter().map(|text| kind.told(text)).collect()).collect();
    let most = |of: &Vec<u32>| of.iter().copied().max().unwrap_or(0);
    if !are_related(scores.iter().filter(|of| most(of) > 0).count(), label) {
        return None;
    }
    let of_none: Vec<bool> = (0..texts.len()).map(|line| scores.iter().all(|of| of[line] == 0)).collect();
    let kept = |of: &Vec<u32>| -> Arc<[bool]> {
        let best = most(of);
        if best == 0 { of_none.clone().into() } else { of.iter().map(|score| *score == best).collect() }
    };
    let lines = label.kinds.iter().zip(&scores).map(|(kind, of)| (kind.label.clone(), kept(of))).filter(|(_, lines)| lines.contains(&true));
    Some(ToldLines { label: label.fact.clone(), lines: lines.collect() })
}

fn are_related(told: usize, label: &Label) -> bool {
    told >= 2 && told as f64 >= RELATED * label.kinds.len() as f64
}

/// A source by the labels that its texts tell of; none where they tell of none of them.
fn told(source: &Source, labels: &[&Label], room: usize) -> Option<Source> {
    let (label, rest) = labels.split_first()?;
    let scores: Vec<(u32, Source)> = label.kinds.iter().map(|kind| narrowed(source, label, kind)).collect::<Option<_>>()?;
    let cases = label.kinds.len();
    if cases > room || !are_related(scores.iter().filter(|(score, _)| *score > 0).count(), label) {
        return told(source, rest, room);
    }
    let of_none = without(source, label);
    let by = label.kinds.iter().zip(scores).map(|(kind, (score, found))| {
        let found = if score > 0 { found } else { of_none.clone() };
        (kind.label.clone(), told(&found, rest, room / cases).unwrap_or(found))
    });
    let by = by.collect();
    Some(Source::Told { label: label.fact.clone(), by, otherwise: Box::new(source.clone()) })
}

/// What of a source tells most of a kind, and how much that is; none where it has no texts to choose among.
fn narrowed(source: &Source, label: &Label, kind: &Kind) -> Option<(u32, Source)> {
    Some(match source {
        Source::Choice { values, sums } => {
            let scores: Vec<u32> = values.iter().map(|value| kind.told(&value.to_string())).collect();
            let best = scores.iter().copied().max()?;
            let kept = values.iter().cloned().zip(generators::weights(sums)).zip(&scores).filter(|(_, score)| **score == best);
            (best, generators::choice(kept.map(|(weighed, _)| weighed)))
        }
        Source::Text(text) => {
            let (score, template) = narrow(&text.template, label, kind);
            (score, Source::Text(Arc::new(TextPlan { template })))
        }
        Source::SinceEntered(states, inner) => {
            let (score, inner) = narrowed(inner, label, kind)?;
            (score, Source::SinceEntered(Arc::clone(states), Box::new(inner)))
        }
        Source::WhenFlag { flag, on, inner } => {
            let (score, inner) = narrowed(inner, label, kind)?;
            (score, Source::WhenFlag { flag: *flag, on: *on, inner: Box::new(inner) })
        }
        _ => return None,
    })
}

/// A source without what tells of any kind, where something is left.
fn without(source: &Source, label: &Label) -> Source {
    match source {
        Source::Choice { values, sums } => {
            let tells = |value: &Value| label.kinds.iter().any(|kind| kind.told(&value.to_string()) > 0);
            let kept: Vec<(Value, f64)> =
                values.iter().cloned().zip(generators::weights(sums)).filter(|(value, _)| !tells(value)).collect();
            if kept.is_empty() { source.clone() } else { generators::choice(kept.into_iter()) }
        }
        Source::Text(text) => {
            let mut template = text.template.clone();
            template.parts.iter_mut().for_each(|part| leave_out(part, label));
            Source::Text(Arc::new(TextPlan { template }))
        }
        Source::SinceEntered(states, inner) => Source::SinceEntered(Arc::clone(states), Box::new(without(inner, label))),
        Source::WhenFlag { flag, on, inner } => Source::WhenFlag { flag: *flag, on: *on, inner: Box::new(without(inner, label)) },
        other => other.clone(),
    }
}

fn leave_out(part: &mut Part, label: &Label) {
    match &mut part.source {
        PartSource::Choice(texts) => {
            let kept: Vec<String> = texts.iter().filter(|text| label.kinds.iter().all(|kind| kind.told(text) == 0)).cloned().collect();
            if !kept.is_empty() {
                *texts = kept;
            }
        }
        PartSource::OneOf(templates) => {
            let tells = |template: &Template| label.kinds.iter().any(|kind| narrow(template, label, kind).0 > 0);
            let kept: Vec<Template> = templates.iter().filter(|template| !tells(template)).cloned().collect();
            if !kept.is_empty() {
                *templates = kept;
            }
        }
        _ => {}
    }
}

/// A template with those of its alternatives that tell most of a kind.
fn narrow(template: &Template, label: &Label, kind: &Kind) -> (u32, Template) {
    let (mut score, mut parts) = (0, Vec::with_capacity(template.parts.len()));
    for part in &template.parts {
        let source = match &part.source {
            PartSource::Literal(text) => {
                score += kind.told(text);
                part.source.clone()
            }
            PartSource::Choice(texts) if stand_for(texts, label) => {
                score += 4;
                PartSource::Choice(vec![in_the_case_of(&kind.text, &texts[0])])
            }
            PartSource::Choice(texts) => {
                let scores: Vec<u32> = texts.iter().map(|text| kind.told(text)).collect();
                let best = scores.iter().copied().max().unwrap_or(0);
                score += best;
                PartSource::Choice(texts.iter().zip(&scores).filter(|(_, score)| **score == best).map(|(text, _)| text.clone()).collect())
            }
            PartSource::OneOf(templates) => {
                let found: Vec<(u32, Template)> = templates.iter().map(|template| narrow(template, label, kind)).collect();
                let best = found.iter().map(|(score, _)| *score).max().unwrap_or(0);
                score += best;
                PartSource::OneOf(found.into_iter().filter(|(score, _)| *score == best).map(|(_, template)| template).collect())
            }
            other => other.clone(),
        };
        parts.push(Part { source, filters: part.filters.clone() });
    }
    (score, Template { parts })
}

/// Whether alternatives are names of what the label says, so that its own words may stand in their place.
fn stand_for(texts: &[String], label: &Label) -> bool {
    let short = texts.len() > 1 && texts.iter().all(|text| words(text).len() <= WORDS_OF_A_NAME);
    let named = || label.kinds.iter().filter(|kind| texts.iter().any(|text| kind.is_named(text))).count();
    short && named() as f64 >= NAMED * label.kinds.len() as f64
}

/// A label as words that stand where another text stood.
fn in_the_case_of(label: &str, text: &str) -> String {
    if text.chars().next().is_some_and(char::is_uppercase) { capital(label) } else { label.to_owned() }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What the lines of a bill are called after their kinds: where the row has a price and names nothing that is sold.
fn called(builder: &Builder, table: TableId, column: ColumnId, labels: &[Label]) -> Option<Source> {
    let planned = &builder.tables[table].columns[column];
    let priced = [Role::UnitPrice, Role::LineTotal, Role::Quantity].iter().any(|role| builder.meanings.with_role(table, *role).is_some());
    let sold =
        builder.inputs.catalog.tables[table].foreign_keys.iter().any(|key| lines::is_priced(&builder.meanings, key.referenced_table));
    let owned = builder.tables[table].owner.is_some();
    if planned.meaning != Some("text.description") || !priced || sold || !owned {
        return None;
    }
    let label = labels.first()?;
    let room = planned.domain.max_length.unwrap_or(u64::MAX);
    let texts = |kind: &Kind| {
        let Value::Text(own) = &kind.label else { return Vec::new() };
        let known = charge_texts(&normalise(own).join("_")).map(|texts| texts.split('|').map(str::to_owned).collect());
        known.unwrap_or_else(|| vec![capital(&kind.text)])
    };
    let composed = |kind: &Kind| {
        let fitting: Vec<String> = texts(kind).into_iter().filter(|text| text.chars().count() as u64 <= room).collect();
        let template = Template { parts: vec![Part { source: PartSource::Choice(fitting.clone()), filters: Vec::new() }] };
        (!fitting.is_empty()).then(|| (kind.label.clone(), Source::Text(Arc::new(TextPlan { template }))))
    };
    let by: Arc<[(Value, Source)]> = label.kinds.iter().filter_map(composed).collect();
    Some(Source::Told { label: label.fact.clone(), by, otherwise: Box::new(planned.source.clone()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        Kind::of(&Value::text(text)).expect("a kind")
    }

    #[test]
    fn words_of_one_stem_are_alike() {
        assert!(are_alike("inspection", "inspected") && are_alike("crack", "cracked") && are_alike("oil", "oil"));
        assert!(!are_alike("statement", "state") && !are_alike("oil", "oily") && !are_alike("dent", "dental"));
    }

    #[test]
    fn texts_tell_of_a_kind_by_its_words_or_those_known_for_it() {
        assert!(kind("oil_change").told("Oil and filter changed.") > kind("oil_change").told("Seasonal change to winter tyres."));
        assert_eq!(kind("oil_change").told("Two rear tyres replaced."), 0);
        assert!(kind("theft").told("Bicycle stolen from the locked cellar") > 0);
        assert_eq!(kind("other").told("Some other thing"), 0);
    }

    #[test]
    fn every_line_of_the_data_is_words() {
        for label in ["collision", "late_fee"] {
            assert!(known_words(label).is_some() || charge_texts(label).is_some());
        }
    }
}
