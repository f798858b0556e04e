//! Learned domains: values that a condition takes which the engine does not understand, found by asking the database.
//!
//! Candidates are the constants of the condition itself, values of many shapes, and variants of what was accepted.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use crate::engine::catalog::{ColumnId, Table, TableId, TypeKind};
use crate::engine::constraint::Pattern;
use crate::engine::error::Error;
use crate::engine::plan::{Plan, Source};
use crate::engine::port::{DatabaseError, Path, World};
use crate::engine::rows::random::{StreamKey, mix};
use crate::engine::rows::{Learned, Rows};
use crate::engine::run::gather::quoted;
use crate::engine::run::probe::array;
use crate::engine::value::Value;

/// Candidates shown to the database at once.
const BATCH: usize = 500;

/// Joint tuples tried for a condition on several columns, and columns that are learned together.
const MOST_TUPLES: usize = 2_000;
const MOST_COLUMNS: usize = 8;

/// Rows, solved for what the engine understands of a condition, in which one value after the other is changed.
const SOLVED: u64 = 200;

/// Values kept of a learned domain; of one with a unique key as many as there are rows, up to `MOST_DIFFERENT`.
const MOST_KEPT: usize = 400;
const MOST_DIFFERENT: usize = 10_000;

/// Questions put for one list of candidates: what raises is halved to the row, which must end some time.
const MOST_ASKS: u32 = 600;

/// Rows of the pilot that passed and differ, from which on they alone serve.
const ENOUGH: usize = 30;

/// Variants made of each accepted text.
const VARIANTS: u64 = 40;

/// Texts of many shapes.
const TEXTS: [&str; 34] = [
    "a",
    "ab",
    "abc",
    "Abc",
    "ABC",
    "AB",
    "A",
    "A1",
    "a-b",
    "a_b",
    "a.b",
    "Alpha",
    "alpha",
    "alpha beta",
    "0",
    "1",
    "7",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "0123456789",
    "1.0",
    "1.0.0",
    "anna.arnold@example.com",
    "https://example.com/",
    "example.com",
    "+491701234567",
    "2024-05-17",
    "UTC",
    "00000000-0000-4000-8000-000000000001",
    "{}",
    "[]",
];

/// Texts made of each pattern that a condition names.
const MADE: u64 = 6;

/// Constants of a condition that documents are made of, and bytes.
const MOST_CONSTANTS: usize = 8;
const MOST_BYTES: usize = 256;

/// JSON of many shapes.
const DOCUMENTS: [&str; 12] = [
    "{}",
    "[]",
    "{\"a\": 1}",
    "{\"id\": 1, \"name\": \"a\", \"type\": \"a\", \"value\": 1}",
    "[1, 2]",
    "[\"a\"]",
    "[{\"a\": 1}]",
    "\"a\"",
    "1",
    "true",
    "{\"type\": \"object\", \"properties\": {}}",
    "null",
];

/// Numbers around the bounds that people set.
const NUMBERS: [&str; 20] =
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "13", "50", "97", "100", "256", "1000", "2024", "-1"];

/// A condition that refuses rows, or may.
pub(super) struct Condition {
    /// Over the columns by name; `None`: the cast to the columns' types decides.
    pub(super) expression: Option<String>,
    pub(super) columns: Vec<ColumnId>,
}

/// Learns what the condition behind a refusal takes; false where nothing new is known.
pub(super) fn learn(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    position: u64,
    refusal: &DatabaseError,
) -> Result<bool, Error> {
    let definition = &plan.catalog.tables[table];
    let known = |condition: &Condition| rows.layouts[table].learned.iter().any(|learned| learned.columns == condition.columns);
    let named = condition(definition, refusal);
    let Some(condition) = named.or_else(|| sampled(plan, table).into_iter().find(|condition| !known(condition))) else { return Ok(false) };
    learn_condition(world, plan, rows, table, position, &condition, Vec::new())
}

