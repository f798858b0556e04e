//! Generators, as rules and meanings say them, made into sources.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::engine::catalog::TypeKind;
use crate::engine::generator::Generator;
use crate::engine::plan::{Source, TextPlan};
use crate::engine::rules::template::Template;
use crate::engine::value::Value;

/// Elements of an array column where nothing says how many.
const ELEMENTS: (u64, u64) = (1, 4);

/// The source of a rule's generator for a column of this kind; `None` where it only thins out the next layer.
pub(super) fn source(kind: &TypeKind, generator: &Generator) -> Option<Source> {
    let unbounded = |bound: &Option<f64>, otherwise: f64| bound.unwrap_or(otherwise);
    Some(match generator {
        Generator::Choice(weighted) => {
            let typed = || weighted.iter().map(|(text, weight)| (label(kind, text), *weight));
            // Half hours are no choice for a column of whole ones.
            let whole = |(value, _): &(Value, f64)| !matches!((kind, value), (TypeKind::Integer { .. }, Value::Text(_)));
            if typed().any(|value| whole(&value)) { choice(typed().filter(whole)) } else { choice(typed()) }
        }
        Generator::Range { min, max, step } => range(kind, min, max, *step)?,
        Generator::Normal { mean, sd, min, max } => {
            Source::Normal { mean: *mean, sd: *sd, min: unbounded(min, f64::MIN), max: unbounded(max, f64::MAX) }
        }
        Generator::Lognormal { median, sigma, min, max } => {
            Source::Lognormal { median: *median, sigma: *sigma, min: unbounded(min, 0.0), max: unbounded(max, f64::MAX) }
        }
        Generator::Template(text) => text_source(kind, text)?,
        Generator::Vocabulary(name) => text_source(kind, &format!("{{vocabulary:{name}}}"))?,
        Generator::Cases(cases) => {
            let bound = cases.iter().filter_map(|case| {
                let when = case.when.as_ref().map(|when| when.bound.clone());
                Some((when.flatten(), source(kind, &case.generator)?))
            });
            Source::Cases(bound.collect())
        }
        Generator::Null(share) if *share >= 1.0 => Source::Nothing("a rule says so".into()),
        Generator::Null(_) | Generator::Model(_) | Generator::Engine(_) => return None,
    })
}

/// A label as a column of this kind holds it: flags are numbers where the column's are.
fn label(kind: &TypeKind, text: &str) -> Value {
    match (kind, text) {
        (TypeKind::Integer { .. } | TypeKind::Numeric { .. }, "true") => Value::parse(kind, "1"),
        (TypeKind::Integer { .. } | TypeKind::Numeric { .. }, "false") => Value::parse(kind, "0"),
        _ => Value::parse(kind, text),
    }
}

/// The weights of which these are the running sums.
pub(super) fn weights(sums: &[f64]) -> impl Iterator<Item = f64> + '_ {
    let before = std::iter::once(&0.0).chain(sums);
    sums.iter().zip(before).map(|(sum, before)| sum - before)
}

/// Weighted values.
pub(super) fn choice(weighted: impl Iterator<Item = (Value, f64)>) -> Source {
    let (mut values, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
    for (value, weight) in weighted {
        sum += weight;
        values.push(value);
        sums.push(sum);
    }
    Source::Choice { values, sums }
}

/// A source of percentages for a column that holds shares of one.
pub(super) fn hundredths(kind: &TypeKind, source: Source) -> Source {
    let part = |number: f64| number / 100.0;
    match source {
        Source::Choice { values, sums } => {
            let share =
                |value: &Value| value.as_f64().map_or_else(|| value.clone(), |number| Value::parse(kind, &part(number).to_string()));
            Source::Choice { values: values.iter().map(share).collect(), sums }
        }
        Source::Normal { mean, sd, min, max } => Source::Normal { mean: part(mean), sd: part(sd), min: part(min), max: part(max) },
        Source::Lognormal { median, sigma, min, max } => Source::Lognormal { median: part(median), sigma, min: part(min), max: part(max) },
        Source::Uniform { min, max, step } => Source::Uniform { min: part(min), max: part(max), step: part(step) },
        other => other,
    }
}

/// Text, or array elements, from a template.
pub(super) fn text_source(kind: &TypeKind, template: &str) -> Option<Source> {
    let plan = Arc::new(TextPlan { template: Template::parse(template).ok()? });
    Some(match kind {
        TypeKind::Array { .. } => Source::Elements { element: plan, min: ELEMENTS.0, max: ELEMENTS.1 },
        _ => Source::Text(plan),
    })
}

fn range(kind: &TypeKind, min: &str, max: &str, step: Option<f64>) -> Option<Source> {
    let micros = |text: &str| match Value::parse(kind, text) {
        Value::Stamp(micros) => Some(micros),
        Value::Date(days) => Some(i64::from(days) * crate::engine::value::MICROS_PER_DAY),
        _ => None,
    };
    match kind {
        TypeKind::Date | TypeKind::Timestamp { .. } => Some(Source::StampRange { min: micros(min)?, max: micros(max)? }),
        _ => Some(Source::Uniform { min: min.parse().ok()?, max: max.parse().ok()?, step: step.unwrap_or(0.0) }),
    }
}

/// Reads a meaning's generator: the rule grammar, plus `{"engine": name}`.
pub(super) fn of_meaning(json: &Json) -> Option<Generator> {
    let object = json.as_object()?;
    let number = |name: &str| object.get(name).or_else(|| object.values().find_map(|inner| inner.get(name))).and_then(Json::as_f64);
    let text = |json: &Json| json.as_str().map(str::to_owned).or_else(|| json.as_f64().map(|number| number.to_string()));
    let (key, value) = object.iter().next()?;
    Some(match key.as_str() {
        "choice" => {
            Generator::Choice(value.as_object()?.iter().filter_map(|(label, weight)| Some((label.clone(), weight.as_f64()?))).collect())
        }
        "range" => Generator::Range { min: text(value.get("min")?)?, max: text(value.get("max")?)?, step: number("step") },
        "normal" => Generator::Normal { mean: number("mean")?, sd: number("sd")?, min: number("min"), max: number("max") },
        "lognormal" => Generator::Lognormal { median: number("median")?, sigma: number("sigma")?, min: number("min"), max: number("max") },
        "template" => Generator::Template(value.as_str()?.to_owned()),
        "vocabulary" => Generator::Vocabulary(value.as_str()?.to_owned()),
        "engine" => Generator::Engine(value.as_str()?.to_owned()),
        "null" => Generator::Null(value.as_f64().unwrap_or(1.0)),
        _ => return None,
    })
}

/// The templates inside a source.
pub(super) fn templates(source: &Source) -> Vec<&Template> {
    match source {
        Source::Text(text) | Source::Elements { element: text, .. } => vec![&text.template],
        Source::Phrases(phrases) => phrases.iter().map(|phrase| &phrase.template).collect(),
        Source::Object(fields) => fields.iter().flat_map(|(name, text)| [&name.template, &text.template]).collect(),
        Source::SinceEntered(_, inner) | Source::WhenFlag { inner, .. } => templates(inner),
        Source::Mostly { otherwise, .. } => templates(otherwise),
        Source::Told { by, otherwise, .. } => by.iter().map(|(_, source)| source).chain([&**otherwise]).flat_map(templates).collect(),
        Source::Cases(cases) => cases.iter().flat_map(|(_, source)| templates(source)).collect(),
        _ => Vec::new(),
    }
}
