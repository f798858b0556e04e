//! How often a column holds each of the labels that a constraint or its type allows.

use crate::engine::plan::{Source, generators};
use crate::engine::value::Value;
use crate::engine::vocabulary::{StatusClass, StatusPart, status_of};

/// How much more often a column holds its default, and how much less what went wrong, was given up, waits, or is nearly nobody's.
const DEFAULT_WEIGHT: f64 = 4.0;
const FAILED_WEIGHT: f64 = 0.2;
const CANCELLED_WEIGHT: f64 = 0.4;
const ASIDE_WEIGHT: f64 = 0.25;
const RARE_WEIGHT: f64 = 0.04;

/// Allowed values, weighed: as a meaning's generator weighs the same words, where it knows two of them or more; else each
/// less usual than the one before, the default most, what is wrong or out of the ordinary least.
pub(super) fn weighed(allowed: &[Value], default: Option<&str>, generator: &serde_json::Value) -> Source {
    let usual = generator.get("choice").and_then(|choice| choice.as_object());
    let of_meaning =
        |value: &Value| usual?.iter().find(|(word, _)| squeezed(word) == word_of(value)).and_then(|(_, weight)| weight.as_f64());
    let known: Vec<Option<f64>> = allowed.iter().map(of_meaning).collect();
    if known.iter().flatten().count() >= 2 {
        let least = known.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        return generators::choice(allowed.iter().zip(&known).map(|(value, weight)| (value.clone(), weight.unwrap_or(least * 0.5))));
    }
    let default = default.map(squeezed);
    let weights = allowed.iter().enumerate().map(|(place, value)| {
        let word = word_of(value);
        let first = 1.0 / (1.0 + 0.5 * place as f64);
        let by_default = if !word.is_empty() && default.as_ref() == Some(&word) { DEFAULT_WEIGHT } else { 1.0 };
        (value.clone(), first * by_default * by_class(value) * if is_rare(&word) { RARE_WEIGHT } else { 1.0 })
    });
    generators::choice(weights)
}

fn by_class(value: &Value) -> f64 {
    let Value::Text(text) = value else { return 1.0 };
    match status_of(text).map(|status| (status.class, status.part)) {
        Some((StatusClass::Failed | StatusClass::Returned, _)) => FAILED_WEIGHT,
        Some((StatusClass::Cancelled, _)) => CANCELLED_WEIGHT,
        Some((_, Some(StatusPart::Aside))) => ASIDE_WEIGHT,
        _ => 1.0,
    }
}

fn word_of(value: &Value) -> String {
    match value {
        Value::Text(text) => squeezed(text),
        _ => String::new(),
    }
}

/// A word in small letters, without what parts its pieces.
fn squeezed(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a word stands for what hardly any row is (`data/rare_words.csv`): other, unknown, a third sex.
fn is_rare(word: &str) -> bool {
    include_str!("data/rare_words.csv").lines().skip(1).any(|rare| rare == word)
}