/// Learns what a condition takes, beside the values of all its columns that are known to pass.
pub(super) fn learn_condition(
    world: &mut dyn World,
    plan: &Plan,
    rows: &mut Rows,
    table: TableId,
    position: u64,
    condition: &Condition,
    passed: Vec<Vec<Value>>,
) -> Result<bool, Error> {
    let definition = &plan.catalog.tables[table];
    let mut free: Vec<ColumnId> = condition.columns.iter().copied().filter(|&column| is_free(plan, table, column)).collect();
    free.truncate(MOST_COLUMNS);
    if free.is_empty() || rows.layouts[table].learned.iter().any(|learned| learned.columns == free) {
        return Ok(false);
    }
    let keys = definition.primary_key.iter().chain(&definition.unique_keys);
    let different = keys.filter(|key| !key.columns.is_empty()).any(|key| key.columns.iter().all(|column| free.contains(column)));
    let most = if different { (rows.layouts[table].made as usize).clamp(MOST_KEPT, MOST_DIFFERENT) } else { MOST_KEPT };
    let mut accepted = if free == condition.columns { passed } else { Vec::new() };
    if accepted.len() < ENOUGH.max(if different { most } else { 0 }) {
        let index = rows.layouts[table].stored + position;
        let row: Vec<Value> = (0..definition.columns.len()).map(|column| rows.cell(table, index, column)).collect();
        let lists: Vec<Vec<Value>> = free.iter().map(|&column| candidates(definition, column, condition.expression.as_deref())).collect();
        let mut asked = Asked { definition, condition, free: &free, row: &row, strict: true };
        let mut tuples = changed(&solved(rows, table, position, &free), &lists);
        tuples.extend(product(&lists));
        let mut found = asked.accepted(world, &tuples, most)?;
        if found.is_empty() || found.iter().flatten().all(Value::is_null) {
            asked.strict = false;
            found = asked.accepted(world, &tuples, most)?;
        }
        for tuple in found {
            if !accepted.contains(&tuple) {
                accepted.push(tuple);
            }
        }
        if accepted.is_empty() {
            return Ok(false);
        }
        let more = variants(plan, table, &accepted, most);
        accepted.extend(asked.accepted(world, &more, most)?);
    }
    accepted.truncate(most);
    rows.learn(table, Learned { from: position, columns: free, tuples: accepted, different });
    Ok(true)
}

/// Which of some rows a condition takes, each given by the values of all its columns.
pub(super) fn taken(
    world: &mut dyn World,
    plan: &Plan,
    table: TableId,
    condition: &Condition,
    tuples: &[Vec<Value>],
) -> Result<Vec<Vec<Value>>, Error> {
    let asked = Asked { definition: &plan.catalog.tables[table], condition, free: &condition.columns, row: &[], strict: true };
    asked.accepted(world, tuples, tuples.len())
}

/// The CHECK of the table or of a domain that a refusal names, or the column whose text was no value.
fn condition(definition: &Table, refusal: &DatabaseError) -> Option<Condition> {
    if let Some(name) = &refusal.constraint {
        if let Some(check) = definition.checks.iter().find(|check| check.name == *name) {
            return Some(Condition { expression: Some(check.expression.clone()), columns: check.columns.clone() });
        }
        let of_domain = |column: &ColumnId| {
            let own = &definition.columns[*column].data_type;
            own.domains.iter().chain(&own.inner).any(|domain| domain.checks.iter().any(|check| check.name == *name))
        };
        // COPY names the column; else it is the first of that domain.
        let named = refusal.context.as_deref().and_then(|context| column_of(definition, context));
        let column = named.filter(of_domain).or_else(|| (0..definition.columns.len()).find(of_domain))?;
        return Some(Condition { expression: None, columns: vec![column] });
    }
    let column = refusal.context.as_deref().and_then(|context| column_of(definition, context))?;
    Some(Condition { expression: None, columns: vec![column] })
}

/// The CHECKs that only the database can judge: one of them may have raised.
pub(super) fn sampled(plan: &Plan, table: TableId) -> Vec<Condition> {
    let definition = &plan.catalog.tables[table];
    let judged = |name: &str| plan.tables[table].verdicts.iter().any(|verdict| verdict.name == name && verdict.verdict == "sampled");
    let checks = definition.checks.iter().filter(|check| judged(&check.name) && !check.columns.is_empty());
    checks.map(|check| Condition { expression: Some(check.expression.clone()), columns: check.columns.clone() }).collect()
}

