//! A private PostgreSQL cluster: one socket in a directory of its own, no TCP, no durability.

use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use postgres::Client;

use super::database::{self, Database};
use super::programs::{Programs, give_to_server, kill, run};

/// Where every fresh database is copied from: an empty one with the extension.
const TEMPLATE: &str = "template_synthgen";

const SETTINGS: &str = "
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
full_page_writes = off
jit = off
";

/// A running cluster. When it is dropped, or the tests end in whatever way, its server stops and its files go.
pub(crate) struct Cluster {
    directory: PathBuf,
    programs: Programs,
    /// What the server takes for /etc/resolv.conf, where that is another file.
    names: Option<PathBuf>,
    /// The superuser's connection that makes and drops databases, one at a time.
    administrator: Mutex<Option<Client>>,
    guardian: Child,
}

impl Cluster {
    /// The cluster that the tests of this program share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);
        &SHARED
    }

    /// A new cluster of one's own, for tests that damage it; takes a second or two.
    pub(crate) fn start() -> Self {
        Self::start_with(None)
    }

    /// One whose server asks this name server alone. Root alone can do that.
    pub(crate) fn start_with_name_server(address: &str) -> Self {
        Self::start_with(Some(address))
    }

    fn start_with(name_server: Option<&str>) -> Self {
        let programs = Programs::from_environment();
        let directory = new_directory();
        let data = directory.join("data");
        run(programs
            .server("initdb")
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-U", "postgres"])
            .arg(&data));
        configure(&data, &directory);
        let guardian = guard(&data, &directory);
        let names = name_server.map(|address| {
            let file = directory.join("resolv.conf");
            std::fs::write(&file, format!("nameserver {address}\n"))
                .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
            file
        });
        let cluster = Self { directory, programs, names, administrator: Mutex::new(None), guardian };
        cluster.start_server();
        cluster.prepare();
        cluster
    }

    fn start_server(&self) {
        let data = self.directory.join("data");
        let mut start = self.programs.server("pg_ctl");
        start.args(["start", "-s", "-w", "-D"]).arg(&data).arg("-l").arg(self.log());
        match &self.names {
            Some(names) => run(&mut within(names, &start)),
            None => run(&mut start),
        };
    }

    /// Kills the server's first process, waits until the others have seen it, and starts the server again.
    pub(crate) fn crash(&self) {
        let data = self.directory.join("data");
        let lock = std::fs::read_to_string(data.join("postmaster.pid")).expect("the server runs");
        let process = lock.lines().next().expect("its first line names the process");
        let mut processes = children(process);
        kill(process);
        processes.push(process.to_owned());
        let begun = std::time::Instant::now();
        while processes.iter().any(|process| Path::new(&format!("/proc/{process}/cwd")).exists()) {
            assert!(begun.elapsed() < std::time::Duration::from_secs(10), "a backend outlives its server");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        // A dead process nobody has waited for passes for a live one with PostgreSQL.
        for lock in [data.join("postmaster.pid"), self.directory.join(".s.PGSQL.5432.lock")] {
            let _ = std::fs::remove_file(lock);
        }
        self.start_server();
    }

    /// A database that holds nothing but the extension. A name is one test's: it replaces the database it had before.
    pub(crate) fn fresh_database(&self, name: &str) -> Database<'_> {
        let mut administrator = self.administrator.lock().expect("no test failed while it made a database");
        let administrator = self.connected(&mut administrator);
        for statement in [format!("drop database if exists {name} with (force)"), format!("create database {name} template {TEMPLATE}")] {
            administrator.batch_execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        }
        Database::new(self, name)
    }

    /// A database that is there already.
    pub(crate) fn database(&self, name: &str) -> Database<'_> {
        Database::new(self, name)
    }

    /// A fresh one in an encoding of its own, under the locale C.
    pub(crate) fn fresh_database_in(&self, name: &str, encoding: &str) -> Database<'_> {
        let mut administrator = self.administrator.lock().expect("no test failed while it made a database");
        let administrator = self.connected(&mut administrator);
        let create = format!("create database {name} template template0 encoding '{encoding}' lc_collate 'C' lc_ctype 'C'");
        for statement in [format!("drop database if exists {name} with (force)"), create] {
            administrator.batch_execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        }
        let database = Database::new(self, name);
        database.connect().batch_execute("create extension synthgen").expect("the extension can be created");
        database
    }

    /// The administrator, connected anew where the server has been restarted.
    fn connected<'a>(&self, administrator: &'a mut Option<Client>) -> &'a mut Client {
        let lost = |client: &mut Client| client.is_closed() || client.simple_query("select").is_err();
        if administrator.as_mut().is_none_or(lost) {
            *administrator = Some(database::connect(self.socket(), "postgres", "postgres"));
        }
        administrator.as_mut().expect("it has just been connected")
    }

    /// A new directory into which the server may write.
    pub(crate) fn fresh_directory(&self, name: &str) -> PathBuf {
        let directory = self.directory.join(name);
        make_directory(&directory);
        directory
    }

    /// A file that only the server may read.
    pub(crate) fn secret_file(&self, name: &str, content: &str) -> PathBuf {
        let file = self.fresh_directory(name).join("secret");
        std::fs::write(&file, content).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("it is ours");
        give_to_server(&file);
        file
    }

    /// The server's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// Where the socket is.
    pub(super) fn socket(&self) -> &Path {
        &self.directory
    }

    /// A client program, to be told where to connect to.
    pub(super) fn client(&self, name: &str) -> Command {
        self.programs.client(name)
    }

    fn prepare(&self) {
        let mut administrator = database::connect(self.socket(), "postgres", "postgres");
        administrator.batch_execute(&format!("create database {TEMPLATE}")).expect("the template can be made");
        database::connect(self.socket(), TEMPLATE, "postgres")
            .batch_execute("create extension synthgen")
            .expect("the extension can be created");
        *self.administrator.lock().expect("nobody else has the cluster yet") = Some(administrator);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        // Whether it went well is seen by nobody who could still act on it.
        let _ = self.guardian.wait();
    }
}

