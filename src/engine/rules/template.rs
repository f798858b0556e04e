//! Templates: text with `{..}` placeholders and `|` filters, parsed once.
//!
//! Grammar: `{column}`, `{@meaning.id}`, `{vocabulary:list}`, `{digits:n}`, `{letters:n}`, `{alnum:n}`, `{hex:n}`,
//! `{base32:n}`, `{int:a-b}`, `{choice:a/b/c}`, `{serial}`, `{serial:n}`, `{rising:n}`, each with filters (`{first|ascii|lower}`);
//! `{{` and `}}` are braces.

use std::fmt;
use std::ops::RangeInclusive;

use crate::engine::rules::filter::Filter;
use crate::engine::vocabulary::Symbol;

/// Most characters one placeholder may draw.
const MAX_DRAWN: u32 = 1_000;

/// Farthest bound of `{int:a-b}`, so that the count of numbers between two is one too.
const MAX_BOUND: i64 = 1_000_000_000_000_000_000;

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its parts in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where its text comes from.
    pub source: Source,
    /// What is done to the text, in order.
    pub filters: Vec<Filter>,
}

/// Where the text of a part comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Text that stands in the template itself.
    Literal(String),
    /// The value of another column of the row, by name.
    Column(String),
    /// A fact of the row, by the id of its meaning.
    Fact(Symbol),
    /// An entry of a vocabulary list.
    Vocabulary(Symbol),
    /// So many decimal digits.
    Digits(u32),
    /// So many capital letters.
    Letters(u32),
    /// So many letters of both cases and digits.
    Alnum(u32),
    /// So many lower-case hexadecimal digits.
    Hex(u32),
    /// So many letters and digits of Crockford's base 32.
    Base32(u32),
    /// An integer of a closed range.
    Int(i64, i64),
    /// One of these texts.
    Choice(Vec<String>),
    /// One of these templates: a choice whose alternatives hold placeholders themselves.
    OneOf(Vec<Template>),
    /// A number that no other row of the table has, with zeros in front up to so many digits.
    Serial(u32),
    /// The same, rising in the order in which the rows came to be: numbers as a counter gives them.
    Rising(u32),
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at offset {offset}")]
pub struct TemplateError {
    /// Byte offset of the offending placeholder or brace.
    pub offset: usize,
    /// What is wrong.
    pub reason: TemplateFault,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// `{` without `}`.
    #[error("a placeholder is not closed")]
    Unclosed,
    /// `}` without `{`.
    #[error("a closing brace without an opening one (write }}}} for a brace)")]
    Unopened,
    /// `{}`.
    #[error("a placeholder is empty")]
    Empty,
    /// `{word:..}` with a word that is none of ours.
    #[error("\"{0}\" is no kind of placeholder (known are vocabulary, digits, letters, alnum, hex, base32, int, choice, serial, rising)")]
    UnknownKind(String),
    /// A number that is none, or out of bounds.
    #[error("\"{0}\" is not a number from 1 to {MAX_DRAWN}")]
    Count(String),
    /// A range that is none.
    #[error("\"{0}\" is not a range such as 1-99")]
    Range(String),
    /// A filter that is none of ours.
    #[error("\"{0}\" is no filter (known are {known})", known = Filter::KNOWN)]
    UnknownFilter(String),
}

impl Template {
    /// Parses a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            let offset = text.len() - rest.len() + brace;
            let fault = |reason| TemplateError { offset, reason };
            literal.push_str(&rest[..brace]);
            let tail = &rest[brace..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                literal.push_str(&tail[..1]);
                rest = &tail[2..];
                continue;
            }
            let inner = tail.strip_prefix('{').ok_or_else(|| fault(TemplateFault::Unopened))?;
            let end = closing(inner).ok_or_else(|| fault(TemplateFault::Unclosed))?;
            push_literal(&mut parts, &mut literal);
            parts.push(placeholder(&inner[..end]).map_err(fault)?);
            rest = &inner[end + 1..];
        }
        literal.push_str(rest);
        push_literal(&mut parts, &mut literal);
        Ok(Self { parts })
    }

    /// The sources of its parts and of what they hold, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Template> = vec![self];
        while let Some(template) = waiting.pop() {
            for part in &template.parts {
                found.push(&part.source);
                if let Source::OneOf(templates) = &part.source {
                    waiting.extend(templates);
                }
            }
        }
        found.into_iter()
    }

    /// Hands over each source, those of nested templates too, to be changed.
    pub fn each_source(&mut self, change: &mut dyn FnMut(&mut Source)) {
        for part in &mut self.parts {
            change(&mut part.source);
            if let Source::OneOf(templates) = &mut part.source {
                for template in templates.iter_mut() {
                    template.each_source(change);
                }
            }
        }
    }

    /// The names of the columns it reads, in order, repeated where they repeat.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.sources().filter_map(|source| match source {
            Source::Column(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The fewest characters it can make.
    pub fn shortest(&self) -> usize {
        self.parts.iter().map(Part::shortest).sum()
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part { source: Source::Literal(std::mem::take(literal)), filters: Vec::new() });
    }
}