/// The column that COPY's context names before the text it could not read: `COPY t, line 3, column c: "x"`.
fn column_of(definition: &Table, context: &str) -> Option<ColumnId> {
    let last = context.rsplit('\n').next()?;
    let (head, _) = last.split_once(": \"")?;
    let named = |column: &usize| head.ends_with(&format!(" {}", definition.columns[*column].name));
    (0..definition.columns.len()).filter(named).max_by_key(|&column| definition.columns[column].name.len())
}

/// Whether other values may stand in a column: not a key, nor what the database makes.
fn is_free(plan: &Plan, table: TableId, column: ColumnId) -> bool {
    !matches!(plan.tables[table].columns[column].source, Source::Key { .. } | Source::Serial { .. } | Source::Database)
}

fn candidates(definition: &Table, column: ColumnId, expression: Option<&str>) -> Vec<Value> {
    let data_type = &definition.columns[column].data_type;
    let mut texts: Vec<String> = Vec::new();
    let domains = data_type.domains.iter().chain(&data_type.inner).flat_map(|domain| &domain.checks).map(|check| check.expression.as_str());
    for text in expression.into_iter().chain(domains) {
        texts.extend(constants(text));
    }
    let patterns: Vec<Pattern> = texts.iter().filter_map(|text| Pattern::regex(text, false)).collect();
    let made = |(place, pattern): (usize, &Pattern)| {
        (0..MADE).map(|number| pattern.make(mix(number ^ (place as u64) << 32), &|_| true)).collect::<Vec<_>>()
    };
    let made: Vec<String> = patterns.iter().enumerate().flat_map(made).collect();
    texts.extend(made);
    match data_type.kind {
        TypeKind::Json { .. } => texts = documents(&texts),
        TypeKind::Bytes => texts = bytes(&texts),
        _ => {}
    }
    let by_type: &[&str] = match &data_type.kind {
        TypeKind::Json { .. } => &DOCUMENTS,
        TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. } | TypeKind::Money => &NUMBERS,
        TypeKind::Boolean => &["true", "false"],
        TypeKind::Bytes => &["\\x", "\\x00", "\\x0123456789abcdef"],
        _ => &TEXTS,
    };
    if let TypeKind::Array { .. } = data_type.kind {
        let listed: Vec<String> = texts.iter().map(|text| format!("{{\"{}\"}}", text.replace('\\', "\\\\").replace('"', "\\\""))).collect();
        texts.extend(listed);
        texts.extend(["{}", "{1}", "{1,2}", "{a}", "{a,b}"].map(str::to_owned));
    } else {
        texts.extend(by_type.iter().map(|text| (*text).to_owned()));
    }
    let mut values: Vec<Value> = texts.iter().map(|text| Value::parse(&data_type.kind, text).fit(&data_type.kind)).collect();
    // What is no value of the type would only raise.
    let plain = matches!(
        data_type.kind,
        TypeKind::Integer { .. }
            | TypeKind::Numeric { .. }
            | TypeKind::Float { .. }
            | TypeKind::Boolean
            | TypeKind::Date
            | TypeKind::Timestamp { .. }
            | TypeKind::Uuid
    );
    values.retain(|value| !plain || !matches!(value, Value::Text(_)));
    if !definition.columns[column].not_null {
        values.push(Value::Null);
    }
    let mut seen: Vec<Value> = Vec::new();
    values.retain(|value| {
        let new = !seen.contains(value);
        seen.push(value.clone());
        new
    });
    values
}

