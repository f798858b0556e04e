//! The model client against the scripted server, without PostgreSQL: every misbehaviour by name.

#[path = "model_server/mod.rs"]
#[expect(dead_code, reason = "the whole server is also used by the tests in a cluster")]
mod model_server;

use std::time::{Duration, Instant};

use model_server::ModelServer;
use serde_json::{Value as Json, json};
use synthgen::engine::error::Error;
use synthgen::engine::model::{Answer, Failure, Price, Question, Verdict};
use synthgen::http::{Address, Budget, Client, Exchange, FaultKind, Keeper, Landed, Limits, Reply, Request, Secret, carry};

const PATIENT: Limits = Limits { request: Duration::from_secs(5), concurrency: 8 };
const HASTY: Limits = Limits { request: Duration::from_millis(300), concurrency: 8 };
const KEY: &str = "sk-test-7f3a9c";

fn request(number: usize) -> Request {
    let row = json!({"type": "object", "properties": {"row": {"type": "integer"}, "title": {"type": "string", "description": "at most 60 characters"}}});
    let schema = json!({"type": "object", "properties": {"rows": {"type": "array", "items": row, "description": "exactly 3 rows"}}});
    Request { system: "You write rows.".to_owned(), prompt: format!("Batch {number}, please."), schema, most_tokens: 500 }
}

fn unlimited() -> Budget {
    Budget::new(u64::MAX, 1e9, None, 0, 0.0)
}

fn client_at(base: &str, limits: Limits, budget: Budget) -> Client {
    let address = Address::parse(base, false).unwrap_or_else(|why| panic!("{base}: {why}"));
    let key = Secret::new(KEY).unwrap_or_else(|why| panic!("{why}"));
    Client::open(address, "small", Some(key), limits, budget).unwrap_or_else(|why| panic!("{why}"))
}

fn ask(client: &mut Client, questions: usize) -> Vec<Landed> {
    (0..questions).for_each(|number| client.send(number as u64, request(number)));
    let mut landed = Vec::new();
    while client.under_way() > 0 {
        landed.extend(client.wait(Duration::from_millis(50)));
    }
    landed.sort_by_key(|landed| landed.number);
    landed
}

/// One question to a server that behaves so.
fn one(server: &ModelServer, behaviour: &str, limits: Limits) -> Landed {
    ask(&mut client_at(&server.base_url(behaviour), limits, unlimited()), 1).pop().expect("one lands")
}

fn text(landed: &Landed) -> &str {
    match &landed.outcome {
        Ok(reply) => &reply.text,
        Err(fault) => panic!("{}", fault.message),
    }
}

fn fault(landed: &Landed) -> (FaultKind, &str) {
    match &landed.outcome {
        Ok(reply) => panic!("it answered {}", reply.text),
        Err(fault) => (fault.kind, &fault.message),
    }
}

fn rows(text: &str) -> usize {
    let document: Json = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    document["rows"].as_array().expect("there are rows").len()
}

#[test]
fn both_dialects_answer() {
    let server = ModelServer::start();
    for base in [server.base_url(""), format!("{}/messages", server.base_url(""))] {
        let landed = ask(&mut client_at(&base, PATIENT, unlimited()), 1).pop().expect("one lands");
        assert_eq!(rows(text(&landed)), 3, "{base}");
        assert!(landed.outcome.is_ok_and(|reply| !reply.usage.estimated && reply.usage.output > 0), "{base}");
    }
    let asked = server.asked();
    let header = |place: usize, name: &str| asked[place].headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    assert_eq!(header(0, "authorization"), Some(format!("Bearer {KEY}")));
    assert_eq!((header(1, "x-api-key"), header(1, "authorization")), (Some(KEY.to_owned()), None));
    assert_eq!(asked[0].body["response_format"]["type"], "json_schema");
    assert_eq!(asked[1].body["output_config"]["format"]["type"], "json_schema");
}

