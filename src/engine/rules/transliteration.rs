//! Latin letters beyond ASCII as people write them without: `ü` as `ue`, `é` as `e`, `ß` as `ss`.

use std::borrow::Cow;

/// Letters and their ASCII spelling: Latin-1, Latin Extended-A, the Romanian letters with comma, common punctuation.
/// German and Nordic letters follow their countries' own custom (`ø` -> `oe`, `å` -> `aa`), the others lose their marks.
const LETTERS: &[(&str, &str)] = &[
    ("ÀÁÂÃĀĂĄ", "A"),
    ("àáâãāăąª", "a"),
    ("ÄÆ", "Ae"),
    ("äæ", "ae"),
    ("Å", "Aa"),
    ("å", "aa"),
    ("ÇĆĈĊČ", "C"),
    ("çćĉċč", "c"),
    ("ÐĎĐ", "D"),
    ("ðďđ", "d"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("èéêëēĕėęě", "e"),
    ("ĜĞĠĢ", "G"),
    ("ĝğġģ", "g"),
    ("ĤĦ", "H"),
    ("ĥħ", "h"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("ìíîïĩīĭįı", "i"),
    ("Ĵ", "J"),
    ("ĵ", "j"),
    ("Ķ", "K"),
    ("ķĸ", "k"),
    ("ĹĻĽĿŁ", "L"),
    ("ĺļľŀł", "l"),
    ("ÑŃŅŇŊ", "N"),
    ("ñńņňŋ", "n"),
    ("ÒÓÔÕŌŎŐ", "O"),
    ("òóôõōŏőº", "o"),
    ("ÖØŒ", "Oe"),
    ("öøœ", "oe"),
    ("ŔŖŘ", "R"),
    ("ŕŗř", "r"),
    ("ŚŜŞŠȘ", "S"),
    ("śŝşšșſ", "s"),
    ("ß", "ss"),
    ("ẞ", "SS"),
    ("ŢŤŦȚ", "T"),
    ("ţťŧț", "t"),
    ("Þ", "Th"),
    ("þ", "th"),
    ("ÙÚÛŨŪŬŮŰŲ", "U"),
    ("ùúûũūŭůűų", "u"),
    ("Ü", "Ue"),
    ("ü", "ue"),
    ("Ŵ", "W"),
    ("ŵ", "w"),
    ("ÝŶŸ", "Y"),
    ("ýÿŷ", "y"),
    ("ŹŻŽ", "Z"),
    ("źżž", "z"),
    ("Ĳ", "IJ"),
    ("ĳ", "ij"),
    ("‘’‚′", "'"),
    ("“”„″«»", "\""),
    ("‐‑‒–—−", "-"),
    ("\u{a0}\u{2009}\u{202f}", " "),
    ("×", "x"),
    ("…", "..."),
];

/// The text in ASCII; what has no spelling here is dropped.
pub(crate) fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len() + 4);
    for letter in text.chars() {
        if letter.is_ascii() {
            plain.push(letter);
        } else if let Some((_, spelling)) = LETTERS.iter().find(|(letters, _)| letters.contains(letter)) {
            plain.push_str(spelling);
        }
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_latin_1_and_extended_a_has_a_spelling() {
        let missing: Vec<char> = ('\u{c0}'..='\u{17f}').filter(|c| !matches!(c, '÷' | 'ŉ') && ascii(&c.to_string()).is_empty()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn no_letter_has_two_spellings() {
        let all: Vec<char> = LETTERS.iter().flat_map(|(letters, _)| letters.chars()).collect();
        let repeated: Vec<&char> = all.iter().enumerate().filter(|(at, c)| all[..*at].contains(c)).map(|(_, c)| c).collect();
        assert!(repeated.is_empty(), "{repeated:?}");
    }
}
