//! Values in COPY's text format.

use super::Value;

/// The high bit of each byte of a word.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// A one in each byte of a word.
const ONES: u64 = 0x0101_0101_0101_0101;

impl Value {
    /// Appends the cell as COPY's text format has it, without a delimiter: `\N` for NULL, escapes in texts.
    ///
    /// A NUL character, which no PostgreSQL text can hold, is left out.
    pub fn write_copy(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"\\N"),
            Self::Text(text) => push_escaped(out, text.as_bytes()),
            _ => self.push_plain(out),
        }
    }
}

/// Appends text with COPY's escapes.
fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    if !needs_escape(text) {
        out.extend_from_slice(text);
        return;
    }
    for &byte in text {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0b => out.extend_from_slice(b"\\v"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0 => {}
            _ => out.push(byte),
        }
    }
}

/// Whether any byte is a control character or a backslash, eight bytes at a time.
fn needs_escape(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    words.iter().any(|word| word_needs_escape(u64::from_le_bytes(*word))) || rest.iter().any(|&byte| byte < 0x20 || byte == b'\\')
}

/// A byte below n (at most 128) sets its high bit in `(word - n * ONES) & !word & HIGH`
/// (Sean Anderson, "Bit Twiddling Hacks"); a borrow can only add a false alarm above a true one.
fn word_needs_escape(word: u64) -> bool {
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let slash = word ^ (ONES * u64::from(b'\\'));
    let backslash = slash.wrapping_sub(ONES) & !slash;
    (control | backslash) & HIGH != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn copy(value: &Value) -> String {
        let mut out = Vec::new();
        value.write_copy(&mut out);
        String::from_utf8(out).unwrap()
    }

    /// What PostgreSQL's CopyReadAttributesText makes of a field.
    fn unescape(field: &str) -> Option<String> {
        if field == "\\N" {
            return None;
        }
        let mut text = String::new();
        let mut characters = field.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\\' => match characters.next().unwrap() {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    other => other,
                },
                other => other,
            });
        }
        Some(text)
    }

    #[test]
    fn null_and_its_look_alike_differ() {
        assert_eq!(copy(&Value::Null), "\\N");
        assert_eq!(copy(&Value::text("\\N")), "\\\\N");
        assert_eq!(copy(&Value::text("\\.")), "\\\\.");
        assert_eq!(copy(&Value::text("a\tb\nc\rd\u{8}e\u{b}f\u{c}g\0h")), "a\\tb\\nc\\rd\\be\\vf\\fgh");
    }

    #[test]
    fn every_special_byte_is_seen_wherever_it_stands() {
        for special in (1..0x20_u8).chain([b'\\', 0x20, b'[', 0x7f]) {
            for place in 0..19 {
                let mut text = "abcdefghijklmnopqrs".to_owned();
                text.replace_range(place..=place, &char::from(special).to_string());
                let field = copy(&Value::text(text.as_str()));
                assert!(!field.contains(['\t', '\n', '\r']), "{special:#x} at {place}");
                assert_eq!(unescape(&field), Some(text), "{special:#x} at {place}");
            }
        }
    }

    proptest! {
        #[test]
        fn escaping_round_trips(text in "([a-zA-Z äß漢\u{1F600}]|[\u{1}-\u{1f}]|\\\\){0,40}") {
            let field = copy(&Value::text(text.as_str()));
            prop_assert!(!field.contains(['\t', '\n', '\r']));
            prop_assert_eq!(unescape(&field), Some(text));
        }
    }
}
