//! Past the rows that are written one by one: a few questions for patterns and words, of which the engine composes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::model::asking::AskedColumn;
use crate::engine::model::check::{clean, placeholder};
use crate::engine::model::content::{known, told_meanings};
use crate::engine::model::facts::written_tuples;
use crate::engine::model::{ContentColumn, read};
use crate::engine::plan::{Fact, FactTarget, Plan};
use crate::engine::rows::{Composition, Piece};
use crate::engine::value::Value;
use crate::engine::vocabulary::Symbol;

/// Questions of a table, at most.
const MOST_PARTS: usize = 3;

/// Names of the lists.
pub(super) const LISTS: [&str; 3] = ["a", "b", "c"];

/// Largest share of rows in which one sentence may stand.
const OFTEN: f64 = 0.01;

/// Different words that a fact is taken to have.
const WORDS_OF_A_FACT: f64 = 10.0;

/// Fewest texts that a column's patterns must make; below, rows would repeat each other.
const LEAST_TEXTS: u64 = 2_000;

/// Tokens of a reply, at most.
pub(super) const TOKENS: u32 = 12_000;

/// What a question for a vocabulary is about.
#[derive(Debug, Clone)]
pub(super) struct AuthorPart {
    /// From 1.
    pub(super) number: u32,
    /// Only rows in which this column has one of these values.
    pub(super) about: Option<(ColumnId, Vec<Value>)>,
}

/// The questions of a table: by thirds of a rating, where rows have one that the texts must agree with, else one for
/// variety's sake more.
pub(super) fn parts(plan: &Plan, table: TableId, columns: &[ContentColumn]) -> Vec<AuthorPart> {
    if !columns.iter().any(|content| is_composed(plan, table, content)) {
        return Vec::new();
    }
    let free = |column: &usize| columns.iter().all(|content| content.column != *column);
    let rating = plan.meanings[table]
        .iter()
        .enumerate()
        .filter(|(_, meaning)| meaning.is_some_and(|meaning| meaning.ends_with(".rating")))
        .map(|(column, _)| column)
        .find(free);
    let numbers = rating.and_then(|column| {
        let planned = &plan.tables[table].columns[column];
        let (least, most) = planned.domain.number_bounds(&planned.kind);
        let (least, most) = (least? as i64, most? as i64);
        (most - least >= 2 && most - least <= 20).then_some((column, least, most))
    });
    let Some((column, least, most)) = numbers else {
        return (1..MOST_PARTS as u32).map(|number| AuthorPart { number, about: None }).collect();
    };
    let third = |value: i64| ((value - least) * MOST_PARTS as i64 / (most - least + 1)) as u32;
    (0..MOST_PARTS as u32)
        .map(|part| {
            let values = (least..=most).filter(|value| third(*value) == part).map(Value::Int).collect();
            AuthorPart { number: part + 1, about: Some((column, values)) }
        })
        .collect()
}

/// The facts that patterns may name: the row's own telling cells, and the names above it.
pub(super) fn facts(plan: &Plan, table: TableId, columns: &[ContentColumn]) -> Vec<(String, Fact)> {
    let mut found: Vec<(String, Fact)> = Vec::new();
    let mut add = |name: String, fact: Fact| {
        if !LISTS.contains(&name.as_str()) && found.iter().all(|(other, _)| *other != name) {
            found.push((name, fact));
        }
    };
    let written = written_tuples(plan, table);
    for (meaning, _) in told_meanings() {
        let Some(fact) = plan.tables[table].facts.get(Symbol::new(meaning)) else { continue };
        if fact.hops.is_empty() && matches!(&fact.target, FactTarget::Tuple(tuple, _) if !written.contains(tuple)) {
            add(meaning.rsplit('.').next().unwrap_or(meaning).to_owned(), fact.clone());
        }
    }
    let definition = &plan.catalog.tables[table];
    for (key, foreign_key) in definition.foreign_keys.iter().enumerate() {
        let parent = foreign_key.referenced_table;
        let named = plan.meanings[parent].iter().position(|meaning| {
            meaning.is_some_and(|meaning| known(meaning).is_some_and(|known| known.tell == "name") && !meaning.starts_with("person."))
        });
        if let Some(column) = named.filter(|_| foreign_key.mandatory && parent != table) {
            let name = plan.catalog.tables[parent].columns[column].name.clone();
            add(name, Fact { hops: vec![key], target: FactTarget::Column(column) });
        }
    }
    let own: Vec<ColumnId> = columns.iter().map(|content| content.column).collect();
    debug_assert!(
        found.iter().all(|(_, fact)| !fact.hops.is_empty() || !matches!(&fact.target, FactTarget::Column(column) if own.contains(column)))
    );
    found
}

/// Whether a column's texts may be composed: those that a unique key or a tested condition reads must change where a
/// row is redrawn, and composed ones do not.
pub(super) fn is_composed(plan: &Plan, table: TableId, content: &ContentColumn) -> bool {
    let planned = &plan.tables[table];
    let keyed = planned.remembered.iter().any(|key| key.columns.contains(&content.column));
    let tested = planned.tests.iter().any(|test| test.expression.columns().iter().any(|path| path.column == content.column));
    content.options.is_empty() && !keyed && !tested
}

