//! The grammar of generators: a rule's one key that says how values are made, to and from JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::engine::expression::Condition;
use crate::engine::generator::{Case, Generator};
use crate::engine::rules::node::{Node, Object};
use crate::engine::rules::problem::Problems;
use crate::engine::rules::template::Template;

/// The generators that can be used.
pub(super) const KEYS: &[&str] = &["choice", "range", "normal", "lognormal", "template", "vocabulary", "cases", "null", "llm"];
/// The generators that are planned: an error of their own, so that nobody searches for a typing mistake.
pub(super) const LATER: &[&str] = &["zipf", "exponential", "histogram", "regex", "sql", "ref", "series", "default", "skip"];
/// The key of a condition.
pub(super) const WHEN: &str = "when";

/// The generator among an object's keys, with the pointer of its key; `None` after a problem, or where there is none.
pub(super) fn read(object: &Object, problems: &mut Problems) -> Option<(String, Generator)> {
    let mut found = KEYS.iter().filter_map(|key| object.get(key).map(|node| (*key, node)));
    let (key, node) = found.next()?;
    for (other, node) in found {
        problems.error(&node.path, format!("\"{other}\" beside \"{key}\": a rule has one generator")).hint("Write two rules, or cases.");
    }
    generator(key, &node, problems).map(|generator| (node.path.clone(), generator))
}

/// Whether an object names a generator, usable or planned.
pub(super) fn is_present(object: &Object) -> bool {
    object.keys().any(|key| KEYS.contains(&key) || LATER.contains(&key))
}

fn generator(key: &str, node: &Node, problems: &mut Problems) -> Option<Generator> {
    match key {
        "choice" => choice(node, problems).map(Generator::Choice),
        "range" => range(node, problems),
        "normal" => normal(node, problems),
        "lognormal" => lognormal(node, problems),
        "template" => template(node, problems),
        "vocabulary" => node.text(problems).map(Generator::Vocabulary),
        "cases" => cases(node, problems).map(Generator::Cases),
        "llm" => node.boolean(problems).map(Generator::Model),
        _ => null(node, problems),
    }
}

/// `{"value": weight, ..}` or `["value", ..]`; weights are not negative and not all 0.
pub(super) fn choice(node: &Node, problems: &mut Problems) -> Option<Vec<(String, f64)>> {
    let before = problems.len();
    let weighted: Vec<(String, f64)> = if node.json.is_array() {
        node.elements(problems).iter().filter_map(|element| element.scalar(problems)).map(|value| (value, 1.0)).collect()
    } else {
        let members = node.object(problems)?;
        members.members().filter_map(|(value, weight)| Some((value.to_owned(), self::weight(&weight, problems)?))).collect()
    };
    let mut seen = BTreeSet::new();
    for (value, _) in weighted.iter().filter(|(value, _)| !seen.insert(value.as_str())) {
        problems.error(&node.path, format!("the value \"{value}\" stands twice"));
    }
    if problems.len() == before && weighted.iter().map(|(_, weight)| weight).sum::<f64>() <= 0.0 {
        problems.error(&node.path, "no value has a weight above 0");
    }
    (problems.len() == before).then_some(weighted)
}

fn weight(node: &Node, problems: &mut Problems) -> Option<f64> {
    let weight = node.number(problems)?;
    if weight < 0.0 {
        problems.error(&node.path, format!("a weight is not negative: {weight}"));
        return None;
    }
    Some(weight)
}

fn range(node: &Node, problems: &mut Problems) -> Option<Generator> {
    if node.json.is_array() {
        let bounds: Vec<String> = node.elements(problems).iter().filter_map(|bound| bound.scalar(problems)).collect();
        let Ok([min, max]) = <[String; 2]>::try_from(bounds) else {
            node.wrong(problems, "a range [min, max]");
            return None;
        };
        return Some(Generator::Range { min, max, step: None });
    }
    let object = node.object(problems)?;
    object.known(&[&["min", "max", "step"]], &[], problems);
    let min = object.required("min", problems).and_then(|min| min.scalar(problems));
    let max = object.required("max", problems).and_then(|max| max.scalar(problems));
    let step = positive(&object, "step", problems);
    Some(Generator::Range { min: min?, max: max?, step })
}

fn normal(node: &Node, problems: &mut Problems) -> Option<Generator> {
    let object = node.object(problems)?;
    object.known(&[&["mean", "sd", "min", "max"]], &[], problems);
    let mean = object.required("mean", problems).and_then(|mean| mean.number(problems));
    let sd = object.required("sd", problems).and_then(|_| positive(&object, "sd", problems));
    let (min, max) = bounds(&object, problems);
    Some(Generator::Normal { mean: mean?, sd: sd?, min, max })
}

fn lognormal(node: &Node, problems: &mut Problems) -> Option<Generator> {
    let object = node.object(problems)?;
    object.known(&[&["median", "sigma", "min", "max"]], &[], problems);
    let median = object.required("median", problems).and_then(|_| positive(&object, "median", problems));
    let sigma = object.required("sigma", problems).and_then(|_| positive(&object, "sigma", problems));
    let (min, max) = bounds(&object, problems);
    Some(Generator::Lognormal { median: median?, sigma: sigma?, min, max })
}