/// Where the brace that closes a placeholder stands; placeholders within a choice are passed over.
fn closing(inner: &str) -> Option<usize> {
    let mut depth = 0_usize;
    inner.char_indices().find_map(|(at, letter)| match letter {
        '{' => {
            depth += 1;
            None
        }
        '}' if depth == 0 => Some(at),
        '}' => {
            depth -= 1;
            None
        }
        _ => None,
    })
}

/// The parts of a text between separators that stand outside braces.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if letter == separator && depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

fn placeholder(inner: &str) -> Result<Part, TemplateFault> {
    let mut pieces = split(inner, '|').into_iter().map(str::trim);
    let source = source(pieces.next().unwrap_or_default())?;
    let filters = pieces.map(|name| Filter::parse(name).ok_or_else(|| TemplateFault::UnknownFilter(name.to_owned())));
    Ok(Part { source, filters: filters.collect::<Result<_, _>>()? })
}

fn source(text: &str) -> Result<Source, TemplateFault> {
    if let Some(meaning) = text.strip_prefix('@') {
        return named(meaning).map(|name| Source::Fact(Symbol::new(&name)));
    }
    match text.split_once(':') {
        None if text == "serial" => Ok(Source::Serial(0)),
        None => named(text).map(Source::Column),
        Some((kind, argument)) => drawn(kind.trim(), argument.trim()),
    }
}

fn named(text: &str) -> Result<String, TemplateFault> {
    let name = text.trim();
    if name.is_empty() { Err(TemplateFault::Empty) } else { Ok(name.to_owned()) }
}

fn drawn(kind: &str, argument: &str) -> Result<Source, TemplateFault> {
    match kind {
        "vocabulary" => named(argument).map(|name| Source::Vocabulary(Symbol::new(&name))),
        "digits" => count(argument).map(Source::Digits),
        "letters" => count(argument).map(Source::Letters),
        "alnum" => count(argument).map(Source::Alnum),
        "hex" => count(argument).map(Source::Hex),
        "base32" => count(argument).map(Source::Base32),
        "int" => range(argument).map(|range| Source::Int(*range.start(), *range.end())),
        "choice" if argument.is_empty() => Err(TemplateFault::Empty),
        "choice" if argument.contains('{') => {
            let templates = split(argument, '/').into_iter().map(Template::parse).collect::<Result<_, _>>();
            templates.map(Source::OneOf).map_err(|error| error.reason)
        }
        "choice" => Ok(Source::Choice(argument.split('/').map(str::to_owned).collect())),
        "serial" => count(argument).map(Source::Serial),
        "rising" => count(argument).map(Source::Rising),
        other => Err(TemplateFault::UnknownKind(other.to_owned())),
    }
}

fn count(text: &str) -> Result<u32, TemplateFault> {
    let parsed = text.parse::<u32>().ok().filter(|count| (1..=MAX_DRAWN).contains(count));
    parsed.ok_or_else(|| TemplateFault::Count(text.to_owned()))
}

fn range(text: &str) -> Result<RangeInclusive<i64>, TemplateFault> {
    let fault = || TemplateFault::Range(text.to_owned());
    // The first character may be the sign of the lower bound.
    let dash = text.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at).ok_or_else(fault)?;
    let low = text[..dash].trim().parse::<i64>().map_err(|_| fault())?;
    let high = text[dash + 1..].trim().parse::<i64>().map_err(|_| fault())?;
    if low <= high && low >= -MAX_BOUND && high <= MAX_BOUND { Ok(low..=high) } else { Err(fault()) }
}

