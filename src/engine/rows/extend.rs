//! Texts beyond the end of a list: a word before one of its texts, other letters in one of its codes, so that a key goes on
//! finding values of the same kind.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::Source;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;
use crate::engine::vocabulary::{KeyValues, Symbol};

/// From this redraw on texts of lists are extended: the list has come to its end.
pub(crate) const EXTENDED: u32 = 10_000;

/// Redraws beyond it after which two words stand before a text.
const ONE_WORD: u32 = 48;

/// Words drawn until one is short enough.
const TRIES: u32 = 8;

/// Longest text without small letters and blanks that counts as a code, and of a column in which any text is one.
const LONGEST_CODE: usize = 12;
const NARROW: u64 = 5;

/// Whether redraws (of which so many were made) are beyond the end of the lists.
pub(super) fn is_beyond(attempts: u32) -> bool {
    attempts % LAST >= EXTENDED
}

/// Steps of redraws further up are multiples of it.
const LAST: u32 = super::remember::LAST_RESORT;

/// Whether a source draws from lists, or composes of them.
pub(super) fn draws_from_lists(source: &Source) -> bool {
    matches!(source, Source::Tuple(..) | Source::Text(_) | Source::Phrases(_) | Source::Mostly { .. })
}

impl Rows<'_> {
    /// The value itself, or one made of it that lists do not hold.
    pub(super) fn extended(&mut self, table: TableId, column: ColumnId, value: Value, attempts: u32, draws: &mut Draws) -> Value {
        let Value::Text(text) = &value else { return value };
        let most = self.plan.tables[table].columns[column].domain.max_length.unwrap_or(u64::MAX);
        if is_code(text, most) {
            return Value::text(other_code(text, draws));
        }
        if text.contains(['@', '/', '{']) || text.is_empty() {
            return value;
        }
        let Some(words) = self.lists.get(Symbol::new("qualifiers")) else { return value };
        let fitting = words.fitting(&KeyValues::default());
        let mut extended = text.to_string();
        for _ in 0..=u32::from(attempts % EXTENDED > ONE_WORD) {
            let longer = (0..TRIES).find_map(|_| {
                let word = fitting.draw(draws.bits())?.first()?.text();
                let longer = joined(word, &extended);
                (longer.chars().count() as u64 <= most).then_some(longer)
            });
            match longer {
                Some(longer) => extended = longer,
                None => break,
            }
        }
        // What has no room for a word gets other letters.
        if extended == **text { Value::text(other_code(text, draws)) } else { Value::text(extended) }
    }
}

fn is_code(text: &str, most: u64) -> bool {
    let letters = text.chars().count();
    let signs = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    let named = text.chars().any(|letter| letter.is_ascii_alphanumeric());
    let small = text.chars().any(|letter| letter.is_ascii_lowercase());
    signs && named && (most <= NARROW || letters <= 2 || !small && letters <= LONGEST_CODE)
}

/// The text with other letters and digits where it has any.
fn other_code(text: &str, draws: &mut Draws) -> String {
    let mut other = |letter: char| match letter {
        'A'..='Z' => char::from(b'A' + draws.below(26) as u8),
        'a'..='z' => char::from(b'a' + draws.below(26) as u8),
        '0'..='9' => char::from(b'0' + draws.below(10) as u8),
        sign => sign,
    };
    text.chars().map(&mut other).collect()
}

/// A word before a text, written as the text is: in its case, with what joins its words.
fn joined(word: &str, text: &str) -> String {
    let capital = text.chars().next().is_some_and(char::is_uppercase);
    let all_capitals = capital && !text.chars().any(char::is_lowercase);
    let word = match (all_capitals, capital) {
        (true, _) => word.to_uppercase(),
        (_, true) => word[..1].to_uppercase() + &word[1..],
        _ => word.to_owned(),
    };
    let between = if text.contains(' ') { ' ' } else { text.chars().find(|letter| "-_.".contains(*letter)).unwrap_or(' ') };
    format!("{word}{between}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_joined_as_the_text_is_written() {
        assert_eq!(joined("northern", "Sales"), "Northern Sales");
        assert_eq!(joined("northern", "gift-idea"), "northern-gift-idea");
        assert_eq!(joined("new", "jazz"), "new jazz");
        assert_eq!(joined("new", "free_sample"), "new_free_sample");
        assert_eq!(joined("new", "SALES TEAM"), "NEW SALES TEAM");
    }

    #[test]
    fn codes_are_told_from_words() {
        for code in ["EUR", "FR", "de", "A-12", "US-CA", "x1"] {
            assert!(is_code(code, u64::MAX), "{code}");
        }
        for word in ["Euro", "jazz", "new", "Tea", "Hand Tools", "gift-idea", "a b"] {
            assert!(!is_code(word, 40), "{word}");
        }
        assert!(is_code("deu", 3));
    }

    #[test]
    fn extended_texts_begin_where_lists_end() {
        assert!(!is_beyond(0) && !is_beyond(255) && is_beyond(EXTENDED) && is_beyond(EXTENDED + 70));
        assert!(!is_beyond(LAST) && is_beyond(LAST + EXTENDED));
    }
}