/// Documents of a condition's constants: each a key with each other as its value, and a list of each.
fn documents(constants: &[String]) -> Vec<String> {
    let some: Vec<Json> = constants.iter().take(MOST_CONSTANTS).map(|text| Json::from(text.as_str())).collect();
    let keys = || constants.iter().take(MOST_CONSTANTS).filter(|text| text.parse::<f64>().is_err());
    let mut made: Vec<String> = keys().map(|key| json!({ key: 1 }).to_string()).collect();
    for (place, key) in keys().enumerate() {
        made.extend(some.iter().filter(|value| *value != key).map(|value| json!({ key: value }).to_string()));
        made.push(json!({ key: [1] }).to_string());
        made.push(json!({ key: {} }).to_string());
        made.extend(keys().skip(place + 1).map(|other| json!({ key: 1, other: 1 }).to_string()));
    }
    let all: serde_json::Map<String, Json> = keys().map(|key| (key.clone(), Json::from(1))).collect();
    made.push(Json::Object(all).to_string());
    made.extend(some.iter().map(|value| json!([value]).to_string()));
    made
}

/// Bytes of the lengths that a condition names.
fn bytes(constants: &[String]) -> Vec<String> {
    let lengths = constants.iter().filter_map(|text| text.parse::<usize>().ok()).filter(|length| *length <= MOST_BYTES);
    lengths.map(|length| format!("\\x{}", "a7".repeat(length))).collect()
}

/// The string constants and numbers of a printed expression; of a pattern its plain letters.
fn constants(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find('\'') {
        let mut text = String::new();
        let mut letters = rest[start + 1..].char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, letter)) = letters.next() {
            if letter != '\'' {
                text.push(letter);
            } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
                text.push('\'');
            } else {
                end = start + 1 + at + 1;
                break;
            }
        }
        found.push(text);
        rest = &rest[end..];
    }
    let numbers = expression.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    for number in numbers.filter(|number| number.parse::<f64>().is_ok()) {
        found.push(number.to_owned());
        if let Ok(whole) = number.parse::<i64>() {
            found.push((whole + 1).to_string());
            found.push((whole - 1).to_string());
        }
    }
    found
}

/// The values of some columns in the rows from a position on, as they are made: solved for all that is understood.
fn solved(rows: &mut Rows, table: TableId, position: u64, free: &[ColumnId]) -> Vec<Vec<Value>> {
    let (stored, made) = (rows.layouts[table].stored, rows.layouts[table].made);
    let mut solved: Vec<Vec<Value>> = Vec::new();
    for position in position..(position + SOLVED).min(made) {
        let tuple: Vec<Value> = free.iter().map(|&column| rows.cell(table, stored + position, column)).collect();
        if !solved.contains(&tuple) {
            solved.push(tuple);
        }
    }
    solved
}

/// Tuples as they are, then each with one value changed for a candidate, the tuples taking turns, up to a bound.
fn changed(tuples: &[Vec<Value>], lists: &[Vec<Value>]) -> Vec<Vec<Value>> {
    // Of one column alone the candidates themselves are all there is; and a cast that cuts would take what INSERT does not.
    if lists.len() < 2 {
        return Vec::new();
    }
    let mut made = tuples.to_vec();
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    for candidate in 0..longest {
        for tuple in tuples {
            for (place, list) in lists.iter().enumerate() {
                if let Some(value) = list.get(candidate).filter(|value| **value != tuple[place]) {
                    let mut other = tuple.clone();
                    other[place] = value.clone();
                    made.push(other);
                }
            }
            if made.len() >= MOST_TUPLES {
                return made;
            }
        }
    }
    made
}

/// All combinations, the first lists' later candidates last, up to a bound.
fn product(lists: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut tuples: Vec<Vec<Value>> = vec![Vec::new()];
    let each = match lists.len() {
        0 | 1 => MOST_TUPLES,
        // As many of each as make no more tuples than that.
        lists => (2..=MOST_TUPLES).find(|each| each.checked_pow(lists as u32).is_none_or(|all| all > MOST_TUPLES)).unwrap_or(3) - 1,
    };
    for list in lists {
        tuples = tuples
            .iter()
            .flat_map(|tuple| list.iter().take(each).map(move |value| [tuple.as_slice(), std::slice::from_ref(value)].concat()))
            .collect();
        tuples.truncate(MOST_TUPLES);
    }
    tuples
}