#[test]
fn a_refused_parameter_is_left_out_and_stays_out() {
    for (word, gone) in [("max_tokens", "/max_tokens"), ("temperature", "/temperature"), ("strict", "/response_format/json_schema/strict")]
    {
        let server = ModelServer::start();
        let first = one(&server, &format!("refuses:{word}"), PATIENT);
        assert_eq!(rows(text(&first)), 3, "{word}");
        assert_eq!((first.requests, first.troubles.len()), (1, 1), "{word}: {:?}", first.troubles);
        let again = one(&server, &format!("refuses:{word}"), PATIENT);
        assert_eq!((rows(text(&again)), again.troubles.len()), (3, 0), "{word} is remembered");
        let asked = server.asked();
        assert_eq!(asked.len(), 3, "{word}");
        assert!(asked[0].body.pointer(gone).is_some() && asked[2].body.pointer(gone).is_none(), "{word}");
    }
}

#[test]
fn the_ladder_ends_where_the_server_understands() {
    for (behaviour, asked, level) in [
        ("refuses:json_schema", 3, "json_object"),
        ("refuses:response_format", 4, "plain text"),
        ("refuses_mutely:response_format", 4, "plain text"),
    ] {
        let server = ModelServer::start();
        let mut client = client_at(&server.base_url(behaviour), PATIENT, unlimited());
        let landed = ask(&mut client, 1).pop().expect("one lands");
        assert_eq!(rows(text(&landed)), 3, "{behaviour}: the schema stands in the prompt");
        assert_eq!((server.asked().len(), client.level()), (asked, level), "{behaviour}");
    }
    let server = ModelServer::start();
    let mut client = client_at(&format!("{}/messages", server.base_url("refuses:output_config")), PATIENT, unlimited());
    let landed = ask(&mut client, 1).pop().expect("one lands");
    assert_eq!((rows(text(&landed)), client.level()), (3, "json_object"), "a tool takes the rows");
}

#[test]
fn a_request_that_nothing_helps_is_asked_no_more_than_the_ladder_is_long() {
    let server = ModelServer::start();
    let landed = one(&server, "status:400", PATIENT);
    assert_eq!(fault(&landed), (FaultKind::Question, "the server answered 400: told to"));
    assert_eq!((server.asked().len(), landed.requests), (4, 0));
}

#[test]
fn what_will_not_change_is_asked_once() {
    for status in [401, 403, 404, 402] {
        let server = ModelServer::start();
        let landed = one(&server, &format!("status:{status}"), PATIENT);
        assert_eq!((fault(&landed).0, server.asked().len()), (FaultKind::Closed, 1), "{status}");
    }
    let server = ModelServer::start();
    assert_eq!((fault(&one(&server, "status:413", PATIENT)).0, server.asked().len()), (FaultKind::Question, 1));
    let server = ModelServer::start();
    assert_eq!((fault(&one(&server, "quota", PATIENT)).0, server.asked().len()), (FaultKind::Closed, 1), "a spent quota is no haste");
}

#[test]
fn what_may_pass_is_asked_again() {
    for behaviour in
        ["status:408", "status:409", "status:425", "status:500", "status:503", "status:529", "reset", "short", "retry_seconds:0"]
    {
        let server = ModelServer::start();
        let landed = one(&server, &format!("first:1+{behaviour}"), PATIENT);
        assert_eq!((rows(text(&landed)), server.asked().len()), (3, 2), "{behaviour}");
        assert_eq!(landed.troubles.len(), 1, "{behaviour}: {:?}", landed.troubles);
    }
}

#[test]
fn it_is_asked_again_a_few_times_only() {
    let server = ModelServer::start();
    let landed = one(&server, "status:503", PATIENT);
    assert_eq!(fault(&landed), (FaultKind::Question, "the server answered 503: told to, 4 times"));
    assert_eq!((server.asked().len(), landed.requests), (4, 0), "a refused request costs nothing");
}

#[test]
fn retry_after_is_the_least_wait() {
    for behaviour in ["first:1+retry_seconds:1", "first:1+retry_date:2"] {
        let server = ModelServer::start();
        let begun = Instant::now();
        let landed = one(&server, behaviour, PATIENT);
        assert_eq!(rows(text(&landed)), 3);
        // A date has whole seconds, so two of them are more than one.
        assert!(begun.elapsed() >= Duration::from_secs(1), "{behaviour}: {:?}", begun.elapsed());
    }
}

