//! A scripted model server on loopback: both dialects, answers from the schema it is sent, and on request every way in
//! which servers misbehave. It counts what it was asked. Used by the tests, and by `make demo-llm` as a program.
//!
//! How to behave stands in the path, before `/v1`: `http://127.0.0.1:PORT/slow:500/v1` waits half a second before each
//! answer, `/after:3+hang/v1` answers three times and then hangs. `behaviour.rs` lists the words.

mod answer;
mod behaviour;
mod connection;
mod request;
mod text;

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value as Json;

/// A request to a model, as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The path, behaviour included.
    pub(crate) path: String,
    /// Header lines, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Json,
    /// When it had come whole.
    pub(crate) at: Instant,
}

/// What the connections of a server share.
#[derive(Default)]
pub(crate) struct State {
    asked: Mutex<Vec<Asked>>,
    /// Successful answers that were sent to their last byte.
    answered: AtomicUsize,
    /// When the last of them was.
    last: Mutex<Option<Instant>>,
    /// Requests being worked on, and the most there were at once.
    busy: AtomicUsize,
    most_busy: AtomicUsize,
    stopped: AtomicBool,
}

/// A running server; stops when dropped.
pub(crate) struct ModelServer {
    address: SocketAddr,
    state: Arc<State>,
}

impl ModelServer {
    /// Starts on a free port.
    pub(crate) fn start() -> Self {
        Self::start_at(0)
    }

    /// Starts on a port.
    pub(crate) fn start_at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&shared);
                // A client that goes away in the middle is what these tests are about.
                std::thread::spawn(move || stream.and_then(|stream| connection::serve(stream, &state)));
            }
        });
        Self { address, state }
    }

    /// The base URL under which it behaves as told; `""` is well.
    pub(crate) fn base_url(&self, behaviour: &str) -> String {
        let prefix = if behaviour.is_empty() { String::new() } else { format!("/{behaviour}") };
        format!("http://{}{prefix}/v1", self.address)
    }

    /// All it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().expect("a push cannot fail").clone()
    }

    /// How many successful answers were sent to their last byte.
    pub(crate) fn answered(&self) -> usize {
        self.state.answered.load(Ordering::SeqCst)
    }

    /// When the last successful answer was sent.
    pub(crate) fn last_answer(&self) -> Option<Instant> {
        *self.state.last.lock().expect("a store cannot fail")
    }

    /// The most requests that it had at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most_busy.load(Ordering::SeqCst)
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        // Wakes the one that waits for connections.
        drop(std::net::TcpStream::connect(self.address));
    }
}
