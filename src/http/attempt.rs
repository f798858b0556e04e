//! One request, sent once: what came of it.

use std::time::{Duration, SystemTime};

use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use crate::http::body::{self, Broken};
use crate::http::client::{Request, Shared};
use crate::http::dialect::{Reply, error_text, shortened};
use crate::http::ladder::Abilities;
use crate::http::retry;

/// Why a request has no reply.
pub(super) enum Trouble {
    /// The server said no.
    Refused(Refusal),
    /// The connection failed before anything was asked.
    Unreachable(String),
    /// The request was sent and its answer lost.
    Lost(String),
    /// No answer in time.
    Late(String),
    /// An answer came, and it is none that can be used.
    Unusable(String),
}

/// A status other than success.
pub(super) struct Refusal {
    pub(super) status: u16,
    /// What the server says, shortened, without the key.
    pub(super) said: String,
    /// How long it asks to wait.
    pub(super) wait: Option<Duration>,
    /// Whether it is money or a plan's quota that is lacking.
    pub(super) quota: bool,
}

/// Sends a request and reads its answer, within the time that one request has.
pub(super) async fn attempt(shared: &Shared, request: &Request, abilities: Abilities) -> Result<Reply, Trouble> {
    let limit = shared.limits.request;
    match tokio::time::timeout(limit, exchange(shared, request, abilities)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Trouble::Late(format!("no answer within {} (synthgen.llm_timeout)", seconds(limit)))),
    }
}

async fn exchange(shared: &Shared, request: &Request, abilities: Abilities) -> Result<Reply, Trouble> {
    let body = shared.address.dialect.body(&shared.model, request, abilities).to_string();
    let sending = shared.http.post(shared.address.url.clone()).header("content-type", "application/json").body(body);
    let response = sending.send().await.map_err(|error| transport(shared, &error))?;
    let status = response.status().as_u16();
    if status != 200 {
        return Err(Trouble::Refused(refusal(shared, status, response).await));
    }
    let text = body::read(response, body::MOST_BYTES).await.map_err(|broken| match broken {
        Broken::Cut(error) => transport(shared, &error),
        Broken::Refused(why) => Trouble::Unusable(why),
    })?;
    let document: Json = serde_json::from_str(&text).map_err(|error| Trouble::Unusable(format!("the answer is not JSON: {error}")))?;
    let mut reply = shared.address.dialect.read(&document, request).map_err(|why| Trouble::Unusable(shared.hide(&why)))?;
    reply.text = shared.hide(&reply.text);
    Ok(reply)
}

async fn refusal(shared: &Shared, status: u16, response: Response) -> Refusal {
    let wait = asked_wait(response.headers());
    // What a server says while it refuses is worth reading only if it is short.
    let text = body::read(response, 64 << 10).await.unwrap_or_default();
    let document: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
    let said = if document.is_null() { shortened(&text) } else { error_text(&document) };
    let quota = status == 402 || lacks_money(&document, &said, wait.is_some(), status);
    Refusal { status, said: shared.hide(&said), wait, quota }
}

/// OpenAI tells a spent quota (429) and Anthropic an empty account (400) by words; a limit per minute bears a Retry-After.
fn lacks_money(document: &Json, said: &str, has_wait: bool, status: u16) -> bool {
    let text = |place: &str| document.pointer(place).and_then(Json::as_str).unwrap_or_default().to_lowercase();
    let named =
        ["/error/code", "/error/type"].iter().any(|place| ["insufficient_quota", "billing"].iter().any(|word| text(place).contains(word)));
    let said = said.to_lowercase();
    named || said.contains("credit balance") || (status == 429 && !has_wait && said.contains("quota"))
}

fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let exact = text("retry-after-ms").and_then(|value| value.trim().parse::<u64>().ok()).map(Duration::from_millis);
    exact.or_else(|| text("retry-after").and_then(|value| retry::asked_wait(value, SystemTime::now())))
}

/// A failure of the connection in our own words: reqwest's would show the whole URL.
fn transport(shared: &Shared, error: &reqwest::Error) -> Trouble {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let host = shared.address.host();
    let cause = if innermost.source().is_none() && std::ptr::addr_eq(std::ptr::from_ref(innermost), std::ptr::from_ref(error)) {
        String::new()
    } else {
        format!(": {}", shared.hide(&shortened(&innermost.to_string())))
    };
    if error.is_connect() {
        Trouble::Unreachable(format!("cannot connect to {host}{cause}"))
    } else {
        Trouble::Lost(format!("the connection to {host} broke{cause}"))
    }
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
