//! Patterns of texts: PostgreSQL's regular expressions and LIKE, as a matcher and as a maker of texts that match.
//!
//! Made texts are ASCII wherever the pattern leaves the choice, so no collation has a say in them. Back references are
//! not read; what the parser refuses is left to the database.

use std::cell::Cell;

use crate::engine::rows::random::{Draws, StreamKey};

/// Repeats made beyond the fewest, where a pattern sets no end.
const MORE: u32 = 5;

/// Steps after which a match is given up: nested repeats can take for ever.
const MOST_STEPS: u32 = 50_000;

/// Texts made before the last one is taken as it is.
const TRIES: u32 = 24;

/// Longest pattern that is read, in characters.
const LONGEST: usize = 2_000;

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    source: String,
    pub(super) fold: bool,
    pub(super) root: Alternatives,
}

pub(super) type Alternatives = Vec<Vec<Node>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Letter(char),
    Any,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Group(Alternatives),
    Repeat {
        node: Box<Node>,
        least: u32,
        most: Option<u32>,
    },
    Ahead {
        negated: bool,
        inner: Alternatives,
    },
    Start,
    End,
    /// Before a word, after one, either: `\m`, `\M`, `\y`.
    Boundary {
        begins: bool,
        ends: bool,
    },
}

impl Pattern {
    /// Reads a regular expression; `fold` for `~*`. `None` where it holds what is not read here.
    pub fn regex(text: &str, fold: bool) -> Option<Self> {
        let (options, body) = match text.strip_prefix("(?i)") {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix("***:").unwrap_or(text)),
        };
        let letters: Vec<char> = body.chars().collect();
        if letters.len() > LONGEST {
            return None;
        }
        let mut parser = Parser { letters: &letters, at: 0, depth: 0 };
        let root = parser.alternatives()?;
        (parser.at == letters.len()).then(|| Self { source: text.to_owned(), fold: fold || options, root })
    }

    /// Reads a LIKE pattern with `\` as its escape.
    pub fn like(text: &str, fold: bool) -> Option<Self> {
        let mut nodes = vec![Node::Start];
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            nodes.push(match letter {
                '%' => Node::Repeat { node: Box::new(Node::Any), least: 0, most: None },
                '_' => Node::Any,
                '\\' => Node::Letter(letters.next()?),
                other => Node::Letter(other),
            });
        }
        nodes.push(Node::End);
        Some(Self { source: text.to_owned(), fold, root: vec![nodes] })
    }

    /// Whether a text matches; `None` where that takes too long to tell.
    pub fn matches(&self, text: &str) -> Option<bool> {
        let letters: Vec<char> = text.chars().collect();
        let matcher = Matcher { letters: &letters, fold: self.fold, steps: Cell::new(0) };
        let found = (0..=letters.len()).any(|start| matcher.any(&self.root, start, &mut |_| true));
        (matcher.steps.get() < MOST_STEPS).then_some(found)
    }

    /// A text that matches and that `permits` takes, made of random bits; the last one tried where none was.
    pub fn make(&self, bits: u64, permits: &dyn Fn(&str) -> bool) -> String {
        let key = StreamKey::new(bits as i64, "", "pattern");
        let mut text = String::new();
        for attempt in 0..TRIES {
            let mut maker = Maker { draws: key.draws(0, attempt), more: [MORE, 2, 0, 12][(attempt % 4) as usize], text: String::new() };
            maker.any(&self.root);
            text = maker.text;
            if self.matches(&text) == Some(true) && permits(&text) {
                break;
            }
        }
        text
    }
}

