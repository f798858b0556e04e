//! The two dialects: what is sent, and a reply read leniently.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value as Json, json};

use crate::http::client::Request;
use crate::http::ladder::{Abilities, LengthLimit, Level};
use crate::http::secret::Secret;
use crate::http::usage::{Usage, estimated_tokens};

/// Which protocol a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI's chat completions, spoken by most.
    Chat,
    /// Anthropic's messages.
    Messages,
}

/// A reply as the server gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Its text, unparsed; NUL characters, which PostgreSQL cannot store, replaced by U+FFFD.
    pub text: String,
    /// Whether the server cut it at the token limit.
    pub truncated: bool,
    /// Tokens it took.
    pub usage: Usage,
}

const ANTHROPIC_VERSION: &str = "2023-06-01";

/// Differences between rows are wanted; facts and shape come with the prompt.
const TEMPERATURE: f64 = 0.9;

/// Who asks, in both dialects.
const ASKING: &str = "user";

/// The name of the reply's shape on the wire.
const SHAPE: &str = "rows";

impl Dialect {
    /// As `llm_check` shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat completions",
            Self::Messages => "messages",
        }
    }

    /// The headers beside those of every request. The key's header is marked as sensitive.
    pub(super) fn headers(self, key: Option<&Secret>) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        headers.insert("accept-encoding", HeaderValue::from_static("identity"));
        if self == Self::Messages {
            headers.insert("anthropic-version", HeaderValue::from_static(ANTHROPIC_VERSION));
        }
        if let Some(key) = key {
            let (name, text) = match self {
                Self::Chat => (HeaderName::from_static("authorization"), format!("Bearer {}", key.expose())),
                Self::Messages => (HeaderName::from_static("x-api-key"), key.expose().to_owned()),
            };
            let mut value = HeaderValue::from_str(&text).map_err(|_| "the key cannot stand in a header")?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(headers)
    }

    /// The body of a request.
    pub(super) fn body(self, model: &str, request: &Request, abilities: Abilities) -> Json {
        let mut body = Map::new();
        body.insert("model".into(), model.into());
        match self {
            Self::Chat => chat_body(&mut body, request, abilities),
            Self::Messages => messages_body(&mut body, request, abilities),
        }
        if abilities.temperature {
            body.insert("temperature".into(), TEMPERATURE.into());
        }
        Json::Object(body)
    }

    /// Reads the body of a successful answer.
    pub(super) fn read(self, body: &Json, request: &Request) -> Result<Reply, String> {
        if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
            return Err(format!("the server answered with an error: {}", error_text(error)));
        }
        let mut reply = match self {
            Self::Chat => read_chat(body)?,
            Self::Messages => read_messages(body)?,
        };
        reply.text = reply.text.replace('\0', "\u{fffd}");
        reply.usage = usage(body).unwrap_or_else(|| Usage {
            input: estimated_tokens(&request.system) + estimated_tokens(&request.prompt),
            output: estimated_tokens(&reply.text),
            estimated: true,
        });
        Ok(reply)
    }
}

fn chat_body(body: &mut Map<String, Json>, request: &Request, abilities: Abilities) {
    let prompt = prompt(request, abilities.level);
    let messages = if abilities.system {
        json!([{"role": "system", "content": request.system}, {"role": ASKING, "content": prompt}])
    } else {
        json!([{"role": ASKING, "content": format!("{}\n\n{prompt}", request.system)}])
    };
    body.insert("messages".into(), messages);
    body.insert("stream".into(), false.into());
    match abilities.length {
        LengthLimit::MaxTokens => drop(body.insert("max_tokens".into(), request.most_tokens.into())),
        LengthLimit::MaxCompletionTokens => drop(body.insert("max_completion_tokens".into(), request.most_tokens.into())),
        LengthLimit::None => {}
    }
    let format = match abilities.level {
        Level::Strict => json!({"type": "json_schema", "json_schema": {"name": SHAPE, "strict": true, "schema": request.schema}}),
        Level::Schema => json!({"type": "json_schema", "json_schema": {"name": SHAPE, "schema": request.schema}}),
        Level::Object => json!({"type": "json_object"}),
        Level::Plain => return,
    };
    body.insert("response_format".into(), format);
}

