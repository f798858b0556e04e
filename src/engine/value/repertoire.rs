//! Which letters a database can store: all of Unicode, those of western Europe, or ASCII alone.

use std::borrow::Cow;

use crate::engine::rules::transliteration::ascii;

/// The letters that a database's encoding has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repertoire {
    /// All of them.
    Unicode,
    /// ASCII and the upper half of Latin-1.
    Western,
    /// ASCII, which every encoding has: what lies beyond it is not ours to know.
    Ascii,
}

impl Repertoire {
    /// The letters of an encoding, by PostgreSQL's name for it.
    ///
    /// `SQL_ASCII` stores any bytes and knows no letter of them: there a text of varchar(5) has five bytes.
    pub fn of(encoding: &str) -> Self {
        match encoding {
            "UTF8" => Self::Unicode,
            "LATIN1" | "LATIN9" | "WIN1252" => Self::Western,
            _ => Self::Ascii,
        }
    }

    fn has(self, letter: char) -> bool {
        match self {
            Self::Unicode => true,
            // Latin-9 has other letters at these eight places.
            Self::Western => {
                letter.is_ascii()
                    || ('\u{a0}'..='\u{ff}').contains(&letter) && !matches!(letter, '¤' | '¦' | '¨' | '´' | '¸' | '¼' | '½' | '¾')
            }
            Self::Ascii => letter.is_ascii(),
        }
    }

    /// The text as the encoding can write it: without marks, or without the letter.
    pub fn spell(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() || text.chars().all(|letter| self.has(letter)) {
            return text.into();
        }
        let mut spelled = String::with_capacity(text.len());
        for letter in text.chars() {
            if self.has(letter) {
                spelled.push(letter);
            } else {
                spelled.push_str(&ascii(letter.encode_utf8(&mut [0; 4])));
            }
        }
        spelled.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_an_encoding_lacks_lose_their_marks() {
        assert_eq!(Repertoire::of("UTF8").spell("Łódź – Müller"), "Łódź – Müller");
        assert_eq!(Repertoire::of("LATIN1").spell("Łódź – Müller"), "Lódz - Müller");
        assert_eq!(Repertoire::of("SQL_ASCII").spell("Łódź – Müller"), "Lodz - Mueller");
        assert_eq!(Repertoire::of("LATIN9").spell("½ €漢"), " ");
    }
}