struct Parser<'a> {
    letters: &'a [char],
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take(&mut self, letter: char) -> bool {
        let there = self.peek() == Some(letter);
        self.at += usize::from(there);
        there
    }

    fn alternatives(&mut self) -> Option<Alternatives> {
        self.depth += 1;
        if self.depth > 40 {
            return None;
        }
        let mut alternatives = vec![Vec::new()];
        while let Some(letter) = self.peek() {
            match letter {
                '|' => {
                    self.at += 1;
                    alternatives.push(Vec::new());
                }
                ')' if self.depth > 1 => break,
                _ => {
                    let node = self.repeated()?;
                    alternatives.last_mut()?.push(node);
                }
            }
        }
        self.depth -= 1;
        Some(alternatives)
    }

    fn repeated(&mut self) -> Option<Node> {
        let mut node = self.atom()?;
        loop {
            let (least, most) = match self.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => {
                    let end = self.letters[self.at..].iter().position(|&letter| letter == '}')?;
                    let inner: String = self.letters[self.at + 1..self.at + end].iter().collect();
                    self.at += end;
                    bounds(&inner)?
                }
                _ => return Some(node),
            };
            self.at += 1;
            // Reluctant repeats match the same texts.
            self.take('?');
            node = Node::Repeat { node: Box::new(node), least, most };
        }
    }

    fn atom(&mut self) -> Option<Node> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '(' => self.group()?,
            '[' => self.class()?,
            '\\' => self.escape()?,
            '*' | '+' | '?' => return None,
            other => Node::Letter(other),
        })
    }

    fn group(&mut self) -> Option<Node> {
        let mut ahead = None;
        if self.take('?') {
            ahead = match self.peek()? {
                ':' => None,
                '=' => Some(false),
                '!' => Some(true),
                _ => return None,
            };
            self.at += 1;
        }
        let inner = self.alternatives()?;
        if !self.take(')') {
            return None;
        }
        Some(match ahead {
            Some(negated) => Node::Ahead { negated, inner },
            None => Node::Group(inner),
        })
    }

    fn escape(&mut self) -> Option<Node> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            'd' | 'w' | 's' | 'D' | 'W' | 'S' => {
                Node::Class { negated: letter.is_ascii_uppercase(), ranges: named(letter.to_ascii_lowercase())? }
            }
            'm' => Node::Boundary { begins: true, ends: false },
            'M' => Node::Boundary { begins: false, ends: true },
            'y' => Node::Boundary { begins: true, ends: true },
            'A' => Node::Start,
            'Z' => Node::End,
            'n' => Node::Letter('\n'),
            'r' => Node::Letter('\r'),
            't' => Node::Letter('\t'),
            other if other.is_alphanumeric() => return None,
            other => Node::Letter(other),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.take('^');
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let letter = self.peek()?;
            self.at += 1;
            match letter {
                ']' if !first => break,
                '[' if self.peek() == Some(':') => {
                    let rest: String = self.letters[self.at + 1..].iter().collect();
                    let end = rest.find(":]")?;
                    ranges.extend(posix(&rest[..end])?);
                    self.at += 1 + rest[..end].chars().count() + 2;
                }
                '[' if matches!(self.peek(), Some('.' | '=')) => return None,
                '\\' => match self.escape()? {
                    Node::Class { negated: false, ranges: inner } => ranges.extend(inner),
                    Node::Letter(letter) => self.range(letter, &mut ranges)?,
                    _ => return None,
                },
                other => self.range(other, &mut ranges)?,
            }
            first = false;
        }
        Some(Node::Class { negated, ranges })
    }

    /// `a-z`, or a letter alone.
    fn range(&mut self, low: char, ranges: &mut Vec<(char, char)>) -> Option<()> {
        let ends = (self.peek(), self.letters.get(self.at + 1).copied());
        if let (Some('-'), Some(high)) = ends
            && high != ']'
        {
            self.at += 2;
            let high = if high == '\\' {
                match self.escape()? {
                    Node::Letter(letter) => letter,
                    _ => return None,
                }
            } else {
                high
            };
            ranges.push((low, high));
        } else {
            ranges.push((low, low));
        }
        Some(())
    }
}

/// `3`, `3,` or `3,5`.
fn bounds(text: &str) -> Option<(u32, Option<u32>)> {
    match text.split_once(',') {
        None => text.parse().ok().map(|count| (count, Some(count))),
        Some((least, "")) => least.parse().ok().map(|least| (least, None)),
        Some((least, most)) => Some((least.parse().ok()?, Some(most.parse().ok()?))),
    }
}

fn named(letter: char) -> Option<Vec<(char, char)>> {
    Some(match letter {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => vec![(' ', ' '), ('\t', '\r')],
        _ => return None,
    })
}

fn posix(name: &str) -> Option<Vec<(char, char)>> {
    Some(match name {
        "alpha" => vec![('a', 'z'), ('A', 'Z')],
        "digit" => vec![('0', '9')],
        "alnum" => vec![('a', 'z'), ('A', 'Z'), ('0', '9')],
        "upper" => vec![('A', 'Z')],
        "lower" => vec![('a', 'z')],
        "space" => vec![(' ', ' '), ('\t', '\r')],
        "blank" => vec![(' ', ' '), ('\t', '\t')],
        "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "xdigit" => vec![('0', '9'), ('a', 'f'), ('A', 'F')],
        "graph" => vec![('!', '~')],
        "print" => vec![(' ', '~')],
        "word" => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        _ => return None,
    })
}

