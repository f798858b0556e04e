//! How many tokens an exchange took.

/// Tokens of one exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub input: u64,
    /// Tokens of the reply, thinking included.
    pub output: u64,
    /// Whether the server was silent and these are estimates.
    pub estimated: bool,
}

/// An estimate of a text's tokens: four ASCII characters a token, one and a half other characters a token, as the
/// tokenizers of 2024 and 2025 do on English and on most other scripts. Rounded up.
pub fn estimated_tokens(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count() as u64;
    let other = text.chars().filter(|character| !character.is_ascii()).count() as u64;
    ascii.div_ceil(4) + (other * 2).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::estimated_tokens;

    #[test]
    fn an_estimate_grows_with_the_text() {
        assert_eq!(estimated_tokens(""), 0);
        assert_eq!(estimated_tokens("word"), 1);
        assert_eq!(estimated_tokens("five!"), 2);
        assert_eq!(estimated_tokens("漢字漢"), 2);
    }
}
