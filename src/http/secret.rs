//! The key of a model server.

/// A key. It has neither Debug nor Display, so that no message, log or panic can print it.
#[derive(Clone)]
pub struct Secret(String);

/// What stands where a key stood.
const HIDDEN: &str = "[key]";

impl Secret {
    /// Takes the text of a key file: one line of printable ASCII, blanks around it dropped.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let key = text.trim();
        match key {
            "" => Err("it is empty"),
            _ if key.len() > 4096 => Err("it is longer than 4096 bytes"),
            _ if !key.bytes().all(|byte| byte.is_ascii_graphic()) => Err("it is not one line of printable ASCII"),
            _ => Ok(Self(key.to_owned())),
        }
    }

    /// The key itself, for the header that carries it and for nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// The text without the key: servers have been seen to quote it.
    pub fn hide(&self, text: &str) -> String {
        text.replace(&self.0, HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_key_is_one_printable_line() {
        assert!(Secret::new(" sk-abc\n").is_ok_and(|key| key.expose() == "sk-abc"));
        for bad in ["", " \n", "a b", "a\nb", "é", "a\0"] {
            assert!(Secret::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_quoted_key_is_hidden() {
        let key = Secret::new("sk-abc").unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(key.hide("wrong key: sk-abc!"), "wrong key: [key]!");
    }
}
