//! One test's database, and the ways into it: client connections and psql.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use postgres::{Client, Config, NoTls};

use super::Cluster;

/// The notices a connection has heard, in order: (severity, message).
pub(crate) type Notices = Arc<Mutex<Vec<(String, String)>>>;

/// A database of a running cluster.
pub(crate) struct Database<'cluster> {
    cluster: &'cluster Cluster,
    name: String,
}

impl<'cluster> Database<'cluster> {
    pub(super) fn new(cluster: &'cluster Cluster, name: &str) -> Self {
        Self { cluster, name: name.to_owned() }
    }

    /// A connection as the superuser.
    pub(crate) fn connect(&self) -> Client {
        self.connect_as("postgres")
    }

    /// A connection as a role that may log in.
    pub(crate) fn connect_as(&self, role: &str) -> Client {
        connect(self.cluster.socket(), &self.name, role)
    }

    /// A superuser's connection and the notices it hears from now on.
    pub(crate) fn connect_hearing(&self) -> (Client, Notices) {
        let notices = Notices::default();
        let heard = Arc::clone(&notices);
        let mut config = config(self.cluster.socket(), &self.name, "postgres");
        config.notice_callback(move |notice| {
            let notice = (notice.severity().to_owned(), notice.message().to_owned());
            heard.lock().expect("a push cannot fail").push(notice);
        });
        (config.connect(NoTls).expect("the superuser may connect"), notices)
    }

    /// Runs statements by psql, unaligned and without headers, as the superuser; what they print. Stops the test at
    /// the first error.
    pub(crate) fn psql(&self, sql: &str) -> String {
        let output = self.psql_output(sql);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "psql failed on:\n{sql}\n{errors}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// The same, with what psql wrote to standard error (notices, errors) and its exit status.
    pub(crate) fn psql_output(&self, sql: &str) -> Output {
        let mut psql = self.cluster.client("psql");
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", &self.name, "-h"]).arg(self.cluster.socket());
        // The tests are written in UTF-8, whatever the locale says.
        psql.env("PGCLIENTENCODING", "UTF8");
        // By standard input, for a file's statements are more than an argument may hold.
        let mut running = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("psql starts");
        let mut input = running.stdin.take().expect("standard input is piped");
        let sql = sql.to_owned();
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let output = running.wait_with_output().expect("psql ends");
        // After an error psql leaves the rest unread.
        let _ = writer.join().expect("writing does not panic");
        output
    }
}

impl Database<'_> {
    /// What `pg_dump` writes of it.
    pub(crate) fn dump(&self) -> String {
        let mut dump = self.cluster.client("pg_dump");
        let output = dump.args(["-U", "postgres", "-h"]).arg(self.cluster.socket()).arg(&self.name).output().expect("pg_dump starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A file of the repository, named from its top.
pub(crate) fn repository_file(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

pub(super) fn connect(socket: &Path, database: &str, role: &str) -> Client {
    config(socket, database, role).connect(NoTls).unwrap_or_else(|error| panic!("{role} cannot connect to {database}: {error}"))
}

fn config(socket: &Path, database: &str, role: &str) -> Config {
    let mut config = Config::new();
    config.host_path(socket).user(role).dbname(database);
    config
}
