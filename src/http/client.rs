//! Questions under way: sent, sent again where that may help, and handed back one by one as they land.
//!
//! Everything runs on the caller's thread, and only inside `wait`. Dropping the client drops what is under way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde_json::Value as Json;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::http::address::Address;
use crate::http::attempt::{Refusal, Trouble, attempt, seconds};
use crate::http::budget::{Budget, End, Permission};
use crate::http::dialect::Reply;
use crate::http::gate::Gate;
use crate::http::ladder::{self, Abilities};
use crate::http::retry;
use crate::http::secret::Secret;
use crate::http::usage::estimated_tokens;

/// Failures in a row after which a server is given up.
const BREAKER: u32 = 5;

/// What one question is.
#[derive(Debug, Clone)]
pub struct Request {
    /// What the model is.
    pub system: String,
    /// What it is asked.
    pub prompt: String,
    /// JSON Schema of the reply.
    pub schema: Json,
    /// Tokens that the reply may need.
    pub most_tokens: u32,
}

/// Limits of a client.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time of one request, from the resolution of the name to the last byte. No request of a question begins when
    /// three times as much has passed.
    pub request: Duration,
    /// Requests under way at once.
    pub concurrency: usize,
}

/// Why a question has no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether other questions may fare better.
    pub kind: FaultKind,
    /// For people: lower case, no full stop.
    pub message: String,
}

/// What follows from a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// This question failed.
    Question,
    /// All later ones would fail alike; none is sent any more.
    Closed,
    /// A limit of the budget is reached; none is sent any more.
    Limit,
}

/// A question that came to its end.
#[derive(Debug)]
pub struct Landed {
    /// The number it was sent under.
    pub number: u64,
    /// The reply, or why there is none.
    pub outcome: Result<Reply, Fault>,
    /// Requests that were sent and not refused.
    pub requests: u32,
    /// What it cost in US dollars, where the price is known; lost answers at the most they can have cost.
    pub cost: Option<f64>,
    /// From the first request to the end, waits included.
    pub latency: Duration,
    /// What went wrong on the way.
    pub troubles: Vec<String>,
}

/// What the questions under way share.
pub(super) struct Shared {
    pub(super) http: reqwest::Client,
    pub(super) address: Address,
    pub(super) model: String,
    pub(super) limits: Limits,
    key: Option<Secret>,
    gate: Gate,
    budget: RefCell<Budget>,
    /// Wakes those who wait for money that others may give back.
    settled: Notify,
    abilities: Cell<Abilities>,
    /// Questions that failed in a row.
    failures: Cell<u32>,
    /// Why nothing is sent any more.
    closed: RefCell<Option<Fault>>,
}

/// A connection to one model.
pub struct Client {
    // Before the runtime, which must outlive them.
    flights: FuturesUnordered<LocalBoxFuture<'static, Landed>>,
    shared: Rc<Shared>,
    runtime: Option<Runtime>,
}

impl Client {
    /// Makes ready; connects to nothing yet.
    pub fn open(address: Address, model: &str, key: Option<Secret>, limits: Limits, budget: Budget) -> Result<Self, String> {
        // Fails where one was installed before, and that serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot make ready for requests: {error}"))?;
        let http = http_client(&address, key.as_ref(), limits)?;
        let abilities = Cell::new(ladder::known(address.url.as_str(), model));
        let shared = Shared {
            http,
            model: model.to_owned(),
            limits,
            key,
            gate: Gate::new(limits.concurrency),
            budget: RefCell::new(budget),
            settled: Notify::new(),
            abilities,
            failures: Cell::new(0),
            closed: RefCell::new(None),
            address,
        };
        Ok(Self { flights: FuturesUnordered::new(), shared: Rc::new(shared), runtime: Some(runtime) })
    }

    /// Sends a question; it lands in `wait` under its number.
    pub fn send(&mut self, number: u64, request: Request) {
        let shared = Rc::clone(&self.shared);
        self.flights.push(Box::pin(async move { Flight::new(&shared, request).fly(number).await }));
    }

    /// How many are under way.
    pub fn under_way(&self) -> usize {
        self.flights.len()
    }

    /// Whether one more would be sent at once.
    pub fn has_room(&self) -> bool {
        self.flights.len() < self.shared.gate.limit()
    }

    /// Why nothing is sent any more, if so.
    pub fn closed(&self) -> Option<Fault> {
        self.shared.closed.borrow().clone()
    }

