//! An exchange as parameters of the ledger's statements.

use serde_json::Value as Json;

use crate::engine::error::Error;
use crate::extension::backend::Backend;
use crate::extension::ledger;
use crate::http::Exchange;

/// Notes the exchange.
pub(super) fn call(world: &mut Backend, exchange: &Exchange, run_id: Option<&str>, model: &str) -> Result<(), Error> {
    let question = exchange.question;
    let (caller, batch, attempt) = (ledger::caller().to_string(), question.batch.to_string(), question.attempt.to_string());
    let [extracted, rejected] = [&exchange.verdict.extracted, &exchange.verdict.rejected].map(|json| json.as_ref().map(storable));
    let (requests, latency) = (exchange.requests.to_string(), (exchange.latency.as_secs_f64() * 1000.0).to_string());
    let [input, output] = [exchange.usage.input, exchange.usage.output].map(|tokens| tokens.to_string());
    let cost = exchange.cost.map(|cost| cost.to_string());
    let error = exchange.error.as_deref().map(without_nul);
    let prompt = without_nul(&question.prompt);
    world.note_call(&[
        Some(run_id.unwrap_or_default()),
        Some(&caller),
        Some(&question.table_name),
        Some(&batch),
        Some(&attempt),
        Some(question.purpose),
        Some(model),
        Some(&question.system),
        Some(&prompt),
        exchange.reply,
        extracted.as_deref(),
        rejected.as_deref(),
        Some(truth(exchange.replayed)),
        Some(&requests),
        Some(&input),
        Some(&output),
        Some(truth(exchange.usage.estimated)),
        cost.as_deref(),
        Some(&latency),
        Some(exchange.verdict.outcome),
        error.as_deref(),
    ])
}

/// Stores the reply.
pub(super) fn reply(world: &mut Backend, exchange: &Exchange, text: &str, model: &str, role: &str) -> Result<(), Error> {
    let [input, output] = [exchange.usage.input, exchange.usage.output].map(|tokens| tokens.to_string());
    let cost = exchange.cost.map(|cost| cost.to_string());
    world.store_reply(&[
        Some(&exchange.question.key),
        Some(model),
        Some(text),
        Some(truth(exchange.truncated)),
        Some(&input),
        Some(&output),
        Some(truth(exchange.usage.estimated)),
        cost.as_deref(),
        Some(role),
    ])
}

fn truth(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A document as jsonb takes it: PostgreSQL stores no NUL, and a reply may hold one.
fn storable(json: &Json) -> String {
    without(json).to_string()
}

fn without(json: &Json) -> Json {
    match json {
        Json::String(text) => Json::String(without_nul(text)),
        Json::Array(items) => items.iter().map(without).collect(),
        Json::Object(fields) => Json::Object(fields.iter().map(|(name, value)| (without_nul(name), without(value))).collect()),
        other => other.clone(),
    }
}
