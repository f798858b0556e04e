//! The body of an answer, read in pieces and never beyond a limit.

use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

/// Bytes of an answer that are read at most. Twenty rows of a thousand words take a fiftieth of it.
pub(super) const MOST_BYTES: usize = 8 << 20;

/// Why a body was not read.
pub(super) enum Broken {
    /// It ended early; another try may bring all of it.
    Cut(reqwest::Error),
    /// It is not taken, and another try would bring the same.
    Refused(String),
}

/// Reads the body as text; bytes that are not UTF-8 become U+FFFD.
pub(super) async fn read(mut response: Response, most: usize) -> Result<String, Broken> {
    if let Some(encoding) = response.headers().get(CONTENT_ENCODING).filter(|encoding| encoding.as_bytes() != b"identity") {
        let encoding = String::from_utf8_lossy(encoding.as_bytes()).into_owned();
        return Err(Broken::Refused(format!("the answer is compressed ({encoding}), which was not asked for")));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(Broken::Cut)? {
        if bytes.len() + piece.len() > most {
            return Err(Broken::Refused(format!("the answer is longer than {most} bytes")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
