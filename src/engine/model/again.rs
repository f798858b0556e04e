//! A dialogue held once more from its replies alone: the questions that had none then have none now.

use std::collections::BTreeSet;

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::exchange::{Answer, Dialogue, Failure, FailureKind, Question, Verdict};

/// A dialogue in which only some questions are answered.
pub struct Again<'a> {
    dialogue: &'a mut dyn Dialogue,
    answered: BTreeSet<&'a str>,
}

impl std::fmt::Debug for Again<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Again").field("answered", &self.answered.len()).finish_non_exhaustive()
    }
}

impl<'a> Again<'a> {
    /// The dialogue with the keys of the questions that were answered.
    pub fn new(dialogue: &'a mut dyn Dialogue, answered: &'a [String]) -> Self {
        Self { dialogue, answered: answered.iter().map(String::as_str).collect() }
    }
}

impl Dialogue for Again<'_> {
    fn next(&mut self) -> Result<Option<Question>, Error> {
        while let Some(question) = self.dialogue.next()? {
            if self.answered.contains(question.key.as_str()) {
                return Ok(Some(question));
            }
            let failure = Failure { kind: FailureKind::Question, message: "no reply came when the run asked".to_owned() };
            self.dialogue.answered(&question, Err(failure))?;
        }
        Ok(None)
    }

    fn answered(&mut self, question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error> {
        if answer.is_err() {
            return Err(Error::new(
                sqlstate::NOT_IN_PREREQUISITE_STATE,
                format!("the reply for batch {} of {} is not stored any more", question.batch, question.table_name),
            )
            .hint("The run took it before; import it again from a backup (synthgen.import_replies)."));
        }
        self.dialogue.answered(question, answer)
    }
}
