//! Carries a dialogue out: as many questions under way as there is room for, each reply kept before it is read.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::engine::error::Error;
use crate::engine::model::{Answer, Dialogue, Failure, FailureKind, Question, Verdict};
use crate::http::client::{Client, Fault, FaultKind, Landed, Request};
use crate::http::dialect::Reply;
use crate::http::usage::Usage;

/// How long the client works before the door is asked whether the user wants to stop.
const TICK: Duration = Duration::from_millis(50);

/// How long it works between two replies that wait to be read: enough to send what is to be sent.
const GLANCE: Duration = Duration::from_millis(1);

/// Whose prompts and replies are recorded under this purpose alone; it is asked anew each time.
const CHECK: &str = "check";

/// One question and what came of it, for the record.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// The reply as it came.
    pub reply: Option<&'a str>,
    /// What the engine made of it.
    pub verdict: &'a Verdict,
    /// Whether the server cut it at the token limit.
    pub truncated: bool,
    /// Whether the reply was kept from earlier.
    pub replayed: bool,
    /// Tokens it took.
    pub usage: Usage,
    /// US dollars, where the price is known.
    pub cost: Option<f64>,
    /// From the first request to the end.
    pub latency: Duration,
    /// Requests that were sent and not refused.
    pub requests: u32,
    /// What went wrong, on the way or at the end.
    pub error: Option<String>,
}

/// What a door does for a dialogue.
pub trait Keeper {
    /// The reply kept under a key.
    fn stored(&mut self, key: &str) -> Result<Option<Answer>, Error>;
    /// Keeps a paid reply: it outlives whatever happens afterwards. Asks nothing of a database, which could be
    /// cancelled while other replies wait to be kept.
    fn keep(&mut self, question: &Question, reply: &Reply, cost: Option<f64>) -> Result<(), Error>;
    /// Records what came of a question.
    fn record(&mut self, exchange: &Exchange) -> Result<(), Error>;
    /// An error when the user wants to stop; asked every 50 ms.
    fn interrupted(&mut self) -> Result<(), Error>;
    /// A line of the report.
    fn notice(&mut self, text: &str);
}

/// Carries a dialogue to its end. Without a client (`Mode::Replay`) nothing is sent, and the dialogue hears of each
/// question without a stored reply. What failures mean is the dialogue's to say.
pub fn carry(client: Option<&mut Client>, dialogue: &mut dyn Dialogue, keeper: &mut dyn Keeper) -> Result<(), Error> {
    Carrier { client, dialogue, keeper, under_way: HashMap::new(), next: 0, told: false }.run()
}

struct Carrier<'a> {
    client: Option<&'a mut Client>,
    dialogue: &'a mut dyn Dialogue,
    keeper: &'a mut dyn Keeper,
    under_way: HashMap<u64, Question>,
    next: u64,
    /// Whether the report says already that the model was given up.
    told: bool,
}

