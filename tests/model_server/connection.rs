//! One connection: requests read, answered, or treated badly.

use std::io::{BufReader, Result, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value as Json, json};

use super::behaviour::Behaviour;
use super::request::Request;
use super::{Asked, State, answer};

/// Ten megabytes of zeros, packed.
const BOMB: &[u8] = include_bytes!("bomb.gz");

/// Answers the requests of a connection until it ends.
pub(super) fn serve(stream: TcpStream, state: &State) -> Result<()> {
    stream.set_nodelay(true)?;
    // A small buffer, so that most of a request is still the kernel's when a connection is to be reset.
    let mut reader = BufReader::with_capacity(64, stream.try_clone()?);
    let mut writer = stream;
    while let Some((mut request, length)) = Request::read_head(&mut reader)? {
        if request.method == "GET" {
            return status(&mut writer, state);
        }
        let mut behaviours = Behaviour::of_path(&request.path);
        if behaviours.contains(&Behaviour::Reset) && applies(&behaviours, state.asked.lock().expect("a push cannot fail").len() + 1) {
            note(&request, Json::Null, state);
            // Closing with unread bytes makes the kernel send a reset.
            return Ok(());
        }
        request.read_body(&mut reader, length)?;
        let number = note(&request, request.json(), state);
        if !applies(&behaviours, number) {
            behaviours.clear();
        }
        let busy = state.busy.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_busy.fetch_max(busy, Ordering::SeqCst);
        let outcome = respond(&mut writer, &request, &behaviours, state);
        state.busy.fetch_sub(1, Ordering::SeqCst);
        outcome?;
    }
    Ok(())
}

/// `GET /` tells what was asked, for those who use the server as a program.
fn status(writer: &mut TcpStream, state: &State) -> Result<()> {
    let asked = state.asked.lock().expect("a push cannot fail").len();
    let answered = state.answered.load(Ordering::SeqCst);
    write(writer, "200 OK", "", json!({"requests": asked, "answered": answered}).to_string().as_bytes())
}

fn note(request: &Request, body: Json, state: &State) -> usize {
    let mut asked = state.asked.lock().expect("a push cannot fail");
    asked.push(Asked { path: request.path.clone(), headers: request.headers.clone(), body, at: Instant::now() });
    asked.len()
}

/// Whether the behaviours apply to the request of a number, from 1.
fn applies(behaviours: &[Behaviour], number: usize) -> bool {
    behaviours.iter().all(|behaviour| match behaviour {
        Behaviour::First(count) => number <= *count,
        Behaviour::After(count) => number > *count,
        _ => true,
    })
}

fn respond(writer: &mut TcpStream, request: &Request, behaviours: &[Behaviour], state: &State) -> Result<()> {
    for behaviour in behaviours {
        match behaviour {
            Behaviour::Slow(milliseconds) => std::thread::sleep(Duration::from_millis(*milliseconds)),
            Behaviour::Hang => return hang(writer),
            _ => {}
        }
        if let Some((status, headers, said)) = refusal(behaviour, request) {
            return write(writer, &status, &headers, said.to_string().as_bytes());
        }
    }
    let document = answer::document(request, behaviours).to_string();
    let sent = body(writer, &document, behaviours)?;
    if sent {
        state.answered.fetch_add(1, Ordering::SeqCst);
        *state.last.lock().expect("a store cannot fail") = Some(Instant::now());
    }
    Ok(())
}

/// Status, further headers and body of a refusal.
fn refusal(behaviour: &Behaviour, request: &Request) -> Option<(String, String, Json)> {
    let error = |message: &str, code: &str| json!({"error": {"message": message, "type": code, "code": code}});
    let limited =
        |wait: String| ("429 Too Many Requests".to_owned(), format!("retry-after: {wait}\r\n"), error("slow down", "rate_limit_exceeded"));
    match behaviour {
        Behaviour::Status(status) => Some((format!("{status} Status"), String::new(), error("told to", "told"))),
        Behaviour::RetrySeconds(seconds) => Some(limited(seconds.to_string())),
        Behaviour::RetryDate(seconds) => Some(limited(date(SystemTime::now() + Duration::from_secs(*seconds)))),
        Behaviour::Quota => {
            let said = error("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota");
            Some(("429 Too Many Requests".to_owned(), String::new(), said))
        }
        Behaviour::Redirect => Some(("302 Found".to_owned(), "location: /v1/elsewhere\r\n".to_owned(), json!({}))),
        Behaviour::EchoKey => {
            let key = request.headers.iter().find(|(name, _)| name == "authorization" || name == "x-api-key");
            let said = format!("Incorrect API key provided: {}", key.map_or("none", |(_, value)| value.as_str()));
            Some(("401 Unauthorized".to_owned(), String::new(), error(&said, "invalid_api_key")))
        }
        Behaviour::Refuses(word) if holds(&request.json(), word) => {
            Some(("400 Bad Request".to_owned(), String::new(), error(&format!("Unsupported parameter: '{word}'"), "unsupported_parameter")))
        }
        Behaviour::RefusesMutely(word) if holds(&request.json(), word) => Some(("400 Bad Request".to_owned(), String::new(), json!({}))),
        _ => None,
    }
}