struct Matcher<'a> {
    letters: &'a [char],
    fold: bool,
    steps: Cell<u32>,
}

type Next<'n> = &'n mut dyn FnMut(usize) -> bool;

impl Matcher<'_> {
    fn any(&self, alternatives: &Alternatives, at: usize, next: Next) -> bool {
        alternatives.iter().any(|nodes| self.all(nodes, at, next))
    }

    fn all(&self, nodes: &[Node], at: usize, next: Next) -> bool {
        match nodes.split_first() {
            None => next(at),
            Some((node, rest)) => self.one(node, at, &mut |at| self.all(rest, at, next)),
        }
    }

    fn one(&self, node: &Node, at: usize, next: Next) -> bool {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() >= MOST_STEPS {
            return false;
        }
        let letter = self.letters.get(at).copied();
        match node {
            Node::Letter(wanted) => letter.is_some_and(|letter| is_same(letter, *wanted, self.fold)) && next(at + 1),
            Node::Any => letter.is_some() && next(at + 1),
            Node::Class { negated, ranges } => {
                letter.is_some_and(|letter| is_within(letter, ranges, self.fold) != *negated) && next(at + 1)
            }
            Node::Group(inner) => self.any(inner, at, next),
            Node::Repeat { node, least, most } => self.repeat(node, *least, *most, at, next),
            Node::Ahead { negated, inner } => self.any(inner, at, &mut |_| true) != *negated && next(at),
            Node::Start => at == 0 && next(at),
            Node::End => at == self.letters.len() && next(at),
            Node::Boundary { begins, ends } => {
                let word = |place: Option<usize>| {
                    place.and_then(|place| self.letters.get(place)).is_some_and(|letter| letter.is_alphanumeric() || *letter == '_')
                };
                let (before, after) = (word(at.checked_sub(1)), word(Some(at)));
                ((*begins && !before && after) || (*ends && before && !after)) && next(at)
            }
        }
    }

    fn repeat(&self, node: &Node, least: u32, most: Option<u32>, at: usize, next: Next) -> bool {
        if most == Some(0) {
            return next(at);
        }
        let again = self.one(node, at, &mut |reached| {
            // An empty turn would go on for ever.
            (reached > at || least > 0) && self.repeat(node, least.saturating_sub(1), most.map(|most| most - 1), reached, next)
        });
        again || (least == 0 && next(at))
    }
}

/// Whether two letters are one to a pattern.
pub(super) fn is_same(left: char, right: char, fold: bool) -> bool {
    left == right || fold && left.to_lowercase().eq(right.to_lowercase())
}

/// Whether a class's ranges hold a letter.
pub(super) fn is_within(letter: char, ranges: &[(char, char)], fold: bool) -> bool {
    let inside = |letter: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter));
    inside(letter) || fold && (inside(letter.to_ascii_lowercase()) || inside(letter.to_ascii_uppercase()))
}

struct Maker {
    draws: Draws,
    more: u32,
    text: String,
}

impl Maker {
    fn any(&mut self, alternatives: &Alternatives) {
        let chosen = self.draws.below(alternatives.len() as u64) as usize;
        for node in &alternatives[chosen] {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Letter(letter) => self.text.push(*letter),
            Node::Any => self.push_of(&[('a', 'z')]),
            Node::Class { negated: false, ranges } => self.push_of(ranges),
            Node::Class { negated: true, ranges } => self.push_beside(ranges),
            Node::Group(inner) => self.any(inner),
            Node::Repeat { node, least, most } => {
                let most = most.unwrap_or(least.saturating_add(self.more)).min(least.saturating_add(self.more.max(1)));
                let times = least + self.draws.below(u64::from(most.saturating_sub(*least)) + 1) as u32;
                (0..times.min(1_000)).for_each(|_| self.node(node));
            }
            Node::Ahead { .. } | Node::Start | Node::End | Node::Boundary { .. } => {}
        }
    }