/// This dialect has one kind of schema, a tool below it, and always wants a limit.
fn messages_body(body: &mut Map<String, Json>, request: &Request, abilities: Abilities) {
    body.insert("max_tokens".into(), request.most_tokens.into());
    body.insert("system".into(), request.system.clone().into());
    body.insert("messages".into(), json!([{"role": ASKING, "content": prompt(request, abilities.level)}]));
    match abilities.level {
        Level::Strict | Level::Schema => {
            body.insert("output_config".into(), json!({"format": {"type": "json_schema", "schema": request.schema}}));
        }
        Level::Object => {
            body.insert("tools".into(), json!([{"name": SHAPE, "input_schema": request.schema}]));
            body.insert("tool_choice".into(), json!({"type": "tool", "name": SHAPE}));
        }
        Level::Plain => {}
    }
}

/// Where the server does not enforce the schema, the prompt shows it.
fn prompt(request: &Request, level: Level) -> String {
    if level <= Level::Schema {
        return request.prompt.clone();
    }
    format!("{}\n\nAnswer with one JSON object and nothing else. It must fit this JSON Schema:\n{}", request.prompt, request.schema)
}

fn read_chat(body: &Json) -> Result<Reply, String> {
    let choice = body.pointer("/choices/0").ok_or("the answer holds no choices")?;
    let message = choice.get("message").ok_or("the answer holds no message")?;
    let reason = choice.get("finish_reason").and_then(Json::as_str).unwrap_or_default();
    let mut reply = Reply { truncated: reason == "length", ..Reply::default() };
    reply.text = content(message.get("content")).unwrap_or_default();
    if reply.text.trim().is_empty()
        && let Some(arguments) = message.pointer("/tool_calls/0/function/arguments")
    {
        reply.text = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
    }
    if let Some(refusal) = message.get("refusal").and_then(Json::as_str).filter(|refusal| !refusal.is_empty()) {
        refusal.clone_into(&mut reply.text);
    }
    Ok(reply)
}

fn read_messages(body: &Json) -> Result<Reply, String> {
    let parts = body.get("content").ok_or("the answer holds no content")?;
    let reason = body.get("stop_reason").and_then(Json::as_str).unwrap_or_default();
    let input = parts.as_array().into_iter().flatten().find_map(|part| part.get("input")).map(Json::to_string);
    let text = input.or_else(|| content(Some(parts))).unwrap_or_default();
    Ok(Reply { text, truncated: reason == "max_tokens", usage: Usage::default() })
}

/// Content as a string or in parts; parts that hold no text (thinking, images) are passed over.
fn content(content: Option<&Json>) -> Option<String> {
    match content? {
        Json::String(text) => Some(text.clone()),
        Json::Array(parts) => Some(parts.iter().filter_map(|part| part.as_str().or_else(|| part.get("text")?.as_str())).collect()),
        _ => None,
    }
}

fn usage(body: &Json) -> Option<Usage> {
    let usage = body.get("usage")?;
    let number = |names: &[&str]| names.iter().find_map(|name| usage.get(name).and_then(Json::as_u64));
    let cached: u64 =
        ["cache_creation_input_tokens", "cache_read_input_tokens"].iter().filter_map(|name| usage.get(name).and_then(Json::as_u64)).sum();
    let input = number(&["prompt_tokens", "input_tokens"])? + cached;
    Some(Usage { input, output: number(&["completion_tokens", "output_tokens"])?, estimated: false })
}

/// The text of an error as servers wrap it, on one line and no longer than a message may be.
pub(super) fn error_text(error: &Json) -> String {
    let inner = error.get("error").unwrap_or(error);
    let text = ["message", "detail", "error"].iter().find_map(|name| inner.get(name).and_then(Json::as_str)).or_else(|| inner.as_str());
    shortened(text.map_or_else(|| inner.to_string(), str::to_owned).as_str())
}

