//! What a server takes, learnt from its refusals and remembered for the process by address and model.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// How the shape of a reply is asked for, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// A JSON schema that the server enforces.
    Strict,
    /// The same without the word "strict", which older servers do not know.
    Schema,
    /// Any JSON object (chat completions); a tool whose input is the reply (messages).
    Object,
    /// The prompt alone.
    Plain,
}

impl Level {
    /// As `llm_check` shows it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Strict => "json_schema, strict",
            Self::Schema => "json_schema",
            Self::Object => "json_object",
            Self::Plain => "plain text",
        }
    }

    fn below(self) -> Option<Self> {
        match self {
            Self::Strict => Some(Self::Schema),
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

/// Where the limit of a reply's length stands, in the order in which it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LengthLimit {
    /// `max_tokens`
    MaxTokens,
    /// `max_completion_tokens`
    MaxCompletionTokens,
    /// Nowhere.
    None,
}

/// What a request may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    pub(super) level: Level,
    pub(super) length: LengthLimit,
    pub(super) temperature: bool,
    /// Whether the system prompt is a message of its own.
    pub(super) system: bool,
}

impl Default for Abilities {
    fn default() -> Self {
        Self { level: Level::Strict, length: LengthLimit::MaxTokens, temperature: true, system: true }
    }
}

impl Abilities {
    /// Less, by what a refusal (400 or 422) says; `None` where nothing is left to leave out. The flag tells whether the
    /// refusal named what was left out, so that others need not find out too.
    pub(super) fn without(self, refusal: &str) -> Option<(Self, bool)> {
        let said = refusal.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if self.length != LengthLimit::None && says(&["max_tokens", "max_completion_tokens"]) {
            return Some((self.other_length(), true));
        }
        if self.temperature && said.contains("temperature") {
            return Some((Self { temperature: false, ..self }, true));
        }
        if self.system && says(&["system role", "system message", "role 'system'", "role: system", "system prompt"]) {
            return Some((Self { system: false, ..self }, true));
        }
        let level = self.level.below()?;
        let named = says(&["response_format", "json_schema", "json_object", "output_config", "schema", "strict", "grammar", "tool"]);
        // "strict" alone is the smaller step; where formats as such are refused, the next refusal leads further down.
        Some((Self { level, ..self }, named))
    }

    fn other_length(self) -> Self {
        let length = if self.length == LengthLimit::MaxTokens { LengthLimit::MaxCompletionTokens } else { LengthLimit::None };
        Self { length, ..self }
    }

    /// What both have: one request found out one thing and another something else.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            length: self.length.max(other.length),
            temperature: self.temperature && other.temperature,
            system: self.system && other.system,
        }
    }
}

static KNOWN: LazyLock<Mutex<HashMap<(String, String), Abilities>>> = LazyLock::new(Mutex::default);

/// What is known of a model at an address; at first the best is assumed.
pub(super) fn known(address: &str, model: &str) -> Abilities {
    let known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    known.get(&(address.to_owned(), model.to_owned())).copied().unwrap_or_default()
}

/// Remembers it.
pub(super) fn remember(address: &str, model: &str, abilities: Abilities) {
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    known.insert((address.to_owned(), model.to_owned()), abilities);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refusal_names_is_left_out() {
        let all = Abilities::default();
        let (length, named) = all.without("Unsupported parameter: 'max_tokens', use 'max_completion_tokens'").expect("a step is left");
        assert_eq!((length.length, named), (LengthLimit::MaxCompletionTokens, true));
        let (none, _) = length.without("unknown field max_completion_tokens").expect("a step is left");
        assert_eq!(none.length, LengthLimit::None);
        assert!(all.without("'temperature' does not support 0.9").is_some_and(|(less, named)| !less.temperature && named));
        assert!(all.without("System role not supported").is_some_and(|(less, named)| !less.system && named));
    }

    #[test]
    fn the_ladder_ends_at_plain_text() {
        let mut steps = Vec::new();
        let mut abilities = Abilities::default();
        while let Some((less, named)) = abilities.without("bad request") {
            assert!(!named);
            abilities = less;
            steps.push(less.level);
        }
        assert_eq!(steps, [Level::Schema, Level::Object, Level::Plain]);
    }
}
