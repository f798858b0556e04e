//! `llm_check`: one tiny question, and what can be told of the model.

use serde_json::json;

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::{Answer, Dialogue, Failure, Question, Verdict};
use crate::extension::backend::Backend;
use crate::extension::model::access::Connection;
use crate::extension::model::door::Door;
use crate::extension::settings;
use crate::http::{Budget, Client, Exchange, Keeper, Limits, Reply, carry};

/// Items and values.
type Findings = Vec<(String, String)>;

/// Asks the first model of the session.
pub(crate) fn check(world: &mut Backend) -> Result<Findings, Error> {
    let mut findings = Findings::new();
    let mut tell = |item: &str, value: String| findings.push((item.to_owned(), value));
    let connection = match Connection::of_session(world)? {
        Ok(connection) => connection,
        Err(reason) => {
            tell("failure", reason);
            return Ok(findings);
        }
    };
    let model = connection.choose(None)?;
    let price = connection.price(world, &model)?;
    tell("server", format!("{} ({})", connection.address.host(), connection.address.dialect.name()));
    tell("model", model.clone());
    tell("key", if connection.key.is_some() { "from the file of synthgen.llm_api_key_file" } else { "none" }.to_owned());
    let limits = Limits { request: settings::llm_timeout(), concurrency: 1 };
    let budget = Budget::new(u64::MAX, settings::LLM_MAX_COST.get(), price, 0, 0.0);
    let mut client = Client::open(connection.address, &model, connection.key, limits, budget)
        .map_err(|why| Error::new(sqlstate::MODEL_FAILED, "cannot reach the language model").detail(format!("{why}.")))?;
    let mut question = Check { asked: false, outcome: None };
    let mut listener = Listener { door: Door::keeping(world, None, &model)?, heard: Findings::new() };
    carry(Some(&mut client), &mut question, &mut listener)?;
    match question.outcome {
        Some(Ok(answer)) => {
            tell("structured output", client.level().to_owned());
            tell("reply", if is_one(&answer) { "as asked for".to_owned() } else { format!("not as asked for: {}", shortened(&answer)) });
        }
        Some(Err(failure)) => tell("failure", failure),
        None => {}
    }
    findings.append(&mut listener.heard);
    let told = price.map_or("not known: synthgen.llm_max_cost does not bind".to_owned(), |price| {
        format!("{} USD a million tokens of prompts, {} of replies", price.input, price.output)
    });
    findings.push(("prices".to_owned(), told));
    Ok(findings)
}

/// One question: the number one.
struct Check {
    asked: bool,
    outcome: Option<Result<String, String>>,
}

impl Dialogue for Check {
    fn next(&mut self) -> Result<Option<Question>, Error> {
        if std::mem::replace(&mut self.asked, true) {
            return Ok(None);
        }
        Ok(Some(Question {
            key: String::new(),
            table_oid: 0,
            table_name: String::new(),
            batch: 1,
            attempt: 1,
            purpose: "check",
            system: "You answer with JSON.".to_owned(),
            prompt: "Answer with the number 1 as \"number\".".to_owned(),
            schema: json!({"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"], "additionalProperties": false}),
            most_tokens: 1000,
        }))
    }

    fn answered(&mut self, _question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error> {
        let outcome = match &answer {
            Ok(answer) if is_one(&answer.text) => "ok",
            Ok(_) => "unusable",
            Err(_) => "failed",
        };
        self.outcome = Some(answer.map(|answer| answer.text).map_err(|failure| failure.message));
        Ok(Verdict { outcome, ..Verdict::default() })
    }
}

fn is_one(text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|json: serde_json::Value| json.get("number").and_then(serde_json::Value::as_i64) == Some(1))
}

fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(200).collect();
    line.trim().to_owned()
}

/// Hears what the record is told, and passes it on.
struct Listener<'a> {
    door: Door<'a>,
    heard: Findings,
}

impl Keeper for Listener<'_> {
    fn stored(&mut self, key: &str) -> Result<Option<Answer>, Error> {
        self.door.stored(key)
    }

    fn keep(&mut self, question: &Question, reply: &Reply, cost: Option<f64>) -> Result<(), Error> {
        self.door.keep(question, reply, cost)
    }

    fn record(&mut self, exchange: &Exchange) -> Result<(), Error> {
        self.heard.push(("latency".to_owned(), format!("{:.0} ms", exchange.latency.as_secs_f64() * 1000.0)));
        if exchange.reply.is_some() {
            let kind = if exchange.usage.estimated { "estimated, the server is silent" } else { "as the server counts" };
            self.heard.push(("tokens".to_owned(), format!("{} + {} ({kind})", exchange.usage.input, exchange.usage.output)));
        }
        if let Some(error) = exchange.error.as_ref().filter(|_| exchange.reply.is_some()) {
            self.heard.push(("on the way".to_owned(), error.clone()));
        }
        self.door.record(exchange)
    }

    fn interrupted(&mut self) -> Result<(), Error> {
        self.door.interrupted()
    }

    fn notice(&mut self, text: &str) {
        self.door.notice(text);
    }
}
