//! Contacts nobody owns: mail and web addresses under domains that can be bought become such under `.example`.

use std::borrow::Cow;

use crate::engine::generator::Generator;
use crate::engine::rules::template::{Source, Template};

/// Top-level domains that RFC 2606 and RFC 6761 keep from everybody.
const RESERVED: &[&str] = &["example", "test", "invalid", "localhost"];
/// Labels that stand before a country's domain as part of it (`co.uk`).
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gov", "net", "org"];

/// The text with every domain that somebody may own replaced: `@gmail.com` by `@gmail.example`.
pub fn safe(text: &str) -> Cow<'_, str> {
    let found = hosts(text);
    if found.is_empty() {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 8);
    let mut end = 0;
    for (start, host) in found {
        safe.push_str(&text[end..start]);
        safe.push_str(&replacement(host));
        end = start + host.len();
    }
    safe.push_str(&text[end..]);
    safe.into()
}

/// The generator with every domain that somebody may own replaced.
pub fn safe_generator(generator: &mut Generator) {
    match generator {
        Generator::Choice(weighted) => weighted.iter_mut().for_each(|(value, _)| *value = safe(value).into_owned()),
        Generator::Cases(cases) => cases.iter_mut().for_each(|case| safe_generator(&mut case.generator)),
        Generator::Template(text) => {
            let Ok(mut template) = Template::parse(text) else { return };
            template.each_source(&mut |source| match source {
                Source::Literal(literal) => *literal = safe(literal).into_owned(),
                Source::Choice(texts) => texts.iter_mut().for_each(|text| *text = safe(text).into_owned()),
                _ => {}
            });
            *text = template.to_string();
        }
        _ => {}
    }
}

/// The domains of a text that somebody may own, each with what replaces it.
pub fn unsafe_domains(text: &str) -> Vec<(String, String)> {
    hosts(text).into_iter().map(|(_, host)| (host.to_owned(), replacement(host))).collect()
}

/// Domains after `@` and `://` that are not reserved, with their byte offsets.
fn hosts(text: &str) -> Vec<(usize, &str)> {
    let marks = text.match_indices('@').map(|(at, _)| at + 1).chain(text.match_indices("://").map(|(at, _)| at + 3));
    let mut starts: Vec<usize> = marks.collect();
    starts.sort_unstable();
    starts.into_iter().filter_map(|start| Some((start, host(&text[start..])?))).collect()
}

fn host(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).unwrap_or(text.len());
    let host = text[..end].trim_end_matches(['.', '-']);
    let (rest, top) = host.rsplit_once('.')?;
    let named = !rest.is_empty() && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    (named && !is_reserved(host)).then_some(host)
}

fn is_reserved(host: &str) -> bool {
    let lower = host.to_lowercase();
    let mut labels = lower.rsplit('.');
    let top = labels.next().unwrap_or_default();
    RESERVED.contains(&top) || (matches!(top, "com" | "org" | "net") && labels.next() == Some("example"))
}

fn replacement(host: &str) -> String {
    let mut labels: Vec<&str> = host.split('.').collect();
    labels.pop();
    if labels.len() > 1 && labels.last().is_some_and(|label| SECOND_LEVEL.contains(&label.to_lowercase().as_str())) {
        labels.pop();
    }
    labels.push("example");
    labels.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::generator::Case;

    #[test]
    fn domains_of_somebody_become_nobodys() {
        assert_eq!(safe("a@gmail.com, b@mail.bbc.co.uk."), "a@gmail.example, b@mail.bbc.example.");
        assert_eq!(safe("https://www.nike.com/x?y"), "https://www.nike.example/x?y");
        assert_eq!(unsafe_domains("x@Web.de"), [("Web.de".to_owned(), "Web.example".to_owned())]);
    }

    #[test]
    fn reserved_domains_and_other_text_stay() {
        for text in ["a@shop.example", "a@example.com", "a@mail.example.org", "x@y", "3 @ 4.5 a piece", "http://localhost:80", "@"] {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn generators_are_made_safe_throughout() {
        let template = || Generator::Template("{x}{@a.b}@gmail.com".into());
        let mut cases = Generator::Cases(vec![
            Case { when: None, generator: template() },
            Case { when: None, generator: Generator::Choice(vec![("a@web.de".into(), 1.0)]) },
        ]);
        safe_generator(&mut cases);
        let Generator::Cases(cases) = cases else { panic!("cases stay cases") };
        assert!(matches!(&cases[0].generator, Generator::Template(text) if text == "{x}{@a.b}@gmail.example"));
        assert!(matches!(&cases[1].generator, Generator::Choice(weighted) if weighted[0].0 == "a@web.example"));
    }

    #[test]
    fn what_was_made_safe_stays() {
        let once = safe("a@gmail.com").into_owned();
        assert_eq!(safe(&once), once);
    }
}