/// The schema of a reply: patterns and three lists for each column.
pub(super) fn schema(asked: &[&AskedColumn]) -> Json {
    let texts = |what: &str| json!({"type": "array", "items": {"type": "string"}, "description": what});
    let mut properties = Map::new();
    for column in asked {
        let mut own = Map::new();
        own.insert("patterns".to_owned(), texts("at least 20 different patterns with {a}, {b}, {c} and facts in braces"));
        for list in LISTS {
            own.insert(list.to_owned(), texts("at least 40 different words or phrases"));
        }
        let required: Vec<String> = own.keys().cloned().collect();
        let object = json!({"type": "object", "properties": own, "required": required, "additionalProperties": false});
        properties.insert(column.name.clone(), object);
    }
    let required: Vec<String> = properties.keys().cloned().collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// What a reply gives for one column, or why it cannot be used.
pub(super) fn composition(
    plan: &Plan,
    table: TableId,
    content: &ContentColumn,
    reply: &Map<String, Json>,
    named: &[(String, Fact)],
    about: Option<(ColumnId, Vec<Value>)>,
) -> Result<Composition, String> {
    let column = &plan.catalog.tables[table].columns[content.column].name;
    let own = reply.get(column).and_then(Json::as_object).ok_or("it is missing")?;
    let texts = |key: &str| -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for text in own.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(clean) {
            let usable = !text.is_empty() && placeholder(&text, column, "").is_none() || key == "patterns" && text.contains('{');
            if usable && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    };
    let lists: Vec<Vec<_>> = LISTS.iter().map(|list| texts(list).iter().map(|text| text.as_str().into()).collect()).collect();
    let patterns: Vec<String> = texts("patterns");
    let rare = rare_ones(&patterns, &lists);
    let patterns: Vec<Vec<Piece>> = rare.into_iter().filter_map(|pattern| pieces(pattern, &lists, named)).collect();
    let domain = &plan.tables[table].columns[content.column].domain;
    let composition = Composition { about, patterns, lists, longest: domain.max_length };
    let texts: u64 = composition.patterns.iter().map(|pattern| composition.space(pattern)).sum();
    if texts < LEAST_TEXTS {
        return Err(format!("its patterns and words make {texts} texts, at least {LEAST_TEXTS} are needed"));
    }
    Ok(composition)
}

/// A pattern's parts; `None` where it names something that is neither list nor fact, or draws from an empty list.
fn pieces(pattern: &str, lists: &[Vec<std::sync::Arc<str>>], named: &[(String, Fact)]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let close = open + rest[open..].find('}')?;
        if open > 0 {
            pieces.push(Piece::Literal(rest[..open].to_owned()));
        }
        let name = rest[open + 1..close].trim();
        pieces.push(match LISTS.iter().position(|list| *list == name) {
            Some(list) if !lists[list].is_empty() => Piece::Word(list),
            Some(_) => return None,
            None => Piece::Fact(named.iter().find(|(known, _)| known == name)?.1.clone()),
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    pieces.iter().any(|piece| matches!(piece, Piece::Word(_))).then_some(pieces)
}

/// The patterns none of whose sentences would stand in too many rows.
fn rare_ones<'t>(patterns: &'t [String], lists: &[Vec<std::sync::Arc<str>>]) -> Vec<&'t String> {
    let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
    for pattern in patterns {
        for sentence in sentences(pattern) {
            *shares.entry(sentence).or_default() += 1.0 / (variety(sentence, lists) * patterns.len() as f64);
        }
    }
    patterns.iter().filter(|pattern| sentences(pattern).all(|sentence| shares[sentence] <= OFTEN)).collect()
}

fn sentences(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split_inclusive(['.', '!', '?']).map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphabetic))
}

/// In how many ways a sentence can be filled.
fn variety(sentence: &str, lists: &[Vec<std::sync::Arc<str>>]) -> f64 {
    let slots = sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim());
    let words = |name: &str| LISTS.iter().position(|list| *list == name).map_or(WORDS_OF_A_FACT, |list| lists[list].len().max(1) as f64);
    slots.map(words).product()
}

/// The reply's root object.
pub(super) fn reply(text: &str) -> Option<Map<String, Json>> {
    read::object(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_whose_sentences_would_stand_in_too_many_rows_are_left_out() {
        let words = |count: usize| (0..count).map(|at| std::sync::Arc::from(format!("w{at}"))).collect::<Vec<_>>();
        let lists = vec![words(40), words(40), words(0)];
        let mut patterns: Vec<String> = (0..20).map(|at| format!("Number {at} is {{a}}. I like {{b}} and {at}!")).collect();
        assert_eq!(rare_ones(&patterns, &lists).len(), 20);
        patterns[3].push_str(" Great value.");
        patterns[4].push_str(" So {a}.");
        patterns[5].push_str(" So {a}.");
        assert_eq!(rare_ones(&patterns, &lists).len(), 19);
    }

    #[test]
    fn a_pattern_may_name_lists_and_facts_only() {
        let lists = vec![vec!["red".into()], vec![], vec![]];
        let named = vec![("noun".to_owned(), Fact { hops: vec![], target: FactTarget::Column(0) })];
        assert_eq!(pieces("{a} {noun}!", &lists, &named).map(|pieces| pieces.len()), Some(4));
        for refused in ["{b} {noun}", "{a} {price}", "{noun} only", "{a", "plain"] {
            assert!(pieces(refused, &lists, &named).is_none(), "{refused}");
        }
    }
}
