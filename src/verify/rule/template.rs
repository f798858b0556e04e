//! `template` and `regex`: what stands between the placeholders must stand in every value.

use super::{DEFAULT_TOLERANCE, Subject};
use crate::verify::template::literal;

/// The statement of a template and what the rule wants.
pub(super) fn statement(subject: &Subject, template: &str) -> (String, String) {
    (compared(subject, &pattern(template)), template.to_owned())
}

/// The statement of a regular expression, which must match the whole value, and what the rule wants.
pub(super) fn matching(subject: &Subject, expression: &str) -> (String, String) {
    (compared(subject, &format!("^(?:{expression})$")), expression.to_owned())
}

fn compared(subject: &Subject, pattern: &str) -> String {
    let tolerance = subject.rule.tolerance.unwrap_or(DEFAULT_TOLERANCE).to_string();
    subject.fill(include_str!("../../../sql/verify/rule_template.sql"), &[("pattern", &literal(pattern)), ("tolerance", &tolerance)])
}

/// A regular expression that every value of the template matches.
///
/// Domains after `@` and `://` may end differently: contacts are made safe unless a setting says otherwise.
fn pattern(template: &str) -> String {
    let mut pattern = String::from("^");
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' if letters.next_if_eq(&letter).is_some() => quote(letter, &mut pattern),
            '{' => {
                let placeholder: String = letters.by_ref().take_while(|&letter| letter != '}').collect();
                pattern.push_str(&drawn(&placeholder));
            }
            _ => quote(letter, &mut pattern),
        }
    }
    pattern.push('$');
    loosen_hosts(&pattern)
}

fn quote(letter: char, pattern: &mut String) {
    if !letter.is_alphanumeric() && letter.is_ascii() && !letter.is_whitespace() {
        pattern.push('\\');
    }
    pattern.push(letter);
}

/// What a placeholder can leave: digits and their like are exact where no filter follows, all else is anything.
fn drawn(placeholder: &str) -> String {
    match placeholder.split_once(':').map(|(kind, count)| (kind, count.parse::<u32>())) {
        Some(("digits", Ok(count))) => format!("[0-9]{{{count}}}"),
        Some(("letters", Ok(count))) => format!("[A-Z]{{{count}}}"),
        Some(("hex", Ok(count))) => format!("[0-9a-f]{{{count}}}"),
        _ => "(.|\\n)*".into(),
    }
}

fn loosen_hosts(pattern: &str) -> String {
    let mut loose = pattern.to_owned();
    for mark in ["\\@", "\\:\\/\\/"] {
        let Some(at) = loose.rfind(mark) else { continue };
        let start = at + mark.len();
        let host = loose[start..].find(|letter: char| !(letter.is_alphanumeric() || letter == '\\' || letter == '.' || letter == '-'));
        let end = host.map_or(loose.len(), |length| start + length);
        if let Some(dot) = loose[start..end].find("\\.") {
            let path = loose[start..end].find("\\/").map_or(end, |slash| start + slash);
            loose.replace_range(start + dot..path, "\\.[a-z.]+");
        }
    }
    loose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_placeholders_is_kept() {
        assert_eq!(pattern("A-{digits:4}.{x|lower}"), "^A\\-[0-9]{4}\\.(.|\\n)*$");
        assert_eq!(pattern("{{x}}"), "^\\{x\\}$");
    }

    #[test]
    fn domains_may_have_been_made_safe() {
        assert_eq!(pattern("{x}@mail.com"), "^(.|\\n)*\\@mail\\.[a-z.]+$");
        assert_eq!(pattern("{x}@{vocabulary:mail_domain}"), "^(.|\\n)*\\@(.|\\n)*$");
    }
}
