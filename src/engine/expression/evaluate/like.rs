//! LIKE and ILIKE.

use super::super::Unsupported;
use super::Outcome;
use crate::engine::value::Value;

/// Whether a text matches a pattern of `%`, `_` and `\`-escapes.
pub(super) fn matches(text: &Value, pattern: &Value, fold: bool) -> Outcome {
    let (text, pattern) = match (text, pattern) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Text(text), Value::Text(pattern)) => (text, pattern),
        _ => return Err(Unsupported::new(format!("{text:?} LIKE {pattern:?}"))),
    };
    if fold && !(text.is_ascii() && pattern.is_ascii()) {
        return Err(Unsupported::new("ILIKE beyond ASCII depends on the locale"));
    }
    if text.is_ascii() && pattern.is_ascii() {
        let same = |one: u8, other: u8| if fold { one.eq_ignore_ascii_case(&other) } else { one == other };
        return whole(pattern.as_bytes(), text.as_bytes(), same);
    }
    let characters = |text: &str| text.chars().collect::<Vec<char>>();
    whole(&characters(pattern), &characters(text), |one, other| one == other)
}

fn whole<T: Copy + Eq + From<u8>>(pattern: &[T], text: &[T], same: impl Fn(T, T) -> bool) -> Outcome {
    let mut at = 0;
    while at < pattern.len() {
        at += element(pattern, at).map_or(1, |(_, length)| length);
    }
    if at > pattern.len() {
        return Err(Unsupported::new("LIKE pattern ends with its escape"));
    }
    Ok(Value::Bool(run(pattern, text, same)))
}

enum Element<T> {
    /// `%`
    Any,
    /// `_`
    One,
    Exactly(T),
}

/// The pattern's element at a place, and how much of the pattern it takes.
fn element<T: Copy + Eq + From<u8>>(pattern: &[T], at: usize) -> Option<(Element<T>, usize)> {
    Some(match *pattern.get(at)? {
        any if any == b'%'.into() => (Element::Any, 1),
        one if one == b'_'.into() => (Element::One, 1),
        escape if escape == b'\\'.into() => (Element::Exactly(*pattern.get(at + 1).unwrap_or(&escape)), 2),
        other => (Element::Exactly(other), 1),
    })
}

/// Greedy matching that goes back to the last `%` only: enough, as a later `%` can take over what an earlier one left.
fn run<T: Copy + Eq + From<u8>>(pattern: &[T], text: &[T], same: impl Fn(T, T) -> bool) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while position < text.len() {
        match element(pattern, at) {
            Some((Element::Any, _)) => {
                at += 1;
                resume = Some((at, position));
                continue;
            }
            Some((Element::One, _)) => {
                at += 1;
                position += 1;
                continue;
            }
            Some((Element::Exactly(character), length)) if same(character, text[position]) => {
                at += length;
                position += 1;
                continue;
            }
            _ => {}
        }
        let Some((after, taken)) = resume else { return false };
        resume = Some((after, taken + 1));
        at = after;
        position = taken + 1;
    }
    pattern[at..].iter().all(|&rest| rest == b'%'.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (text, pattern, expected) in [
            ("abc", "abc", true),
            ("abc", "a%", true),
            ("abc", "%b", false),
            ("abc", "_b_", true),
            ("abc", "a_", false),
            ("", "%", true),
            ("", "_", false),
            ("a%c", "a\\%c", true),
            ("abc", "a\\%c", false),
            ("mississippi", "%iss%ip%i", true),
            ("mississippi", "%iss%iss%iss%", false),
            ("größe", "gr__e", true),
            ("größe", "_r\\öße", true),
            ("a\\b", "a\\\\b", true),
            ("a\\", "a\\\\", true),
            ("ab%", "ab\\%", true),
        ] {
            let outcome = matches(&Value::text(text), &Value::text(pattern), false);
            assert_eq!(outcome, Ok(Value::Bool(expected)), "{text} LIKE {pattern}");
        }
        assert!(matches(&Value::text("a"), &Value::text("a\\"), false).is_err());
        assert_eq!(matches(&Value::text("ABC"), &Value::text("a%"), true), Ok(Value::Bool(true)));
    }
}
