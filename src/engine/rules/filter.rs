//! Filters of templates: what `{column|ascii|lower}` does to a text.

use std::borrow::Cow;
use std::fmt;

use crate::engine::rules::transliteration::ascii;

/// What is done to the text of a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Small letters.
    Lower,
    /// Capital letters.
    Upper,
    /// Transliterated to ASCII (`Müller` -> `Mueller`); what has no transliteration is dropped.
    Ascii,
    /// ASCII, small, words joined by hyphens.
    Slug,
    /// The first letter of each word a capital, the others as they are.
    Capitalize,
    /// The first letter.
    Initial,
    /// The first so many characters.
    First(u32),
}

impl Filter {
    /// The names of all filters, for messages.
    pub const KNOWN: &'static str = "lower, upper, ascii, slug, capitalize, initial, first:n";

    /// The filter of a name such as `lower` or `first:3`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "lower" => Some(Self::Lower),
            "upper" => Some(Self::Upper),
            "ascii" => Some(Self::Ascii),
            "slug" => Some(Self::Slug),
            "capitalize" => Some(Self::Capitalize),
            "initial" => Some(Self::Initial),
            _ => name.strip_prefix("first:")?.trim().parse().ok().filter(|&n| n > 0).map(Self::First),
        }
    }

    /// The filtered text.
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Self::Lower => text.to_lowercase().into(),
            Self::Upper => text.to_uppercase().into(),
            Self::Ascii => ascii(text),
            Self::Slug => slug(text).into(),
            Self::Capitalize => capitalize(text).into(),
            Self::Initial => first(text, 1).into(),
            Self::First(count) => first(text, *count as usize).into(),
        }
    }

    /// The fewest characters left of a text of `length` characters.
    pub fn shortest(&self, length: usize) -> usize {
        match self {
            Self::Initial => length.min(1),
            Self::First(count) => length.min(*count as usize),
            Self::Slug | Self::Ascii => 0,
            Self::Lower | Self::Upper | Self::Capitalize => length,
        }
    }
}

/// The text after all filters, in order.
pub fn apply_all(filters: &[Filter], text: &str) -> String {
    filters.iter().fold(text.to_owned(), |text, filter| filter.apply(&text).into_owned())
}

fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in ascii(text).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if letter != '\'' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn capitalize(text: &str) -> String {
    let mut capitalised = String::with_capacity(text.len());
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            capitalised.push(letter);
        } else {
            capitalised.extend(letter.to_uppercase());
        }
        inside = letter.is_alphanumeric() || (inside && matches!(letter, '\'' | '’'));
    }
    capitalised
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lower => f.write_str("lower"),
            Self::Upper => f.write_str("upper"),
            Self::Ascii => f.write_str("ascii"),
            Self::Slug => f.write_str("slug"),
            Self::Capitalize => f.write_str("capitalize"),
            Self::Initial => f.write_str("initial"),
            Self::First(count) => write!(f, "first:{count}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(names: &str, text: &str) -> String {
        let filters: Vec<Filter> = names.split('|').map(|name| Filter::parse(name).expect("a filter")).collect();
        apply_all(&filters, text)
    }

    #[test]
    fn names_become_plain_letters() {
        assert_eq!(filtered("ascii|lower", "Jürgen Müller-Groß"), "juergen mueller-gross");
        assert_eq!(filtered("ascii", "François Núñez Ærø Łukasz Șerban Dvořák Þór"), "Francois Nunez Aeroe Lukasz Serban Dvorak Thor");
        assert_eq!(filtered("ascii", "東京 x"), " x");
    }

    #[test]
    fn slugs_hold_no_double_or_outer_hyphens() {
        assert_eq!(filtered("slug", "  Kid's T-Shirt, “Été” & Co. "), "kids-t-shirt-ete-co");
        assert_eq!(filtered("slug", "--"), "");
    }

    #[test]
    fn capitals_stand_at_word_beginnings() {
        assert_eq!(filtered("capitalize", "o'brien-smith and sons"), "O'brien-Smith And Sons");
        assert_eq!(filtered("upper", "straße"), "STRASSE");
    }

    #[test]
    fn parts_are_cut_at_characters_not_bytes() {
        assert_eq!(filtered("initial", "Élodie"), "É");
        assert_eq!(filtered("first:3", "Zoë B"), "Zoë");
        assert_eq!(filtered("first:9", "Zoë"), "Zoë");
    }

    #[test]
    fn names_print_as_they_are_read() {
        for name in ["lower", "upper", "ascii", "slug", "capitalize", "initial", "first:7"] {
            assert_eq!(Filter::parse(name).map(|filter| filter.to_string()).as_deref(), Some(name));
        }
        assert_eq!(Filter::parse("first:0"), None);
        assert_eq!(Filter::parse("first"), None);
    }
}