impl Part {
    fn shortest(&self) -> usize {
        let drawn = match &self.source {
            Source::Literal(text) => text.chars().count(),
            Source::Digits(n) | Source::Letters(n) | Source::Alnum(n) | Source::Hex(n) | Source::Base32(n) => *n as usize,
            Source::Choice(texts) => texts.iter().map(|text| text.chars().count()).min().unwrap_or(0),
            Source::OneOf(templates) => templates.iter().map(Template::shortest).min().unwrap_or(0),
            Source::Serial(width) | Source::Rising(width) => (*width).max(1) as usize,
            Source::Int(..) => 1,
            Source::Column(_) | Source::Fact(_) | Source::Vocabulary(_) => 0,
        };
        self.filters.iter().fold(drawn, |length, filter| filter.shortest(length))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| write!(f, "{part}"))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Source::Literal(text) = &self.source {
            return f.write_str(&text.replace('{', "{{").replace('}', "}}"));
        }
        write!(f, "{{{}", self.source)?;
        self.filters.iter().try_for_each(|filter| write!(f, "|{filter}"))?;
        f.write_str("}")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) | Self::Column(text) => f.write_str(text),
            Self::Fact(meaning) => write!(f, "@{meaning}"),
            Self::Vocabulary(list) => write!(f, "vocabulary:{list}"),
            Self::Digits(n) => write!(f, "digits:{n}"),
            Self::Letters(n) => write!(f, "letters:{n}"),
            Self::Alnum(n) => write!(f, "alnum:{n}"),
            Self::Hex(n) => write!(f, "hex:{n}"),
            Self::Base32(n) => write!(f, "base32:{n}"),
            Self::Int(low, high) => write!(f, "int:{low}-{high}"),
            Self::Choice(texts) => write!(f, "choice:{}", texts.join("/")),
            Self::OneOf(templates) => {
                let texts: Vec<String> = templates.iter().map(Template::to_string).collect();
                write!(f, "choice:{}", texts.join("/"))
            }
            Self::Serial(0) => f.write_str("serial"),
            Self::Serial(width) => write!(f, "serial:{width}"),
            Self::Rising(width) => write!(f, "rising:{width}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(text: &str) -> (usize, String) {
        let error = Template::parse(text).expect_err("no template");
        (error.offset, error.reason.to_string())
    }

    #[test]
    fn every_kind_of_placeholder_is_read() {
        let template = Template::parse(
            "a{{b}} {x|ascii|lower}{@m.y}{vocabulary:l}{digits:4}{letters:3}{hex:2}{base32:5}{int:-3-9}{serial}{serial:4}{rising:6}{alnum:1}{choice:a/B c/}",
        );
        let sources: Vec<Source> = template.expect("a template").parts.into_iter().map(|part| part.source).collect();
        let expected = [
            Source::Literal("a{b} ".into()),
            Source::Column("x".into()),
            Source::Fact(Symbol::new("m.y")),
            Source::Vocabulary(Symbol::new("l")),
            Source::Digits(4),
            Source::Letters(3),
            Source::Hex(2),
            Source::Base32(5),
            Source::Int(-3, 9),
            Source::Serial(0),
            Source::Serial(4),
            Source::Rising(6),
            Source::Alnum(1),
            Source::Choice(vec!["a".into(), "B c".into(), String::new()]),
        ];
        assert_eq!(sources, expected);
    }

    #[test]
    fn the_alternatives_of_a_choice_may_be_templates() {
        let text = "{choice:in {x|initial}/by {@m.y}/{choice:a/{digits:2}}|upper}";
        let template = Template::parse(text).expect("a template");
        assert_eq!(template.to_string(), text);
        assert_eq!(template.columns().collect::<Vec<_>>(), ["x"]);
        let Source::OneOf(alternatives) = &template.parts[0].source else { panic!("alternatives") };
        assert_eq!((alternatives.len(), template.parts[0].filters.as_slice()), (3, [Filter::Upper].as_slice()));
        assert_eq!(template.shortest(), 1);
        assert_eq!(fault("a{choice:b/{c}"), (1, "a placeholder is not closed".into()));
    }

    #[test]
    fn filters_stand_in_order() {
        let template = Template::parse("{x|ascii|first:3}").expect("a template");
        assert_eq!(template.parts[0].filters, [Filter::Ascii, Filter::First(3)]);
    }

    #[test]
    fn faults_say_where_and_what() {
        assert_eq!(fault("ab{c"), (2, "a placeholder is not closed".into()));
        assert_eq!(fault("ab{c{d}"), (2, "a placeholder is not closed".into()));
        assert_eq!(fault("a}"), (1, "a closing brace without an opening one (write }} for a brace)".into()));
        assert_eq!(fault("{}"), (0, "a placeholder is empty".into()));
        assert_eq!(fault("é{digits:0}"), (2, "\"0\" is not a number from 1 to 1000".into()));
        assert_eq!(fault("{int:9-1}"), (0, "\"9-1\" is not a range such as 1-99".into()));
        assert!(fault("{int:0-9000000000000000000}").1.ends_with("is not a range such as 1-99"));
        assert!(fault("{x|shout}").1.starts_with("\"shout\" is no filter"));
        assert!(fault("{dice:6}").1.starts_with("\"dice\" is no kind of placeholder"));
    }

    #[test]
    fn the_shortest_text_counts_what_is_certain() {
        assert_eq!(Template::parse("SKU-{digits:4}{x}{letters:9|first:2}{serial:3}{choice:abc/de}").expect("a template").shortest(), 15);
    }

    proptest! {
        #[test]
        fn printing_and_parsing_agree(literal in "[a-z{} ]{0,8}", column in "[a-z_]{1,8}", n in 1u32..9, low in -5i64..5) {
            prop_assume!(column != "serial");
            let source = |source| Part { source, filters: vec![Filter::Lower, Filter::First(n)] };
            let mut parts = vec![source(Source::Column(column)), source(Source::Hex(n)), source(Source::Int(low, low + 3)), source(Source::Serial(n))];
            push_literal(&mut parts, &mut literal.clone());
            let template = Template { parts };
            prop_assert_eq!(Template::parse(&template.to_string()), Ok(template));
        }
    }
}
