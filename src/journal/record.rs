//! A record and its bytes: length, checksum, payload as JSON.

use serde_json::{Value as Json, json};
use xxhash_rust::xxh3::xxh3_64;

/// A reply that was paid for.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The question's key.
    pub key: String,
    /// The model that was asked.
    pub model: String,
    /// The reply's text.
    pub reply: String,
    /// Whether the server cut it.
    pub truncated: bool,
    /// Tokens of the prompt.
    pub input_tokens: u64,
    /// Tokens of the reply.
    pub output_tokens: u64,
    /// Whether these are estimates.
    pub tokens_estimated: bool,
    /// US dollars, where the price is known.
    pub cost: Option<f64>,
    /// The role that paid.
    pub role: String,
    /// The transaction in which it was asked for, as PostgreSQL numbers them (xid8).
    pub transaction: String,
}

/// Bytes before the payload: its length (u32) and its checksum (XXH3, u64), little endian.
const HEADER: usize = 12;

/// No reply is longer (a client takes 8 MB); a greater length is damage.
const MOST_BYTES: usize = 64 << 20;

impl Record {
    /// The record as one object; a door stores it from there.
    pub fn to_json(&self) -> Json {
        json!({
            "key": self.key, "model": self.model, "reply": self.reply, "truncated": self.truncated,
            "input_tokens": self.input_tokens, "output_tokens": self.output_tokens, "tokens_estimated": self.tokens_estimated,
            "cost": self.cost, "role": self.role, "transaction": self.transaction,
        })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let payload = self.to_json().to_string();
        let mut bytes = Vec::with_capacity(HEADER + payload.len());
        bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&xxh3_64(payload.as_bytes()).to_le_bytes());
        bytes.extend_from_slice(payload.as_bytes());
        bytes
    }

    /// The first record of the bytes and its length; `None` where they end or are damaged.
    pub(super) fn first(bytes: &[u8]) -> Option<(Self, usize)> {
        let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
        let checksum = u64::from_le_bytes(bytes.get(4..HEADER)?.try_into().ok()?);
        if length > MOST_BYTES {
            return None;
        }
        let payload = bytes.get(HEADER..HEADER + length)?;
        if xxh3_64(payload) != checksum {
            return None;
        }
        Some((Self::from_json(&serde_json::from_slice(payload).ok()?)?, HEADER + length))
    }

    fn from_json(json: &Json) -> Option<Self> {
        let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            key: text("key")?,
            model: text("model")?,
            reply: text("reply")?,
            truncated: json.get("truncated")?.as_bool()?,
            input_tokens: json.get("input_tokens")?.as_u64()?,
            output_tokens: json.get("output_tokens")?.as_u64()?,
            tokens_estimated: json.get("tokens_estimated")?.as_bool()?,
            cost: json.get("cost")?.as_f64(),
            role: text("role")?,
            transaction: text("transaction")?,
        })
    }
}