/// Texts like the accepted ones: digits and letters changed for others of their class, each from its own draws.
fn variants(plan: &Plan, table: TableId, accepted: &[Vec<Value>], most: usize) -> Vec<Vec<Value>> {
    let variants = VARIANTS.max(2 * most as u64 / accepted.len().clamp(1, 20) as u64);
    let mut seen: HashSet<String> = accepted.iter().map(|tuple| format!("{tuple:?}")).collect();
    let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, "\u{1}learned");
    let mut made: Vec<Vec<Value>> = Vec::new();
    for (place, tuple) in accepted.iter().enumerate().take(20) {
        for variant in 0..variants {
            let mut draws = key.draws(place as u64, variant as u32 + 1);
            let changed: Vec<Value> = tuple
                .iter()
                .map(|value| match value {
                    Value::Text(text) if text.starts_with("\\x") => {
                        let digit = |_| char::from(b"0123456789abcdef"[draws.below(16) as usize]);
                        Value::text(format!("\\x{}", text.chars().skip(2).map(digit).collect::<String>()))
                    }
                    Value::Text(text) => Value::text(text.chars().map(|letter| other_letter(letter, draws.bits())).collect::<String>()),
                    Value::Int(number) => Value::Int(number.saturating_add(draws.below(1_000) as i64)),
                    other => other.clone(),
                })
                .collect();
            if seen.insert(format!("{changed:?}")) {
                made.push(changed);
            }
        }
    }
    made
}

fn other_letter(letter: char, bits: u64) -> char {
    let of = |first: u8, count: u64| char::from(first + ((u128::from(bits) * u128::from(count)) >> 64) as u8);
    match letter {
        '0'..='9' => of(b'0', 10),
        'a'..='z' => of(b'a', 26),
        'A'..='Z' => of(b'A', 26),
        other => other,
    }
}

/// A condition as it is put to the database.
struct Asked<'a> {
    definition: &'a Table,
    condition: &'a Condition,
    free: &'a [ColumnId],
    row: &'a [Value],
    /// Unknown does not pass, but for NULL.
    strict: bool,
}