    /// How the shape of replies is asked for, as far as is known now.
    pub fn level(&self) -> &'static str {
        self.shared.abilities.get().level.name()
    }

    /// Works on all that is under way until a question lands, but no longer than told.
    pub fn wait(&mut self, at_most: Duration) -> Option<Landed> {
        let runtime = self.runtime.as_ref()?;
        let flights = &mut self.flights;
        runtime.block_on(async move { tokio::time::timeout(at_most, flights.next()).await.unwrap_or_default() })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Futures hold timers and sockets of the runtime.
        self.flights.clear();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn http_client(address: &Address, key: Option<&Secret>, limits: Limits) -> Result<reqwest::Client, String> {
    let mut builder = reqwest::Client::builder()
        .default_headers(address.dialect.headers(key)?)
        .user_agent(concat!("synthgen/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .hickory_dns(true)
        .pool_max_idle_per_host(limits.concurrency)
        .connect_timeout(limits.request.min(Duration::from_secs(10)));
    if !address.is_encrypted() {
        // Without a need for certificates a machine that has none will do.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |source| format!(": {source}"));
        format!("cannot make ready for https{cause}")
    })
}

impl Shared {
    /// A text without the key.
    pub(super) fn hide(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.hide(text))
    }

    fn close(&self, fault: Fault) {
        self.closed.borrow_mut().get_or_insert(fault);
    }

    /// Notes the end of a question; after too many failures in a row nothing is sent any more.
    fn note(&self, outcome: &Result<Reply, Fault>) {
        match outcome {
            Ok(_) => self.failures.set(0),
            Err(fault) if fault.kind == FaultKind::Question => {
                self.failures.set(self.failures.get() + 1);
                if self.failures.get() >= BREAKER {
                    let message = format!("given up after {BREAKER} failures in a row; the last: {}", fault.message);
                    self.close(Fault { kind: FaultKind::Closed, message });
                }
            }
            Err(fault) => self.close(fault.clone()),
        }
    }
}

/// One question on its way.
struct Flight<'a> {
    shared: &'a Shared,
    request: Request,
    begun: Instant,
    /// The most that one of its requests can cost.
    worst: f64,
    requests: u32,
    cost: f64,
    troubles: Vec<String>,
}

/// What follows a request without a reply.
enum Next {
    /// It is sent again, after a wait.
    Again(Duration),
    /// It is sent again at once, with less in it.
    Less,
    End(Fault),
}

impl<'a> Flight<'a> {
    fn new(shared: &'a Shared, request: Request) -> Self {
        let input = estimated_tokens(&request.system) + estimated_tokens(&request.prompt) + estimated_tokens(&request.schema.to_string());
        let worst = shared.budget.borrow().worst(input, u64::from(request.most_tokens));
        Self { shared, request, begun: Instant::now(), worst, requests: 0, cost: 0.0, troubles: Vec::new() }
    }

    async fn fly(mut self, number: u64) -> Landed {
        let outcome = self.tries().await;
        self.shared.note(&outcome);
        let cost = self.shared.budget.borrow().price.map(|_| self.cost);
        Landed { number, outcome, requests: self.requests, cost, latency: self.begun.elapsed(), troubles: self.troubles }
    }

    async fn tries(&mut self) -> Result<Reply, Fault> {
        let mut tries = 1;
        let mut abilities = self.shared.abilities.get();
        loop {
            match self.once(abilities).await {
                Ok(reply) => {
                    self.learn(abilities);
                    return Ok(reply);
                }
                Err(Stopped::Trouble(trouble)) => match self.after(&trouble, tries, &mut abilities) {
                    Next::Again(wait) => {
                        tokio::time::sleep(wait).await;
                        tries += 1;
                    }
                    Next::Less => {}
                    Next::End(fault) => return Err(fault),
                },
                Err(Stopped::Fault(fault)) => return Err(fault),
            }
        }
    }

    /// Waits for its turn and sends the request once.
    async fn once(&mut self, abilities: Abilities) -> Result<Reply, Stopped> {
        let pass = loop {
            let pass = self.shared.gate.enter().await;
            if let Some(fault) = self.shared.closed.borrow().clone() {
                return Err(Stopped::Fault(fault));
            }
            let permission = self.shared.budget.borrow_mut().take(self.worst);
            match permission {
                Permission::Go => break pass,
                Permission::Never(message) => return Err(Stopped::Fault(Fault { kind: FaultKind::Limit, message })),
                Permission::Wait => {
                    drop(pass);
                    self.shared.settled.notified().await;
                }
            }
        };
        let outcome = attempt(self.shared, &self.request, abilities).await;
        self.settle(&outcome);
        if let Err(Trouble::Refused(refusal)) = &outcome {
            if refusal.status == 429 && !refusal.quota {
                pass.too_many();
            }
            if let Some(wait) = refusal.wait.filter(|wait| retry::is_transient(refusal.status) && *wait <= self.shared.limits.request) {
                self.shared.gate.pause(wait);
            }
        }
        if outcome.is_ok() {
            self.shared.gate.succeeded();
        }
        outcome.map_err(Stopped::Trouble)
    }

