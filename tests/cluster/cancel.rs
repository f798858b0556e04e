//! A call is cancelled wherever it is: while a name is looked up, a connection made, an answer awaited or a wait sat out.

use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use crate::model::{converse, with_model_in};
use crate::model_server::ModelServer;
use crate::stall::set;
use crate::support::Cluster;

/// Where nobody answers in one of the phases.
pub(crate) struct Silence {
    server: ModelServer,
    /// The kernel takes the connection; nobody ever says a word of TLS.
    taken: TcpListener,
    /// No more connections are taken: those waiting are as many as may wait.
    full: TcpListener,
    waiting: Vec<TcpStream>,
    /// Nobody answers for names.
    names: Option<UdpSocket>,
}

/// The name server of the cluster, on loopback; only root may be one.
const NAMES: &str = "127.0.0.77";

impl Silence {
    pub(crate) fn new() -> Self {
        let bind = || TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let full = bind();
        let address = full.local_addr().expect("it is bound");
        let mut waiting = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            waiting.push(stream);
            assert!(waiting.len() < 20_000, "the kernel takes any number of connections");
        }
        Self { server: ModelServer::start(), taken: bind(), full, waiting, names: UdpSocket::bind((NAMES, 53)).ok() }
    }

    /// A cluster that looks names up here, where that is possible.
    pub(crate) fn cluster(&self) -> Cluster {
        if self.names.is_some() { Cluster::start_with_name_server(NAMES) } else { Cluster::start() }
    }

    /// The phases by name, each with a base URL under which a call stays in it.
    pub(crate) fn phases(&self) -> Vec<(&'static str, String)> {
        assert!(!self.waiting.is_empty());
        let url = |scheme: &str, address: std::io::Result<SocketAddr>| format!("{scheme}://{}/v1", address.expect("it is bound"));
        let mut phases = vec![
            ("connect", url("http", self.full.local_addr())),
            ("TLS", url("https", self.taken.local_addr())),
            ("headers", self.server.base_url("hang")),
            ("headers, late", self.server.base_url("slow:1900")),
            ("body", self.server.base_url("hang_body")),
            ("body, byte by byte", self.server.base_url("drip")),
            ("back-off, asked for", self.server.base_url("retry_seconds:2")),
            ("back-off, of its own", self.server.base_url("status:503")),
        ];
        if self.names.is_some() {
            phases.push(("DNS", "http://model.example/v1".to_owned()));
        } else {
            eprintln!("not tried: DNS, for only root can answer for names");
        }
        phases
    }
}

/// Cancels calls in a phase; what is wrong of it. Warm sessions keep what they have.
pub(crate) fn cancelled(cluster: &Cluster, server: &ModelServer, phase: &str, base: &str, rounds: usize) -> Vec<String> {
    let database = with_model_in(cluster, "cancelled", server, "");
    set(&database, "cancelled", "llm_base_url", base);
    set(&database, "cancelled", "llm_plain_http", "on");
    let mut client = database.connect();
    let process: i32 = client.query_one("select pg_backend_pid()", &[]).expect("it has one").get(0);
    let (mut before, mut wrong) = (Resources::default(), Vec::new());
    // The first two rounds make the session warm.
    for round in 0..rounds + 2 {
        client.batch_execute("set statement_timeout = '300ms'").expect("it is set");
        let begun = Instant::now();
        let outcome = client.batch_execute(&format!("select synthgen.probe_converse('auto', 8, '{phase} {round}')"));
        let took = begun.elapsed();
        let code = outcome.err().and_then(|error| error.code().map(|code| code.code().to_owned()));
        if code.as_deref() != Some("57014") || took >= Duration::from_secs(1) || took < Duration::from_millis(290) {
            wrong.push(format!("{phase}: {code:?} after {took:?}"));
        }
        client.batch_execute("set statement_timeout = 0").expect("the session goes on");
        converse(&mut client, "look", 1, "usable");
        let now = Resources::of(process);
        if round == 1 {
            before = now;
        } else if round > 1 && !now.are(&before) {
            wrong.push(format!("{phase}: {now:?}, before {before:?}"));
        }
    }
    wrong
}

/// What a backend has of the kernel: threads, sockets and event queues (files of tables come and go as PostgreSQL likes),
/// and memory in kB.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    threads: usize,
    sockets: usize,
    memory: u64,
}

impl Resources {
    pub(crate) fn of(process: i32) -> Self {
        let entries = |name: &str| std::fs::read_dir(format!("/proc/{process}/{name}")).expect("the backend runs");
        let targets = entries("fd").filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        let is_ours =
            |target: &std::path::PathBuf| ["socket:", "anon_inode:"].iter().any(|kind| target.to_string_lossy().starts_with(kind));
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the backend runs");
        let memory =
            status.lines().find_map(|line| line.strip_prefix("RssAnon:")).and_then(|text| text.split_whitespace().next()?.parse().ok());
        Self { threads: entries("task").count(), sockets: targets.filter(is_ours).count(), memory: memory.expect("Linux tells it") }
    }

    /// The same, but for what an allocator keeps.
    pub(crate) fn are(&self, before: &Self) -> bool {
        (self.threads, self.sockets) == (before.threads, before.sockets) && self.memory <= before.memory + 2 * 1024
    }
}

#[test]
fn it_is_cancelled_in_every_phase_in_under_a_second() {
    let silence = Silence::new();
    let cluster = silence.cluster();
    let wrong: Vec<String> =
        silence.phases().iter().flat_map(|(phase, base)| cancelled(&cluster, &silence.server, phase, base, 1)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
