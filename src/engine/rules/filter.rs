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
    /// The first letter a capital, the others as they are.
    Capitalize,
    /// The first letter of each word a capital, the others as they are.
    Title,
    /// The first letter.
    Initial,
    /// The first so many characters.
    First(u32),
    /// The n-th of parts separated by `|`, in an order that is the row's own.
    Pick(u32),
    /// Two neighbouring letters swapped.
    Typo,
    /// Paragraphs of HTML, one for each part between blank lines.
    Html,
}

impl Filter {
    /// The names of all filters, for messages.
    pub const KNOWN: &'static str = "lower, upper, ascii, slug, capitalize, title, initial, first:n, pick:n, typo, html";

    /// The filter of a name such as `lower` or `first:3`.
    pub fn parse(name: &str) -> Option<Self> {
        use Filter::{Ascii, Capitalize, First, Html, Initial, Lower, Pick, Slug, Title, Typo, Upper};
        let Some((word, count)) = name.split_once(':') else {
            return [Lower, Upper, Ascii, Slug, Capitalize, Title, Initial, Typo, Html].into_iter().find(|filter| filter.word() == name);
        };
        let count = count.trim().parse().ok().filter(|&count| count > 0)?;
        [First(count), Pick(count)].into_iter().find(|filter| filter.word() == word.trim())
    }

    /// The filter's name, that of its variant in small letters.
    fn word(self) -> String {
        let variant = format!("{self:?}");
        variant.split('(').next().unwrap_or_default().to_lowercase()
    }

    /// The filtered text. `chance` is a number of the row by which `pick` and `typo` choose.
    pub fn apply<'a>(&self, text: &'a str, chance: u64) -> Cow<'a, str> {
        match self {
            Self::Lower => text.to_lowercase().into(),
            Self::Upper => text.to_uppercase().into(),
            Self::Ascii => ascii(text),
            Self::Slug => slug(text).into(),
            Self::Capitalize => capitalize(text).into(),
            Self::Title => title(text).into(),
            Self::Pick(number) => pick(text, *number as usize, chance).into(),
            Self::Typo => typo(text, chance).into(),
            Self::Html => html(text).into(),
            Self::Initial => first(text, 1).into(),
            Self::First(count) => first(text, *count as usize).into(),
        }
    }

    /// The fewest characters left of a text of `length` characters.
    pub fn shortest(&self, length: usize) -> usize {
        match self {
            Self::Initial => length.min(1),
            Self::First(count) => length.min(*count as usize),
            Self::Slug | Self::Ascii | Self::Pick(_) => 0,
            Self::Lower | Self::Upper | Self::Capitalize | Self::Title | Self::Typo | Self::Html => length,
        }
    }
}

/// The text after all filters, in order; see `Filter::apply` on `chance`.
pub fn apply_all(filters: &[Filter], text: &str, chance: u64) -> String {
    let (Some(first), rest) = (filters.first(), filters.get(1..).unwrap_or_default()) else { return text.to_owned() };
    rest.iter().fold(first.apply(text, chance).into_owned(), |text, filter| filter.apply(&text, chance).into_owned())
}

fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

pub(in crate::engine) fn slug(text: &str) -> String {
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
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_uppercase().chain(letters).collect())
}

/// The parts in an order that begins at the row's own place: `pick:1` and `pick:2` differ wherever there are two.
fn pick(text: &str, number: usize, chance: u64) -> &str {
    let parts: Vec<&str> = text.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
    let Some(start) = chance.checked_rem(parts.len() as u64) else { return "" };
    parts[(start as usize + number - 1) % parts.len()]
}

/// Swaps two letters that stand side by side and differ; a text without such a pair stays.
fn typo(text: &str, chance: u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let swappable = |&at: &usize| letters[at].is_alphabetic() && letters[at + 1].is_alphabetic() && letters[at] != letters[at + 1];
    let places: Vec<usize> = (0..letters.len().saturating_sub(1)).filter(swappable).collect();
    if let Some(choice) = chance.checked_rem(places.len() as u64) {
        let at = places[choice as usize];
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8 + 16);
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        html.push_str(if html.is_empty() { "<p>" } else { "\n<p>" });
        for letter in paragraph.chars() {
            match letter {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                letter => html.push(letter),
            }
        }
        html.push_str("</p>");
    }
    html
}

fn title(text: &str) -> String {
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
        f.write_str(&self.word())?;
        match self {
            Self::First(count) | Self::Pick(count) => write!(f, ":{count}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(names: &str, text: &str) -> String {
        chosen(names, text, 0)
    }

    fn chosen(names: &str, text: &str, chance: u64) -> String {
        let filters: Vec<Filter> = names.split('|').map(|name| Filter::parse(name).expect("a filter")).collect();
        apply_all(&filters, text, chance)
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
        assert_eq!(filtered("title|title", "o'brien-smith and sons"), "O'brien-Smith And Sons");
        assert_eq!(filtered("capitalize", "élan of sons"), "Élan of sons");
        assert_eq!(filtered("capitalize", ""), "");
        assert_eq!(filtered("upper", "straße"), "STRASSE");
    }

    #[test]
    fn parts_are_cut_at_characters_not_bytes() {
        assert_eq!(filtered("initial", "Élodie"), "É");
        assert_eq!(filtered("first:3", "Zoë B"), "Zoë");
        assert_eq!(filtered("first:9", "Zoë"), "Zoë");
    }

    #[test]
    fn picks_of_a_row_differ_and_stay() {
        for chance in 0..7 {
            assert_ne!(chosen("pick:1", "oak|ash | elm", chance), chosen("pick:2", "oak|ash | elm", chance));
        }
        assert_eq!(chosen("pick:1|upper", "oak|ash|elm", 1), "ASH");
        assert_eq!(chosen("pick:2", "oak", 5), "oak");
        assert_eq!(chosen("pick:2", "", 5), "");
    }

    #[test]
    fn paragraphs_become_elements() {
        assert_eq!(filtered("html", "One & two.\n\nThree < four."), "<p>One &amp; two.</p>\n<p>Three &lt; four.</p>");
        assert_eq!(filtered("html", ""), "");
    }

    #[test]
    fn a_typo_swaps_two_different_letters() {
        for chance in 0..9 {
            let wrong = chosen("typo", "great sofa", chance);
            assert_ne!(wrong, "great sofa");
            assert_eq!(wrong.len(), 10);
        }
        assert_eq!(chosen("typo", "aa 1", 3), "aa 1");
    }

    #[test]
    fn names_print_as_they_are_read() {
        let names: Vec<&str> = Filter::KNOWN.split(", ").collect();
        assert_eq!(names.len(), 11);
        for name in names.iter().map(|name| name.replace(":n", ":7")) {
            assert_eq!(Filter::parse(&name).map(|filter| filter.to_string()), Some(name));
        }
        assert_eq!(Filter::parse("first:0"), None);
        assert_eq!(Filter::parse("lower:2"), None);
        assert_eq!(Filter::parse("pick"), None);
    }
}