/// Whether a field or a value of that name stands anywhere in a document.
fn holds(document: &Json, word: &str) -> bool {
    match document {
        Json::Object(fields) => fields.iter().any(|(name, value)| name == word || holds(value, word)),
        Json::Array(items) => items.iter().any(|item| holds(item, word)),
        Json::String(text) => text == word,
        _ => false,
    }
}

/// Sends an answer's body as asked for; whether all of it was sent.
fn body(writer: &mut TcpStream, document: &str, behaviours: &[Behaviour]) -> Result<bool> {
    let bytes = document.as_bytes();
    let half = &bytes[..bytes.len() / 2];
    for behaviour in behaviours {
        match behaviour {
            Behaviour::HangBody => {
                head(writer, "200 OK", "", bytes.len())?;
                writer.write_all(half)?;
                return hang(writer).map(|()| false);
            }
            Behaviour::Drip => {
                head(writer, "200 OK", "", bytes.len())?;
                return drip(writer, bytes).map(|()| false);
            }
            Behaviour::Big => return big(writer).map(|()| false),
            Behaviour::Bomb => return write(writer, "200 OK", "content-encoding: gzip\r\n", BOMB).map(|()| false),
            Behaviour::Short => {
                head(writer, "200 OK", "connection: close\r\n", bytes.len())?;
                writer.write_all(half)?;
                writer.shutdown(std::net::Shutdown::Both)?;
                return Ok(false);
            }
            Behaviour::Cut => return write(writer, "200 OK", "", half).map(|()| true),
            Behaviour::NotJson => return write(writer, "200 OK", "", b"<html><body>Welcome to nginx!</body></html>").map(|()| true),
            Behaviour::InvalidUtf8 => return write(writer, "200 OK", "", &invalid_utf8(bytes)).map(|()| true),
            _ => {}
        }
    }
    write(writer, "200 OK", "", bytes).map(|()| true)
}

fn write(writer: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> Result<()> {
    head(writer, status, headers, body.len())?;
    writer.write_all(body)
}

fn head(writer: &mut TcpStream, status: &str, headers: &str, length: usize) -> Result<()> {
    writer.write_all(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n").as_bytes())
}

/// Until the client goes away.
fn hang(writer: &mut TcpStream) -> Result<()> {
    let mut byte = [0];
    loop {
        match std::io::Read::read(writer, &mut byte) {
            Ok(0) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn drip(writer: &mut TcpStream, bytes: &[u8]) -> Result<()> {
    for byte in bytes {
        writer.write_all(&[*byte])?;
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

fn big(writer: &mut TcpStream) -> Result<()> {
    const MEGABYTE: usize = 1 << 20;
    head(writer, "200 OK", "", 100 * MEGABYTE)?;
    let piece = vec![b' '; MEGABYTE];
    for _ in 0..100 {
        writer.write_all(&piece)?;
    }
    Ok(())
}

/// The last letter before each quote of the reply's texts becomes a byte that is no UTF-8.
fn invalid_utf8(bytes: &[u8]) -> Vec<u8> {
    let mut spoilt = bytes.to_vec();
    for place in 1..spoilt.len().saturating_sub(1) {
        if spoilt[place - 1].is_ascii_lowercase() && spoilt[place] == b' ' && spoilt[place + 1].is_ascii_lowercase() {
            spoilt[place] = 0xff;
        }
    }
    spoilt
}

/// As HTTP writes dates.
fn date(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).expect("a date of these years");
    time.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
