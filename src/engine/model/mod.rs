//! What is asked of a language model and what is made of its replies: prompts, reply schema, validation, replay keys.
//!
//! Pure: `port::LanguageModel` carries the questions out and the replies in. `content` says which columns a model
//! writes, `facts` what it is told of each row, `writing` is the dialogue; the rows then read what was written
//! (`rows::Written`).

mod again;
mod asking;
mod author;
mod authorship;
mod batch;
mod check;
mod content;
mod exchange;
mod facts;
mod forecast;
mod read;
mod share;
mod survey;
mod template;
#[cfg(test)]
mod tests;
mod writing;

pub use again::Again;
pub use authorship::Authorship;
pub use content::{ContentColumn, content};
pub use exchange::{Access, Answer, Dialogue, Failure, FailureKind, Mode, Price, Question, Verdict};
pub use forecast::{Forecast, Leaving, Prepared, TableForecast, prepare};
pub use share::Share;
pub use template::{BUILT_IN, Templates};
pub use writing::{Setup, Writing};
