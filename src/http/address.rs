//! Where a model server is and which of the two dialects it speaks, read from `synthgen.llm_base_url`.

use std::net::IpAddr;

use reqwest::Url;

use crate::http::dialect::Dialect;

/// The address that questions are sent to.
#[derive(Debug, Clone)]
pub struct Address {
    pub(super) url: Url,
    /// The dialect spoken there.
    pub dialect: Dialect,
}

impl Address {
    /// Reads a base URL such as `https://api.openai.com/v1`. A URL that ends in `/messages` or lies at anthropic.com speaks
    /// Anthropic's dialect, all others chat completions. `plain` allows http beyond this machine.
    pub fn parse(base: &str, plain: bool) -> Result<Self, String> {
        let mut url = Url::parse(base.trim()).map_err(|error| format!("it is no URL: {error}"))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?.to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user or a password; a key belongs into the file that synthgen.llm_api_key_file names".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it has a part after ? or #".to_owned());
        }
        match url.scheme() {
            "https" => {}
            "http" if plain || is_loopback(&host) => {}
            "http" => return Err("http is for this machine only; use https, or set synthgen.llm_plain_http".to_owned()),
            other => return Err(format!("{other} is not supported; use https")),
        }
        let dialect = dialect_of(&host, url.path());
        let path = full_path(url.path(), dialect);
        url.set_path(&path);
        Ok(Self { url, dialect })
    }

    /// Host and port, for messages.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is on this machine: what runs there costs nothing.
    pub fn is_local(&self) -> bool {
        self.url.host_str().is_some_and(is_loopback)
    }

    /// Whether the way there is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn dialect_of(host: &str, path: &str) -> Dialect {
    let anthropic = host == "anthropic.com" || host.ends_with(".anthropic.com");
    if anthropic || path.trim_end_matches('/').ends_with("/messages") { Dialect::Messages } else { Dialect::Chat }
}

fn full_path(path: &str, dialect: Dialect) -> String {
    let path = path.trim_end_matches('/');
    let (ending, version) = match dialect {
        Dialect::Chat => ("/chat/completions", ""),
        Dialect::Messages => ("/messages", "/v1"),
    };
    if path.ends_with(ending) {
        path.to_owned()
    } else if path.is_empty() {
        format!("{version}{ending}")
    } else {
        format!("{path}{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_leads_to_the_endpoint_of_its_dialect() {
        for (base, url, dialect) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions", Dialect::Chat),
            ("http://localhost:11434/v1/", "http://localhost:11434/v1/chat/completions", Dialect::Chat),
            ("http://127.0.0.1:1/x/chat/completions", "http://127.0.0.1:1/x/chat/completions", Dialect::Chat),
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages", Dialect::Messages),
            ("https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages", Dialect::Messages),
            ("http://[::1]:8080/v1/messages", "http://[::1]:8080/v1/messages", Dialect::Messages),
        ] {
            let address = Address::parse(base, false).unwrap_or_else(|why| panic!("{base}: {why}"));
            assert_eq!((address.url.as_str(), address.dialect), (url, dialect), "{base}");
        }
    }

    #[test]
    fn an_address_that_would_leak_is_refused() {
        for base in [
            "http://example.com/v1",
            "http://10.0.0.1/v1",
            "http://localhost.example.com/v1",
            "https://key@example.com/v1",
            "https://example.com/v1?key=1",
            "ftp://localhost/",
            "localhost:11434",
            "",
        ] {
            assert!(Address::parse(base, false).is_err(), "{base}");
        }
        assert!(Address::parse("http://example.com/v1", true).is_ok());
    }

    #[test]
    fn only_this_machine_is_local() {
        assert!(Address::parse("http://127.0.0.9:8/v1", false).is_ok_and(|address| address.is_local()));
        assert!(Address::parse("https://example.com/v1", false).is_ok_and(|address| !address.is_local()));
    }
}