impl Asked<'_> {
    /// The tuples that the condition takes, as many as are wanted.
    fn accepted(&self, world: &mut dyn World, tuples: &[Vec<Value>], most: usize) -> Result<Vec<Vec<Value>>, Error> {
        let mut accepted = Vec::new();
        let mut asks = 0;
        let mut open: Vec<&[Vec<Value>]> = tuples.chunks(BATCH).rev().collect();
        while let Some(piece) = open.pop() {
            world.interrupted()?;
            asks += 1;
            match self.ask(world, piece)? {
                Some(answers) => accepted.extend(piece.iter().zip(answers).filter(|(_, yes)| *yes).map(|(tuple, _)| tuple.clone())),
                None if piece.len() > 1 => {
                    let (left, right) = piece.split_at(piece.len() / 2);
                    open.extend([right, left]);
                }
                None => {}
            }
            if accepted.len() >= most || asks >= MOST_ASKS {
                break;
            }
        }
        Ok(accepted)
    }

    /// One answer each; `None` where the database raised.
    fn ask(&self, world: &mut dyn World, tuples: &[Vec<Value>]) -> Result<Option<Vec<bool>>, Error> {
        let arrays: Vec<String> = (0..self.free.len()).map(|place| array(tuples.iter().map(|tuple| &tuple[place]))).collect();
        let fixed: Vec<ColumnId> = self.condition.columns.iter().copied().filter(|column| !self.free.contains(column)).collect();
        let texts: Vec<Option<String>> = fixed.iter().map(|&column| text(&self.row[column])).collect();
        let parameters: Vec<Option<&str>> =
            arrays.iter().map(|array| Some(array.as_str())).chain(texts.iter().map(Option::as_deref)).collect();
        let mut answers = vec![false; tuples.len()];
        world.savepoint()?;
        let told = world.rows(Path::Caller, &self.statement(&fixed), &parameters, &mut |fields| {
            if let Some(answer) = fields[0].and_then(|place| place.parse::<usize>().ok()).and_then(|place| answers.get_mut(place - 1)) {
                *answer = true;
            }
            Ok(())
        });
        match told {
            Ok(_) => {
                world.release()?;
                Ok(Some(answers))
            }
            Err(Error::Database(_)) => {
                world.rollback()?;
                Ok(None)
            }
            Err(error) => {
                world.rollback()?;
                Err(error)
            }
        }
    }

    fn statement(&self, fixed: &[ColumnId]) -> String {
        let column = |column: ColumnId| &self.definition.columns[column];
        let arrays: Vec<String> = (1..=self.free.len()).map(|number| format!("${number}::text::text[]")).collect();
        let names: Vec<String> = (1..=self.free.len()).map(|number| format!("k{number}")).collect();
        let mut cells: Vec<String> = self
            .free
            .iter()
            .zip(&names)
            .map(|(&free, name)| format!("c.{name}::{} as {}", column(free).data_type.name, quoted(&column(free).name)))
            .collect();
        cells.extend(fixed.iter().enumerate().map(|(place, &own)| {
            let number = self.free.len() + 1 + place;
            format!("${number}::text::{} as {}", column(own).data_type.name, quoted(&column(own).name))
        }));
        let test = self.condition.expression.as_deref().map_or_else(
            || {
                let present = self.free.iter().map(|&free| format!("({} is null) is not null", quoted(&column(free).name)));
                present.collect::<Vec<_>>().join(" and ")
            },
            |expression| {
                // A condition that is unknown though it has all its values says nothing (`body ->> 'kind' = 'a'` of {}).
                let nulls = self.condition.columns.iter().map(|&own| format!("{} is null", quoted(&column(own).name)));
                let nulls = nulls.collect::<Vec<_>>().join(" or ");
                if self.strict {
                    format!("({expression}) is true or ({nulls}) and ({expression}) is null")
                } else {
                    format!("({expression}) is not false")
                }
            },
        );
        format!(
            "select \"synthgen place\"::text from (select c.\"synthgen place\", {} from unnest({}) with ordinality as c({}, \"synthgen place\")) as candidate where {test}",
            cells.join(", "),
            arrays.join(", "),
            names.join(", "),
        )
    }
}

fn text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_mined_from_a_condition() {
        let found = constants("((kind = ANY (ARRAY['it''s'::text, 'b'::text])) AND (size > 12))");
        assert_eq!(found, ["it's", "b", "12", "13", "11"]);
    }

    #[test]
    fn combinations_are_bounded() {
        let list: Vec<Value> = (0..100).map(Value::Int).collect();
        assert_eq!(product(std::slice::from_ref(&list)).len(), 100);
        assert_eq!(product(&[list.clone(), list.clone()]).len(), 44 * 44);
        assert_eq!(product(&[list.clone(), list.clone(), list.clone()]).len(), 12 * 12 * 12);
        assert_eq!(product(&vec![list.clone(); 5]).len(), 4_usize.pow(5));
        assert_eq!(product(&vec![list; MOST_COLUMNS]).len(), 2_usize.pow(MOST_COLUMNS as u32));
    }

    #[test]
    fn rows_are_changed_one_value_at_a_time() {
        let row = |values: [i64; 4]| values.map(Value::Int).to_vec();
        let lists: Vec<Vec<Value>> = vec![row([7, 8, 9, 1]); 4];
        let made = changed(&[row([1, 2, 3, 4]), row([5, 6, 7, 8])], &lists);
        assert_eq!(made[..2], [row([1, 2, 3, 4]), row([5, 6, 7, 8])]);
        assert!(made.contains(&row([1, 2, 9, 4])) && made.contains(&row([5, 1, 7, 8])));
        let long: Vec<Vec<Value>> = vec![(0..9_000).map(Value::Int).collect(); 4];
        assert!(changed(&[row([1, 2, 3, 4])], &long).len() < MOST_TUPLES + 4);
        assert!(changed(&[vec![Value::Int(1)]], &lists[..1]).is_empty());
    }
}