/// One line of printable characters, at most 300.
pub(super) fn shortened(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() || c == '\u{fffd}' { ' ' } else { c }).collect();
    let words: Vec<&str> = printable.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{} ..", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request { system: "be a clerk".into(), prompt: "two rows".into(), schema: json!({"type": "object"}), most_tokens: 77 }
    }

    fn at(level: Level) -> Abilities {
        Abilities { level, ..Abilities::default() }
    }

    #[test]
    fn each_level_asks_for_the_shape_in_its_way() {
        let strict = Dialect::Chat.body("m", &request(), at(Level::Strict));
        assert_eq!(strict["response_format"]["json_schema"]["strict"], true);
        assert_eq!((&strict["max_tokens"], &strict["messages"][0]["role"]), (&json!(77), &json!("system")));
        assert!(Dialect::Chat.body("m", &request(), at(Level::Schema))["response_format"]["json_schema"].get("strict").is_none());
        let object = Dialect::Chat.body("m", &request(), at(Level::Object));
        assert_eq!(object["response_format"]["type"], "json_object");
        assert!(object["messages"][1]["content"].as_str().is_some_and(|prompt| prompt.contains("JSON Schema")));
        assert!(Dialect::Chat.body("m", &request(), at(Level::Plain)).get("response_format").is_none());
        let messages = Dialect::Messages.body("m", &request(), at(Level::Strict));
        assert_eq!((&messages["system"], &messages["output_config"]["format"]["type"]), (&json!("be a clerk"), &json!("json_schema")));
        assert_eq!(Dialect::Messages.body("m", &request(), at(Level::Object))["tool_choice"]["name"], "rows");
    }

    #[test]
    fn a_server_without_a_system_role_gets_one_message() {
        let body = Dialect::Chat.body("m", &request(), Abilities { system: false, ..Abilities::default() });
        assert_eq!(body["messages"], json!([{"role": ASKING, "content": "be a clerk\n\ntwo rows"}]));
    }

    #[test]
    fn replies_are_read_in_all_their_forms() {
        let chat = |message: Json, reason: &str| {
            Dialect::Chat.read(&json!({"choices": [{"message": message, "finish_reason": reason}]}), &request()).expect("it is a reply")
        };
        assert_eq!(chat(json!({"content": "x"}), "stop").text, "x");
        assert_eq!(chat(json!({"content": [{"type": "text", "text": "a"}, {"type": "thinking"}, {"text": "b"}]}), "stop").text, "ab");
        assert!(chat(json!({"content": "x"}), "length").truncated);
        assert_eq!(chat(json!({"content": null, "tool_calls": [{"function": {"arguments": "{}"}}]}), "tool_calls").text, "{}");
        assert_eq!(chat(json!({"content": null, "refusal": "no"}), "stop").text, "no", "a refusal is a reply that cannot be used");
        assert_eq!(chat(json!({"content": "a\u{0}b"}), "stop").text, "a\u{fffd}b");
        let messages = |body: Json| Dialect::Messages.read(&body, &request()).expect("it is a reply");
        assert_eq!(messages(json!({"content": [{"type": "text", "text": "x"}]})).text, "x");
        assert_eq!(messages(json!({"content": [{"type": "tool_use", "input": {"rows": []}}]})).text, "{\"rows\":[]}");
        assert!(messages(json!({"content": [], "stop_reason": "max_tokens"})).truncated);
    }

    #[test]
    fn tokens_are_the_servers_or_estimated() {
        let read = |body: Json| Dialect::Chat.read(&body, &request()).expect("it is a reply").usage;
        let choices = json!([{"message": {"content": "12345678"}}]);
        assert_eq!(
            read(json!({"choices": choices, "usage": {"prompt_tokens": 3, "completion_tokens": 4}})),
            Usage { input: 3, output: 4, estimated: false }
        );
        assert_eq!(read(json!({"choices": choices})), Usage { input: 5, output: 2, estimated: true });
        assert!(read(json!({"choices": choices, "usage": {"prompt_tokens": null}})).estimated);
    }

    #[test]
    fn what_is_no_reply_is_an_error() {
        for body in [json!({}), json!([]), json!({"choices": []}), json!({"choices": [{}]}), json!({"error": {"message": "down"}})] {
            assert!(Dialect::Chat.read(&body, &request()).is_err(), "{body}");
        }
        assert_eq!(error_text(&json!({"error": {"message": "a\n\tb"}})), "a b");
        assert_eq!(error_text(&json!({"error": "model not found"})), "model not found");
    }
}