    fn settle(&mut self, outcome: &Result<Reply, Trouble>) {
        let mut budget = self.shared.budget.borrow_mut();
        let end = match outcome {
            Ok(reply) => End::Paid(budget.price.map_or(0.0, |price| price.of(reply.usage.input, reply.usage.output))),
            Err(Trouble::Refused(_) | Trouble::Unreachable(_)) => End::Refused,
            Err(Trouble::Lost(_) | Trouble::Late(_) | Trouble::Unusable(_)) => End::Lost,
        };
        budget.end(self.worst, end);
        self.shared.settled.notify_waiters();
        self.requests += u32::from(end != End::Refused);
        self.cost += match end {
            End::Paid(cost) => cost,
            End::Refused => 0.0,
            End::Lost => self.worst,
        };
    }

    fn after(&mut self, trouble: &Trouble, tries: u32, abilities: &mut Abilities) -> Next {
        let next = match trouble {
            Trouble::Refused(refusal) => self.after_refusal(refusal, tries, abilities),
            Trouble::Unreachable(why) | Trouble::Lost(why) | Trouble::Late(why) => self.again(why, None, tries),
            Trouble::Unusable(why) => Next::End(question(why.clone())),
        };
        match &next {
            Next::Again(wait) => self.troubles.push(format!("{} (again after {})", told(trouble), seconds(*wait))),
            Next::Less => self.troubles.push(format!("{} (asked with less)", told(trouble))),
            Next::End(_) => self.troubles.push(told(trouble)),
        }
        next
    }

    fn after_refusal(&self, refusal: &Refusal, tries: u32, abilities: &mut Abilities) -> Next {
        let message = refused(refusal);
        match refusal.status {
            _ if refusal.quota => closed(message),
            400 | 422 => self.with_less(refusal, message, abilities),
            300..=399 => closed(format!("{message}: redirects are not followed")),
            401 | 403 | 404 => closed(message),
            status if retry::is_transient(status) => self.again(&message, refusal.wait, tries),
            _ => Next::End(question(message)),
        }
    }

    /// Others may have found out meanwhile what the server takes.
    fn with_less(&self, refusal: &Refusal, message: String, abilities: &mut Abilities) -> Next {
        let common = abilities.and(self.shared.abilities.get());
        if common != *abilities {
            *abilities = common;
            return Next::Less;
        }
        let Some((less, named)) = abilities.without(&refusal.said) else {
            return Next::End(question(message));
        };
        *abilities = less;
        if named {
            self.learn(less);
        }
        Next::Less
    }

    fn learn(&self, abilities: Abilities) {
        let abilities = abilities.and(self.shared.abilities.get());
        self.shared.abilities.set(abilities);
        ladder::remember(self.shared.address.url.as_str(), &self.shared.model, abilities);
    }

    fn again(&self, why: &str, asked: Option<Duration>, tries: u32) -> Next {
        let request = self.shared.limits.request;
        if let Some(asked) = asked.filter(|asked| *asked > request) {
            return Next::End(question(format!("{why}; it asks to wait {}, longer than synthgen.llm_timeout", seconds(asked))));
        }
        if tries >= retry::TRIES {
            return Next::End(question(format!("{why}, {tries} times")));
        }
        let wait = retry::wait(tries + 1).max(asked.unwrap_or_default());
        if self.begun.elapsed() + wait >= request * 3 {
            return Next::End(question(format!("{why}; no time is left for another try")));
        }
        Next::Again(wait)
    }
}

enum Stopped {
    Trouble(Trouble),
    Fault(Fault),
}

fn told(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Refused(refusal) => refused(refusal),
        Trouble::Unreachable(why) | Trouble::Lost(why) | Trouble::Late(why) | Trouble::Unusable(why) => why.clone(),
    }
}

fn refused(refusal: &Refusal) -> String {
    let said = if refusal.said.is_empty() { String::new() } else { format!(": {}", refusal.said) };
    format!("the server answered {}{said}", refusal.status)
}

fn question(message: String) -> Fault {
    Fault { kind: FaultKind::Question, message }
}

fn closed(message: String) -> Next {
    Next::End(Fault { kind: FaultKind::Closed, message })
}