#[test]
fn an_absurd_retry_after_is_not_waited_for() {
    for behaviour in ["retry_seconds:86400", "retry_seconds:18446744073709551615", "retry_date:86400"] {
        let server = ModelServer::start();
        let begun = Instant::now();
        let landed = one(&server, behaviour, PATIENT);
        assert!(fault(&landed).1.contains("asks to wait"), "{behaviour}: {:?}", landed.outcome);
        assert!(begun.elapsed() < Duration::from_secs(1), "{behaviour}");
    }
}

#[test]
fn every_request_ends_in_time() {
    for behaviour in ["hang", "hang_body", "drip", "slow:5000"] {
        let server = ModelServer::start();
        let begun = Instant::now();
        let landed = one(&server, behaviour, HASTY);
        let (kind, message) = fault(&landed);
        assert_eq!(kind, FaultKind::Question, "{behaviour}");
        assert!(message.contains("no answer within 0.3 s"), "{behaviour}: {message}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{behaviour}: {:?}", begun.elapsed());
        assert!(landed.requests >= 1, "{behaviour}: what was lost may have been paid");
    }
}

#[test]
fn a_slow_server_is_waited_for() {
    let server = ModelServer::start();
    assert_eq!(rows(text(&one(&server, "slow:300", PATIENT))), 3);
}

