//! An HTTP request, read as far as a model server must.

use std::io::{BufRead, BufReader, Read, Result};
use std::net::TcpStream;

use serde_json::Value as Json;

/// Method, path, headers, body.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The head of the next request of a connection and the length of its body; `None` at the connection's end.
    pub(super) fn read_head(reader: &mut BufReader<TcpStream>) -> Result<Option<(Self, usize)>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else { break };
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        Ok(Some((Self { method, path, headers, body: Vec::new() }, length)))
    }

    /// The body, after the head.
    pub(super) fn read_body(&mut self, reader: &mut BufReader<TcpStream>, length: usize) -> Result<()> {
        self.body = vec![0; length];
        reader.read_exact(&mut self.body)
    }

    pub(super) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    /// Whether it is in Anthropic's dialect.
    pub(super) fn is_messages(&self) -> bool {
        self.path.ends_with("/messages")
    }
}
