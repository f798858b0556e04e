//! The words in which the engine and whoever reaches a model talk to each other.

use serde_json::Value as Json;

use crate::engine::error::Error;

/// May a call ask the model, and must it?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Ask; what fails is made by algorithms.
    Auto,
    /// Never ask, use no reply.
    Off,
    /// Use stored replies only; a question without one is an error.
    Replay,
    /// Ask; what fails is an error.
    Require,
}

/// The model that a session may use.
#[derive(Debug, Clone)]
pub enum Access {
    /// None, and why: a phrase for the report (`synthgen.llm_base_url is not set in this session`).
    None(String),
    /// This one.
    Model {
        /// Its name, as the server knows it.
        name: String,
        /// Rows of one batch.
        batch_rows: u64,
        /// Rows of one table that are written one by one; beyond them vocabularies are.
        rows_per_table: u64,
        /// Calls that one run may make.
        max_calls: u64,
        /// What one run may spend, in US dollars.
        max_cost: f64,
        /// What its tokens cost, where known; nothing on this machine.
        price: Option<Price>,
        /// What prompts may hold: names | structure | reference | rows.
        share: String,
    },
}

/// US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Of the prompt.
    pub input: f64,
    /// Of the reply.
    pub output: f64,
}

impl Price {
    /// What so many tokens cost.
    pub fn of(self, input: u64, output: u64) -> f64 {
        (self.input * input as f64 + self.output * output as f64) / 1e6
    }
}

/// One question: a prompt and the shape of the reply.
#[derive(Debug, Clone)]
pub struct Question {
    /// Names the question by what is asked and told: the key under which its reply is kept, 32 hexadecimal digits.
    pub key: String,
    /// OID of the table whose rows are written; 0 for a check.
    pub table_oid: u32,
    /// Its name, quoted and schema-qualified.
    pub table_name: String,
    /// Which batch of the table, from 1.
    pub batch: u32,
    /// From 1; a question repeated with reasons is the next attempt.
    pub attempt: u32,
    /// write | repair | author | check
    pub purpose: &'static str,
    /// What the model is.
    pub system: String,
    /// What it is asked.
    pub prompt: String,
    /// JSON Schema of the reply: an object, `additionalProperties` false, all properties required.
    pub schema: Json,
    /// Tokens that the reply may need, at most.
    pub most_tokens: u32,
}

/// A reply as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The text of the reply, unparsed.
    pub text: String,
    /// Whether the server cut it at the token limit.
    pub truncated: bool,
    /// Whether it was kept from an earlier question of the same key, and cost nothing.
    pub replayed: bool,
}

/// Why a question has no reply.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// For people: lower case, no full stop, neither key nor prompt in it.
    pub message: String,
}

/// Kinds of failure, by what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// This question failed; others may succeed.
    Question,
    /// The model was given up: limits reached, too many failures in a row, key refused. All later questions fail alike.
    Closed,
    /// `Mode::Replay`: no reply is stored for the question.
    NotStored,
}

/// What the engine made of a reply; recorded with it.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// ok | repaired | partial | unusable | failed
    pub outcome: &'static str,
    /// The rows as read from the reply.
    pub extracted: Option<Json>,
    /// Cells that were not taken, with the reasons.
    pub rejected: Option<Json>,
}

/// Questions in the order in which they become ready, and where the replies go.
///
/// Whoever carries it out keeps as many questions under way as it may: it asks `next` until that has none, and again
/// after each `answered`. It ends when `next` has none and nothing is under way.
pub trait Dialogue {
    /// A question that can be asked now; `None` while all others wait for replies, and at the end.
    fn next(&mut self) -> Result<Option<Question>, Error>;
    /// Takes the reply of a question, or why there is none. An error ends the dialogue.
    fn answered(&mut self, question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error>;
}