/// Under /var/tmp, which user postgres can enter and whose name leaves room for a socket's (107 bytes in all).
fn new_directory() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("synthgen-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let directory = Path::new("/var/tmp").join(name);
    make_directory(&directory);
    directory
}

fn make_directory(directory: &Path) {
    std::fs::DirBuilder::new().mode(0o700).create(directory).unwrap_or_else(|error| panic!("cannot make {}: {error}", directory.display()));
    give_to_server(directory);
}

fn configure(data: &Path, socket: &Path) {
    let file = data.join("postgresql.auto.conf");
    let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", socket.display());
    std::fs::write(&file, settings).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
}

/// A command in a mount namespace of its own, in which a file stands for /etc/resolv.conf.
fn within(names: &Path, command: &Command) -> Command {
    let mut within = Command::new("unshare");
    within.args(["-m", "sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\""]).arg(names);
    within.arg(command.get_program()).args(command.get_args()).current_dir("/");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => within.env(name, value),
            None => within.env_remove(name),
        };
    }
    within
}

/// The processes that a process started.
fn children(process: &str) -> Vec<String> {
    let file = format!("/proc/{process}/task/{process}/children");
    let listed = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {file}: {error}"));
    listed.split_whitespace().map(str::to_owned).collect()
}

/// In a process group of its own, lest Ctrl-C end it before it has stopped the server.
fn guard(data: &Path, directory: &Path) -> Child {
    let mut command = Command::new("sh");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/guardian.sh")).arg(data).arg(directory);
    if std::env::var_os("SYNTHGEN_TEST_KEEP").is_some() {
        eprintln!("the test cluster stays in {}", directory.display());
        command.arg("keep");
    }
    command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    command.spawn().expect("a shell starts")
}
