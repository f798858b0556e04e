//! A call that ends in whatever way after some replies: the next one repeats none of them.

use crate::model_server::ModelServer;
use crate::stall::{self, ARGUMENTS, set, until};
use crate::support::{Cluster, kill};

/// In how many ways a call ends here.
pub(crate) const ENDINGS: [&str; 5] = ["rollback", "error", "cancel", "kill -9 of the backend", "kill -9 of the server"];

/// A cluster with the small shop, to be damaged.
pub(crate) struct Ground {
    cluster: Cluster,
    pub(crate) server: ModelServer,
}

const NAME: &str = "interrupted";

impl Ground {
    pub(crate) fn new() -> Self {
        let ground = Self { cluster: Cluster::start(), server: ModelServer::start() };
        drop(stall::stall_in(&ground.cluster, NAME, &ground.server, ""));
        ground
    }

    /// Begins a call of its own seed that ends after `kept` replies, then makes the same call in peace; tells what is wrong.
    pub(crate) fn point(&self, seed: usize, ending: &str, kept: usize) -> Result<(), String> {
        let database = self.cluster.database(NAME);
        let refuses = matches!(ending, "rollback" | "error");
        // Refusals come late, so that the replies before them have landed.
        let then = if refuses { "slow:200+status:413" } else { "hang" };
        set(&database, NAME, "llm_base_url", &self.server.base_url(&format!("after:{}+{then}", self.server.asked().len() + kept)));
        let mode = if ending == "error" { "require" } else { "auto" };
        let statement = format!("begin; select from synthgen.generate({ARGUMENTS}, seed => {seed}, llm => '{mode}'); rollback");
        let mut client = database.connect();
        let process: i32 = client.query_one("select pg_backend_pid()", &[]).expect("it has one").get(0);
        let waiting = std::thread::spawn(move || client.batch_execute(&statement).is_ok());
        if !refuses {
            let stored = format!("select synthgen.plan_document({ARGUMENTS}, seed => {seed}) ->> 'stored'");
            until("the replies are kept", || database.psql(&stored) == kept.to_string());
        }
        match ending {
            "cancel" => drop(database.psql(&format!("select pg_cancel_backend({process})"))),
            "kill -9 of the backend" => kill(process),
            "kill -9 of the server" => self.cluster.crash(),
            _ => {}
        }
        if waiting.join().expect("the session ended") != (ending == "rollback") {
            return Err(format!("{ending} after {kept}: the call ended otherwise than it was to"));
        }
        until("the server is back", || database.psql_output("select 1").status.success());

        set(&database, NAME, "llm_base_url", &self.server.base_url(""));
        let asked = self.server.asked().len();
        let counts = database.psql(&format!(
            "begin; select from synthgen.generate({ARGUMENTS}, seed => {seed});
             select count(*) filter (where replayed), count(*) filter (where not replayed) from synthgen.llm_call
             where run_id = (select max(run_id) from synthgen.run); rollback"
        ));
        let new = self.server.asked().len() - asked;
        let counts = counts.lines().last().unwrap_or_default();
        if counts == format!("{kept}|{new}") { Ok(()) } else { Err(format!("{ending} after {kept}: {counts}, the server was asked {new}")) }
    }
}

#[test]
fn a_call_that_ends_after_some_replies_loses_none() {
    let ground = Ground::new();
    let mut wrong = Vec::new();
    for (number, ending) in ENDINGS.into_iter().enumerate() {
        for (place, kept) in [1, 3, 5, 7].into_iter().enumerate() {
            wrong.extend(ground.point(1000 + number * 10 + place, ending, kept).err());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