impl Carrier<'_> {
    fn run(mut self) -> Result<(), Error> {
        loop {
            self.ask()?;
            if self.under_way.is_empty() {
                return Ok(());
            }
            let mut landed = VecDeque::from(self.landed(TICK)?);
            self.keeper.interrupted()?;
            while let Some((question, reply)) = landed.pop_front() {
                self.hand_over(&question, &reply)?;
                if !landed.is_empty() {
                    // The next question is on its way while the other replies are read.
                    self.ask()?;
                    landed.extend(self.landed(GLANCE)?);
                }
            }
        }
    }

    /// Asks while there are questions and room for them.
    fn ask(&mut self) -> Result<(), Error> {
        while self.client.as_ref().is_none_or(|client| client.has_room()) {
            self.keeper.interrupted()?;
            let Some(question) = self.dialogue.next()? else { return Ok(()) };
            if let Some(answer) = self.stored(&question)? {
                self.replay(&question, answer)?;
            } else {
                self.send(question)?;
            }
        }
        Ok(())
    }

    fn stored(&mut self, question: &Question) -> Result<Option<Answer>, Error> {
        if question.purpose == CHECK { Ok(None) } else { self.keeper.stored(&question.key) }
    }

    fn replay(&mut self, question: &Question, answer: Answer) -> Result<(), Error> {
        let (text, truncated) = (answer.text.clone(), answer.truncated);
        let verdict = self.dialogue.answered(question, Ok(Answer { replayed: true, ..answer }))?;
        self.keeper.record(&Exchange { reply: Some(&text), truncated, replayed: true, ..nothing(question, &verdict) })
    }

    fn send(&mut self, question: Question) -> Result<(), Error> {
        let Some(client) = &mut self.client else {
            let failure = Failure { kind: FailureKind::NotStored, message: "no reply is stored".to_owned() };
            return self.dialogue.answered(&question, Err(failure)).map(drop);
        };
        if let Some(fault) = client.closed() {
            return self.failed(&question, fault, None);
        }
        self.next += 1;
        client.send(
            self.next,
            Request {
                system: question.system.clone(),
                prompt: question.prompt.clone(),
                schema: question.schema.clone(),
                most_tokens: question.most_tokens,
            },
        );
        self.under_way.insert(self.next, question);
        Ok(())
    }

    /// What has landed within some time, all of it kept.
    fn landed(&mut self, mut wait: Duration) -> Result<Vec<(Question, Landed)>, Error> {
        let mut all = Vec::new();
        while let Some(landed) = self.client.as_mut().and_then(|client| client.wait(wait)) {
            let Some(question) = self.under_way.remove(&landed.number) else { continue };
            if let Ok(reply) = &landed.outcome
                && question.purpose != CHECK
            {
                self.keeper.keep(&question, reply, landed.cost)?;
            }
            all.push((question, landed));
            wait = Duration::ZERO;
        }
        Ok(all)
    }

    fn hand_over(&mut self, question: &Question, landed: &Landed) -> Result<(), Error> {
        let reply = match &landed.outcome {
            Ok(reply) => reply.clone(),
            Err(fault) => return self.failed(question, fault.clone(), Some(landed)),
        };
        let answer = Answer { text: reply.text.clone(), truncated: reply.truncated, replayed: false };
        let verdict = self.dialogue.answered(question, Ok(answer))?;
        self.keeper.record(&Exchange {
            reply: Some(&reply.text),
            truncated: reply.truncated,
            usage: reply.usage,
            cost: landed.cost,
            latency: landed.latency,
            requests: landed.requests,
            error: joined(&landed.troubles),
            ..nothing(question, &verdict)
        })
    }

    fn failed(&mut self, question: &Question, fault: Fault, landed: Option<&Landed>) -> Result<(), Error> {
        self.tell(&fault);
        let kind = if fault.kind == FaultKind::Question { FailureKind::Question } else { FailureKind::Closed };
        let failure = Failure { kind, message: fault.message.clone() };
        let verdict = self.dialogue.answered(question, Err(failure))?;
        let Some(landed) = landed else {
            return Ok(());
        };
        let mut troubles = landed.troubles.clone();
        if !troubles.contains(&fault.message) {
            troubles.push(fault.message);
        }
        self.keeper.record(&Exchange {
            cost: landed.cost,
            latency: landed.latency,
            requests: landed.requests,
            error: joined(&troubles),
            ..nothing(question, &verdict)
        })
    }

    /// One notice when the model is given up.
    fn tell(&mut self, fault: &Fault) {
        let closed = self.client.as_ref().and_then(|client| client.closed());
        let closed = closed.or_else(|| Some(fault.clone()).filter(|fault| fault.kind != FaultKind::Question));
        if let Some(closed) = closed.filter(|_| !self.told) {
            self.told = true;
            self.keeper.notice(&format!("model: no longer asked: {}", closed.message));
        }
    }
}

fn nothing<'a>(question: &'a Question, verdict: &'a Verdict) -> Exchange<'a> {
    Exchange {
        question,
        reply: None,
        verdict,
        truncated: false,
        replayed: false,
        usage: Usage::default(),
        cost: None,
        latency: Duration::ZERO,
        requests: 0,
        error: None,
    }
}

fn joined(troubles: &[String]) -> Option<String> {
    (!troubles.is_empty()).then(|| troubles.join("; "))
}
