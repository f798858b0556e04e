//! PostgreSQL's own programs, from the installation that the tests are told to use.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of `initdb`, `pg_ctl` and `psql`.
pub(super) struct Programs {
    directory: PathBuf,
}

impl Programs {
    /// Those of the server whose `pg_config` stands in `SYNTHGEN_TEST_PG_CONFIG`.
    pub(super) fn from_environment() -> Self {
        let pg_config = std::env::var_os("SYNTHGEN_TEST_PG_CONFIG").expect("SYNTHGEN_TEST_PG_CONFIG is set; see tests/cluster/main.rs");
        let directory = Path::new(&pg_config).parent().expect("pg_config stands in a directory").to_owned();
        Self { directory }
    }

    /// A program run as the caller.
    pub(super) fn client(&self, name: &str) -> Command {
        let mut command = Command::new(self.directory.join(name));
        settle(&mut command);
        command
    }

    /// A program run as the server's user: postgres if the caller is root, else the caller.
    pub(super) fn server(&self, name: &str) -> Command {
        if !is_root() {
            return self.client(name);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(self.directory.join(name));
        settle(&mut command);
        command
    }
}

/// Gives a new directory to the server's user.
pub(super) fn give_to_server(directory: &Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres:").arg(directory));
    }
}

/// Ends a process at once; by the shell, for a bare system has no program of that name.
pub(crate) fn kill(process: impl std::fmt::Display) {
    run(Command::new("sh").args(["-c", &format!("kill -9 {process}")]));
}

/// Runs a command to its end; its standard output.
pub(super) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")) == "0"
}

/// A directory that both users can enter, and none of the caller's settings for clients and servers.
fn settle(command: &mut Command) {
    command.current_dir("/").env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_libpq_setting(name)) {
        command.env_remove(name);
    }
}

fn is_libpq_setting(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("PG"))
}