#[test]
fn a_redirect_is_not_followed() {
    let server = ModelServer::start();
    let landed = one(&server, "redirect", PATIENT);
    let (kind, message) = fault(&landed);
    assert_eq!(kind, FaultKind::Closed);
    assert!(message.contains("redirects are not followed"), "{message}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_body_without_end_or_compressed_is_not_taken() {
    for (behaviour, why) in [("big", "longer than"), ("bomb", "compressed (gzip)"), ("cut", "not JSON"), ("not_json", "not JSON")] {
        let server = ModelServer::start();
        let landed = one(&server, behaviour, PATIENT);
        let (kind, message) = fault(&landed);
        assert!(kind == FaultKind::Question && message.contains(why), "{behaviour}: {message}");
        assert_eq!((server.asked().len(), landed.requests), (1, 1), "{behaviour}: paid, and asked once");
    }
}

#[test]
fn bytes_that_no_text_may_hold_are_replaced() {
    let server = ModelServer::start();
    assert!(text(&one(&server, "utf8", PATIENT)).contains('\u{fffd}'));
    let nul = one(&server, "nul", PATIENT);
    assert!(!text(&nul).contains('\0') && text(&nul).contains("\\u0000"), "an escape inside the reply is the reader's");
}

#[test]
fn whatever_the_reply_says_is_handed_on() {
    let server = ModelServer::start();
    for (behaviour, holds) in [
        ("fences", "```json"),
        ("think", "<think>"),
        ("refusal", "I'm sorry"),
        ("refusal_field", "I'm sorry"),
        ("schema_ignored", "could be a lamp"),
        ("injection", "DROP TABLE"),
        ("invented", "confidence"),
        ("placeholders", "Lorem ipsum"),
    ] {
        let landed = one(&server, behaviour, PATIENT);
        assert!(text(&landed).contains(holds), "{behaviour}: {}", text(&landed));
    }
    assert_eq!(text(&one(&server, "empty", PATIENT)), "");
    assert_eq!(rows(text(&one(&server, "rows:7", PATIENT))), 7);
    assert!(one(&server, "truncated", PATIENT).outcome.is_ok_and(|reply| reply.truncated));
    let silent = one(&server, "no_usage", PATIENT).outcome.expect("it answers");
    assert!(silent.usage.estimated && silent.usage.input > 0 && silent.usage.output > 0);
}

#[test]
fn after_failures_in_a_row_nothing_is_sent_any_more() {
    let server = ModelServer::start();
    let mut client = client_at(&server.base_url("status:413"), Limits { concurrency: 1, ..PATIENT }, unlimited());
    let landed = ask(&mut client, 9);
    assert_eq!(server.asked().len(), 5);
    let kinds: Vec<FaultKind> = landed.iter().map(|landed| fault(landed).0).collect();
    assert_eq!(kinds[..5], [FaultKind::Question; 5]);
    assert_eq!(kinds[5..], [FaultKind::Closed; 4]);
    assert!(client.closed().is_some_and(|fault| fault.message.starts_with("given up after 5 failures in a row")));
}

#[test]
fn as_many_are_under_way_as_allowed() {
    let server = ModelServer::start();
    let begun = Instant::now();
    let landed = ask(&mut client_at(&server.base_url("slow:300"), Limits { concurrency: 4, ..PATIENT }, unlimited()), 8);
    assert!(landed.iter().all(|landed| landed.outcome.is_ok()));
    assert_eq!(server.most_at_once(), 4);
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
}

#[test]
fn too_many_requests_are_asked_again_by_and_by() {
    let server = ModelServer::start();
    let mut client = client_at(&server.base_url("first:4+retry_seconds:0"), Limits { concurrency: 4, ..PATIENT }, unlimited());
    let landed = ask(&mut client, 4);
    assert!(landed.iter().all(|landed| landed.outcome.is_ok() && landed.troubles.len() == 1), "{landed:?}");
    assert_eq!(server.asked().len(), 8);
}

#[test]
fn limits_of_the_budget_end_the_asking() {
    let server = ModelServer::start();
    let mut calls = client_at(&server.base_url(""), PATIENT, Budget::new(3, 1e9, None, 0, 0.0));
    let landed = ask(&mut calls, 5);
    assert_eq!((server.asked().len(), landed.iter().filter(|landed| landed.outcome.is_ok()).count()), (3, 3));
    assert!(
        landed
            .iter()
            .any(|landed| landed.outcome.as_ref().is_err_and(|fault| fault.kind == FaultKind::Limit && fault.message.contains("3 calls")))
    );

    // A question may cost 500 tokens of reply at 1000 USD a million: half a dollar; the answers are much shorter.
    let server = ModelServer::start();
    let price = Price { input: 0.0, output: 1000.0 };
    let mut money = client_at(&server.base_url(""), PATIENT, Budget::new(1000, 1.2, Some(price), 0, 0.0));
    let landed = ask(&mut money, 40);
    let spent: f64 = landed.iter().filter_map(|landed| landed.cost).sum();
    let answered = landed.iter().filter(|landed| landed.outcome.is_ok()).count();
    assert!(spent > 0.5 && spent <= 1.2 && (3..40).contains(&answered), "{answered} answers for {spent}");
    assert!(landed.iter().any(|landed| landed.outcome.as_ref().is_err_and(|fault| fault.message.contains("llm_max_cost"))));
}

#[test]
fn a_server_that_is_not_there_is_told_by_host_and_cause() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound");
    let mut client =
        client_at(&format!("http://{free}/secret-path/v1"), Limits { request: Duration::from_secs(1), ..PATIENT }, unlimited());
    let landed = ask(&mut client, 1).pop().expect("one lands");
    let (kind, message) = fault(&landed);
    assert_eq!(kind, FaultKind::Question);
    assert!(message.contains(&format!("cannot connect to {free}: Connection refused")) && !message.contains("secret-path"), "{message}");
    assert_eq!(landed.requests, 0);
}