    fn push_of(&mut self, ranges: &[(char, char)]) {
        // Letters and digits before signs and blanks: `[\w .-]` is mostly words.
        let plain: Vec<(char, char)> =
            ranges.iter().copied().filter(|(low, high)| low.is_ascii_alphanumeric() && high.is_ascii_alphanumeric()).collect();
        let ranges = if plain.is_empty() || self.draws.unit() < 0.1 { ranges } else { &plain };
        let size = |(low, high): &(char, char)| u64::from(*high as u32).saturating_sub(u64::from(*low as u32)) + 1;
        let mut place = self.draws.below(ranges.iter().map(size).sum());
        for range in ranges {
            if place < size(range) {
                self.text.extend(char::from_u32(range.0 as u32 + place as u32));
                return;
            }
            place -= size(range);
        }
    }

    fn push_beside(&mut self, ranges: &[(char, char)]) {
        let outside = |letter: &char| !ranges.iter().any(|(low, high)| (*low..=*high).contains(letter));
        let free: Vec<char> = ('a'..='z').chain('0'..='9').chain('A'..='Z').chain("-_. ,:;!#".chars()).filter(outside).collect();
        let letters: Vec<char> = free.iter().copied().filter(char::is_ascii_alphanumeric).collect();
        let choices = if letters.is_empty() { &free } else { &letters };
        let place = self.draws.below(choices.len() as u64) as usize;
        self.text.extend(choices.get(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: [&str; 16] = [
        "^[A-Z]{2}-[0-9]{4}$",
        "^[a-z0-9]+(?:-[a-z0-9]+)*$",
        r"^\d{3}-\d{2}-\d{4}$",
        "^(GB|DE|FR)[[:digit:]]{9}$",
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        "^#[0-9a-fA-F]{6}$",
        r"^https?://[a-z.]+/?",
        r"^(?!.*--)[a-z]([a-z-]{1,20})$",
        "^(?=.*[0-9])[a-z0-9]{8,12}$",
        "abc",
        r"^\S(.*\S)?$",
        "^[^ ]*$",
        r"\mword\M",
        "^[A-Za-zäöü]+$",
        "^$|^x+$",
        r"^[\w.+-]+$",
    ];

    #[test]
    fn what_is_made_matches() {
        for source in PATTERNS {
            let pattern = Pattern::regex(source, false).unwrap_or_else(|| panic!("{source} is not read"));
            for bits in 0..50 {
                let text = pattern.make(u64::wrapping_mul(bits, 0x9E37_79B9_7F4A_7C15), &|_| true);
                assert_eq!(pattern.matches(&text), Some(true), "{source}: {text}");
            }
        }
    }

    #[test]
    fn what_does_not_match_is_told() {
        let matches = |source: &str, text: &str| Pattern::regex(source, false).and_then(|pattern| pattern.matches(text));
        assert_eq!(matches("^[A-Z]{2}$", "AB"), Some(true));
        assert_eq!(matches("^[A-Z]{2}$", "ABC"), Some(false));
        assert_eq!(matches("^[A-Z]{2}$", "Ab"), Some(false));
        assert_eq!(matches("^(?!x)", "xa"), Some(false));
        assert_eq!(matches(r"\mcat\M", "a cat!"), Some(true));
        assert_eq!(matches(r"\mcat\M", "cats"), Some(false));
        assert_eq!(matches("(a*)*b", &"a".repeat(40)), None, "too long to tell");
        assert_eq!(Pattern::regex("^abc$", true).and_then(|pattern| pattern.matches("ABC")), Some(true));
        assert_eq!(Pattern::regex("(?i)^abc$", false).and_then(|pattern| pattern.matches("aBc")), Some(true));
    }

    #[test]
    fn like_is_a_pattern_too() {
        let pattern = Pattern::like("A_\\_%z", false).unwrap();
        assert_eq!(pattern.matches("Ax_..z"), Some(true));
        assert_eq!(pattern.matches("Axy..z"), Some(false));
        assert_eq!(pattern.matches(&pattern.make(7, &|_| true)), Some(true));
    }

    #[test]
    fn what_is_not_read_is_left_to_the_database() {
        for source in [r"(a)\1", "[[.a.]]", "*a", "(a", "(?<=a)b", "a{x}"] {
            assert_eq!(Pattern::regex(source, false), None, "{source}");
        }
    }

    #[test]
    fn a_wish_beyond_the_pattern_is_heard() {
        let pattern = Pattern::regex("^[a-z]+$", false).unwrap();
        for bits in 0..50 {
            assert!(pattern.make(bits, &|text| text.len() <= 3).len() <= 3);
        }
    }
}
