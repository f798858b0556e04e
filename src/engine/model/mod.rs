//! What is asked of a language model and what is made of its replies: prompts, reply schema, validation, replay keys.
//!
//! Pure: `port::LanguageModel` carries the questions out and the replies in.

mod exchange;

pub use exchange::{Access, Answer, Dialogue, Failure, FailureKind, Mode, Price, Question, Verdict};