#[test]
fn a_name_that_leads_nowhere_ends_in_time() {
    let begun = Instant::now();
    let mut client = client_at("https://model.invalid/v1", Limits { request: Duration::from_millis(500), ..PATIENT }, unlimited());
    let landed = ask(&mut client, 1).pop().expect("one lands");
    assert!(landed.outcome.is_err());
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn the_key_is_in_no_message_and_no_reply() {
    let server = ModelServer::start();
    let refused = one(&server, "echo_key", PATIENT);
    assert!(fault(&refused).1.contains("[key]"), "{:?}", refused.outcome);
    let quoted = one(&server, "echo_key_reply", PATIENT);
    assert!(text(&quoted).contains("[key]"));
    assert!(!format!("{refused:?} {quoted:?}").contains(KEY));
}

#[test]
fn localhost_is_found_without_a_thread() {
    let server = ModelServer::start();
    let base = server.base_url("").replace("127.0.0.1", "localhost");
    assert_eq!(rows(text(&ask(&mut client_at(&base, PATIENT, unlimited()), 1).pop().expect("one lands"))), 3);
}

/// A dialogue of a few questions and the door that it comes through, which note what happens in order.
#[derive(Default)]
struct Story {
    questions: std::collections::VecDeque<u32>,
    events: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
    stored: Vec<String>,
}

impl synthgen::engine::model::Dialogue for Story {
    fn next(&mut self) -> Result<Option<Question>, Error> {
        let Some(number) = self.questions.pop_front() else { return Ok(None) };
        let Request { system, prompt, schema, most_tokens } = request(number as usize);
        let (key, table_name, purpose) = (format!("key {number}"), "t".to_owned(), "write");
        Ok(Some(Question { key, table_oid: 1, table_name, batch: number, attempt: 1, purpose, system, prompt, schema, most_tokens }))
    }

    fn answered(&mut self, question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error> {
        let what = answer.map_or_else(|failure| format!("{:?}", failure.kind), |answer| format!("replayed={}", answer.replayed));
        self.events.borrow_mut().push(format!("read {} {what}", question.batch));
        Ok(Verdict { outcome: "ok", ..Verdict::default() })
    }
}

impl Keeper for Story {
    fn stored(&mut self, key: &str) -> Result<Option<Answer>, Error> {
        let found = self.stored.iter().any(|stored| stored == key);
        Ok(found.then(|| Answer { text: "{}".to_owned(), truncated: false, replayed: true }))
    }

    fn keep(&mut self, question: &Question, _reply: &Reply, _cost: Option<f64>) -> Result<(), Error> {
        self.events.borrow_mut().push(format!("keep {}", question.batch));
        Ok(())
    }

    fn record(&mut self, exchange: &Exchange) -> Result<(), Error> {
        self.events.borrow_mut().push(format!("record {} {}", exchange.question.batch, exchange.replayed));
        Ok(())
    }

    fn interrupted(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn notice(&mut self, text: &str) {
        self.events.borrow_mut().push(text.to_owned());
    }
}

/// What happens when a client, or none, carries questions of which some are stored.
fn carried(client: Option<&mut Client>, questions: &[u32], stored: &[&str]) -> Vec<String> {
    let events = std::rc::Rc::default();
    let mut dialogue = Story { questions: questions.iter().copied().collect(), events: std::rc::Rc::clone(&events), ..Story::default() };
    let mut keeper =
        Story { stored: stored.iter().map(|key| (*key).to_owned()).collect(), events: std::rc::Rc::clone(&events), ..Story::default() };
    carry(client, &mut dialogue, &mut keeper).expect("it is carried to its end");
    drop((dialogue, keeper));
    std::rc::Rc::try_unwrap(events).expect("all others are gone").into_inner()
}

#[test]
fn a_reply_is_kept_before_it_is_read() {
    let server = ModelServer::start();
    let mut client = client_at(&server.base_url(""), PATIENT, unlimited());
    assert_eq!(carried(Some(&mut client), &[1], &[]), ["keep 1", "read 1 replayed=false", "record 1 false"]);
}

#[test]
fn stored_replies_are_not_asked_for_and_missing_ones_are_told() {
    let server = ModelServer::start();
    let mut client = client_at(&server.base_url(""), PATIENT, unlimited());
    let events = carried(Some(&mut client), &[1, 2], &["key 1"]);
    assert_eq!(events[..2], ["read 1 replayed=true", "record 1 true"]);
    assert_eq!(server.asked().len(), 1);
    assert_eq!(carried(None, &[1, 2], &["key 2"]), ["read 1 NotStored", "read 2 replayed=true", "record 2 true"]);
}

#[test]
fn when_the_server_is_given_up_the_rest_is_told_at_once() {
    let server = ModelServer::start();
    let mut client = client_at(&server.base_url("status:401"), Limits { concurrency: 1, ..PATIENT }, unlimited());
    let events = carried(Some(&mut client), &[1, 2, 3], &[]);
    assert_eq!(server.asked().len(), 1);
    assert_eq!(
        events,
        ["model: no longer asked: the server answered 401: told to", "read 1 Closed", "record 1 false", "read 2 Closed", "read 3 Closed"]
    );
}