fn positive(object: &Object, key: &str, problems: &mut Problems) -> Option<f64> {
    let node = object.get(key)?;
    let number = node.number(problems)?;
    if number <= 0.0 {
        problems.error(&node.path, format!("\"{key}\" is above 0, not {number}"));
        return None;
    }
    Some(number)
}

/// `min` and `max` where they are given, in order.
fn bounds(object: &Object, problems: &mut Problems) -> (Option<f64>, Option<f64>) {
    let min = object.get("min").and_then(|min| min.number(problems));
    let max = object.get("max").and_then(|max| max.number(problems));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        problems.error(&object.path, format!("\"min\" {min} is above \"max\" {max}"));
    }
    (min, max)
}

fn template(node: &Node, problems: &mut Problems) -> Option<Generator> {
    let text = node.text(problems)?;
    match Template::parse(&text) {
        Ok(_) => Some(Generator::Template(text)),
        Err(error) => {
            problems.error(&node.path, format!("the template cannot be read: {error}"));
            None
        }
    }
}

fn cases(node: &Node, problems: &mut Problems) -> Option<Vec<Case>> {
    let elements = node.elements(problems);
    if elements.is_empty() && node.json.is_array() {
        problems.error(&node.path, "there is no case");
    }
    let last = elements.len().saturating_sub(1);
    let mut cases = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let Some(case) = case(element, problems) else { continue };
        if case.when.is_none() && index < last {
            problems.error(&element.path, "a case without \"when\" always holds, so only the last may lack it");
        }
        cases.push(case);
    }
    (cases.len() == elements.len() && !cases.is_empty()).then_some(cases)
}

fn case(node: &Node, problems: &mut Problems) -> Option<Case> {
    let object = node.object(problems)?;
    object.known(&[&[WHEN], KEYS], LATER, problems);
    let when = match object.get(WHEN) {
        Some(condition) => Some(Condition::new(condition.text(problems)?)),
        None => None,
    };
    if !is_present(&object) {
        problems.error(&node.path, "the case has no generator").hint(format!("One of: {}.", KEYS.join(", ")));
    }
    let (path, generator) = read(&object, problems)?;
    if matches!(generator, Generator::Cases(_)) {
        problems.error(&path, "cases do not nest");
        return None;
    }
    if matches!(generator, Generator::Model(_)) {
        problems.error(&path, "a column is written by the model in all rows or in none, not by case");
        return None;
    }
    Some(Case { when, generator })
}

/// A share, or `true` for all rows.
fn null(node: &Node, problems: &mut Problems) -> Option<Generator> {
    if node.json == &Json::Bool(true) {
        return Some(Generator::Null(1.0));
    }
    let share = node.number(problems)?;
    if !(0.0..=1.0).contains(&share) {
        problems.error(&node.path, format!("a share lies between 0 and 1, {share} does not"));
        return None;
    }
    Some(Generator::Null(share))
}

/// A generator's key and value as a rule writes them; `None` for what no rule can say.
pub(super) fn print(generator: &Generator) -> Option<(&'static str, Json)> {
    Some(match generator {
        Generator::Choice(weighted) => ("choice", print_choice(weighted)),
        Generator::Range { min, max, step } => ("range", with(json!({"min": scalar(min), "max": scalar(max)}), [("step", *step)])),
        Generator::Normal { mean, sd, min, max } => ("normal", with(json!({"mean": mean, "sd": sd}), [("min", *min), ("max", *max)])),
        Generator::Lognormal { median, sigma, min, max } => {
            ("lognormal", with(json!({"median": median, "sigma": sigma}), [("min", *min), ("max", *max)]))
        }
        Generator::Template(text) => ("template", json!(text)),
        Generator::Vocabulary(list) => ("vocabulary", json!(list)),
        Generator::Cases(cases) => ("cases", cases.iter().filter_map(print_case).collect()),
        Generator::Null(share) => ("null", json!(share)),
        Generator::Model(wanted) => ("llm", json!(wanted)),
        Generator::Engine(_) => return None,
    })
}

/// Values and weights as an object in their order.
pub(super) fn print_choice(weighted: &[(String, f64)]) -> Json {
    Json::Object(weighted.iter().map(|(value, weight)| (value.clone(), json!(weight))).collect::<Map<_, _>>())
}

fn print_case(case: &Case) -> Option<Json> {
    let (key, value) = print(&case.generator)?;
    let mut object = Map::new();
    if let Some(when) = &case.when {
        object.insert(WHEN.into(), json!(when.text));
    }
    object.insert(key.into(), value);
    Some(Json::Object(object))
}

/// A bound as the number it is, else as text.
fn scalar(text: &str) -> Json {
    let number: Option<Json> = serde_json::from_str(text).ok().filter(Json::is_number);
    number.filter(|number| *number.to_string() == *text).unwrap_or_else(|| json!(text))
}

fn with<const N: usize>(mut object: Json, optional: [(&str, Option<f64>); N]) -> Json {
    for (key, value) in optional {
        if let Some(value) = value {
            object[key] = json!(value);
        }
    }
    object
}
