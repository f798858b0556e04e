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
    let folded = |text: &str| if fold { text.to_ascii_lowercase() } else { text.to_owned() };
    let elements = elements(&folded(pattern))?;
    let text: Vec<char> = folded(text).chars().collect();
    Ok(Value::Bool(run(&elements, &text)))
}

enum Element {
    /// `%`
    Any,
    /// `_`
    One,
    Exactly(char),
}

fn elements(pattern: &str) -> Result<Vec<Element>, Unsupported> {
    let mut elements = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        elements.push(match character {
            '%' => Element::Any,
            '_' => Element::One,
            '\\' => Element::Exactly(characters.next().ok_or_else(|| Unsupported::new("LIKE pattern ends with its escape"))?),
            other => Element::Exactly(other),
        });
    }
    Ok(elements)
}

/// Greedy matching that goes back to the last `%` only: enough, as a later `%` can take over what an earlier one left.
fn run(pattern: &[Element], text: &[char]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while position < text.len() {
        match pattern.get(at) {
            Some(Element::Any) => {
                resume = Some((at + 1, position));
                at += 1;
                continue;
            }
            Some(Element::One) => {
                at += 1;
                position += 1;
                continue;
            }
            Some(Element::Exactly(character)) if *character == text[position] => {
                at += 1;
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
    pattern[at..].iter().all(|element| matches!(element, Element::Any))
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
        ] {
            let outcome = matches(&Value::text(text), &Value::text(pattern), false);
            assert_eq!(outcome, Ok(Value::Bool(expected)), "{text} LIKE {pattern}");
        }
        assert!(matches(&Value::text("a"), &Value::text("a\\"), false).is_err());
        assert_eq!(matches(&Value::text("ABC"), &Value::text("a%"), true), Ok(Value::Bool(true)));
    }
}
