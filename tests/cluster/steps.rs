//! Runs that commit as they go: interrupted anywhere, the same call goes on, repeats nothing, and makes the same rows.

use postgres::error::SqlState;

use crate::model_server::ModelServer;
use crate::stall::{ARGUMENTS, STATE, TABLES, ask, set, stall, stall_in, until};
use crate::support::{Cluster, Database, kill};

/// A trigger that waits while there is a row in `public.stop`, on rows that a condition picks.
fn stopping(database: &Database, table: &str, condition: &str) {
    database.psql(&format!(
        "create table if not exists public.stop (on_this text); grant all on public.stop to public;
         create or replace function public.wait() returns trigger language plpgsql as $$ begin
             if exists (select from public.stop) then perform pg_sleep(60); end if; return new; end $$;
         create trigger wait before insert on {table} for each row when ({condition}) execute function public.wait()"
    ));
}

/// What `generate` makes of the same call, in a database of its own.
fn at_once(name: &str, server: &ModelServer, prepare: impl Fn(&Database)) -> String {
    let database = stall(name, server, "");
    prepare(&database);
    database.psql(&format!("select from synthgen.generate({ARGUMENTS})"));
    database.psql(STATE)
}

/// A session that makes the call, and the number of its process.
fn call(database: &Database, statement: &str) -> (i32, std::thread::JoinHandle<bool>) {
    let mut client = database.connect();
    let process = client.query_one("select pg_backend_pid()", &[]).expect("it has one").get(0);
    let statement = statement.to_owned();
    (process, std::thread::spawn(move || client.batch_execute(&statement).is_ok()))
}

fn in_steps() -> String {
    format!("call synthgen.generate_in_steps({ARGUMENTS})")
}

/// Questions whose replies the latest run took from the store, and those it asked.
fn answers(database: &Database) -> String {
    database.psql(
        "select count(*) filter (where replayed), count(*) filter (where not replayed) from synthgen.llm_call where run_id = (select max(run_id) from synthgen.run)",
    )
}

#[test]
fn steps_make_the_rows_that_one_transaction_makes() {
    let server = ModelServer::start();
    let whole = at_once("steps_whole", &server, |_| {});
    let database = stall("steps_same", &server, "");

    database.psql(&in_steps());

    assert_eq!(database.psql(STATE), whole);
    assert_eq!(
        database.psql("select status, error is null, (select count(*) from synthgen.run_state_stored) from synthgen.run"),
        "done|t|0"
    );
    assert_eq!(
        database.psql("select string_agg(verdict || ' ' || inserted, ', ' order by step) from synthgen.run_table"),
        "filled 45, filled 40, filled 60"
    );
    assert_eq!(database.psql("select count(*) from synthgen.verify('s') where verdict = 'violated'"), "0");
    // Another call of the same kind is a run of its own.
    database.psql(&in_steps());
    assert_eq!(database.psql("select count(*), (select count(*) from s.customer) from synthgen.run where status = 'done'"), "2|90");
}

#[test]
fn a_call_inside_a_transaction_is_refused() {
    let server = ModelServer::start();
    let database = stall("steps_block", &server, "");
    let mut client = database.connect();

    client.batch_execute("begin").expect("a transaction begins");
    let error = client.batch_execute(&in_steps()).expect_err("it cannot commit");

    assert_eq!(error.code().map(SqlState::code), Some("2D000"));
    let error = error.as_db_error().expect("the server answered");
    assert!(error.hint().is_some_and(|hint| hint.contains("synthgen.generate()")), "{error:?}");
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn an_interrupted_load_goes_on_with_the_next_table() {
    let server = ModelServer::start();
    let prepare = |database: &Database| stopping(database, "s.product_review", "true");
    let whole = at_once("steps_load_whole", &server, prepare);
    let cluster = Cluster::start();
    for (number, ending) in ["pg_cancel_backend", "pg_terminate_backend", "kill -9", "server"].into_iter().enumerate() {
        let name = format!("steps_load_{number}");
        let database = stall_in(&cluster, &name, &server, "");
        prepare(&database);
        database.psql("insert into public.stop values ('s')");
        let before = server.asked().len();

        let (process, waiting) = call(&database, &in_steps());
        until("two tables are committed", || {
            database.psql("select (select count(*) from s.customer) + (select count(*) from s.product)") == "85"
        });
        let asked = server.asked().len() - before;
        match ending {
            "kill -9" => kill(process),
            "server" => cluster.crash(),
            ending => drop(database.psql(&format!("select {ending}({process})"))),
        }
        assert!(!waiting.join().expect("the session ended"), "{ending}: with an error");
        until("the server is back", || database.psql_output("select 1").status.success());
        assert_eq!(
            database.psql(
                "select (select count(*) from s.customer), (select count(*) from s.product_review), (select status from synthgen.run)"
            ),
            "45|0|running",
            "{ending}"
        );

        database.psql("delete from public.stop");
        database.psql(&in_steps());
        assert_eq!(database.psql(STATE), whole, "{ending}");
        assert_eq!(database.psql("select run_id, status from synthgen.run"), "1|done", "{ending}");
        assert_eq!(server.asked().len() - before, asked, "{ending}: nothing is asked twice");
        assert_eq!(database.psql("select count(*) from synthgen.verify('s') where verdict = 'violated'"), "0", "{ending}");
    }
}

#[test]
fn an_interrupted_dialogue_goes_on_with_the_next_question() {
    let server = ModelServer::start();
    for kept in [1, 4, 6] {
        let name = format!("steps_words_{kept}");
        let database = stall(&name, &server, "");
        set(&database, &name, "llm_base_url", &server.base_url(&format!("after:{}+hang", server.asked().len() + kept)));

        let (process, waiting) = call(&database, &in_steps());
        // Committed, and seen by others while the call goes on.
        until("the replies are stored", || database.psql("select count(*) from synthgen.llm_reply") == kept.to_string());
        database.psql(&format!("select pg_cancel_backend({process})"));
        assert!(!waiting.join().expect("the session ended"));

        ask(&database, &name, &server, "");
        let asked = server.asked().len();
        database.psql(&in_steps());
        let answers = answers(&database);
        let (replayed, new) = answers.split_once('|').expect("two counts");
        // The first part of the run noted its questions too.
        assert_eq!(replayed, kept.to_string(), "{answers}");
        assert_eq!(new.parse::<usize>().expect("a count") - kept, server.asked().len() - asked, "{answers}");
        // One transaction that uses these replies makes the same rows.
        let rows = database.psql(STATE);
        database.psql(&format!("drop schema s cascade; {TABLES} select from synthgen.generate({ARGUMENTS}, llm => 'replay')"));
        assert_eq!(database.psql(STATE), rows, "{kept}");
    }
}

#[test]
fn what_had_no_reply_stays_the_algorithms_when_a_run_goes_on() {
    let server = ModelServer::start();
    let prepare = |database: &Database| stopping(database, "s.product_review", "true");
    let (whole, database) = (stall("steps_lost_whole", &server, ""), stall("steps_lost", &server, ""));
    for (database, name) in [(&whole, "steps_lost_whole"), (&database, "steps_lost")] {
        prepare(database);
        // Of the first five questions three are answered, all others are refused.
        set(database, name, "llm_base_url", &server.base_url(&format!("after:{}+status:413", server.asked().len() + 3)));
        set(database, name, "llm_concurrency", "1");
        if name == "steps_lost_whole" {
            database.psql(&format!("select from synthgen.generate({ARGUMENTS})"));
        }
    }
    database.psql("insert into public.stop values ('s')");
    let (process, waiting) = call(&database, &in_steps());
    until("two tables are committed", || {
        database.psql("select (select count(*) from s.customer) + (select count(*) from s.product)") == "85"
    });
    database.psql(&format!("select pg_cancel_backend({process})"));
    assert!(!waiting.join().expect("the session ended"));

    // Now the model would answer; but the rows that are there were made without it.
    ask(&database, "steps_lost", &server, "");
    let asked = server.asked().len();
    database.psql("delete from public.stop");
    database.psql(&in_steps());

    assert_eq!(server.asked().len(), asked);
    assert_eq!(database.psql(STATE), whole.psql(STATE));
    assert_eq!(
        database.psql("select llm_rows, algorithmic_rows from synthgen.run_table order by step"),
        whole.psql("select llm_rows, algorithmic_rows from synthgen.run_table order by step")
    );
}

#[test]
fn a_large_table_is_committed_in_parts() {
    const CALL: &str = r#"'b', rows => '{"big": 300000}', as_of => '2026-01-01 00:00:00+00'"#;
    let tables = "create schema b; create table b.big (id int generated always as identity primary key, code text not null unique, size int not null)";
    let digest = "select count(*), md5(string_agg(big::text, '' order by id)) from b.big";
    let whole = Cluster::shared().fresh_database("steps_big_whole");
    whole.psql(tables);
    stopping(&whole, "b.big", "new.id > 260000");
    whole.psql(&format!("select from synthgen.generate({CALL})"));
    let database = Cluster::shared().fresh_database("steps_big");
    database.psql(tables);
    stopping(&database, "b.big", "new.id > 260000");
    database.psql("insert into public.stop values ('s')");

    let (process, waiting) = call(&database, &format!("call synthgen.generate_in_steps({CALL})"));
    until("the first part is committed", || database.psql("select count(*) from b.big") == "250000");
    database.psql(&format!("select pg_cancel_backend({process})"));
    assert!(!waiting.join().expect("the session ended"));
    // The record knows the part: the table is none of somebody else's.
    let planned = database.psql(&format!("select verdict from synthgen.plan({CALL}) where kind = 'table'"));
    assert_eq!(planned, "make");

    database.psql("delete from public.stop");
    database.psql(&format!("call synthgen.generate_in_steps({CALL})"));
    assert_eq!(database.psql(digest), whole.psql(digest));
    assert_eq!(database.psql("select inserted, verdict from synthgen.run_table"), "300000|filled");
    assert_eq!(database.psql("select sum(last_key - first_key + 1) from synthgen.run_key"), "300000");
}

#[test]
fn a_run_is_carried_on_step_by_step_by_whoever_began_it() {
    let server = ModelServer::start();
    let whole = at_once("steps_one_whole", &server, |_| {});
    let database = stall("steps_one", &server, "hang");
    database.psql("drop role if exists steps_other; create role steps_other login; grant usage on schema synthgen, s to steps_other");
    let (process, waiting) = call(&database, &in_steps());
    until("the run is there", || database.psql("select count(*) from synthgen.run") == "1");
    database.psql(&format!("select pg_cancel_backend({process})"));
    assert!(!waiting.join().expect("the session ended"));
    ask(&database, "steps_one", &server, "");

    let mut other = database.connect_as("steps_other");
    let error = other.query("select synthgen.run_step(1)", &[]).expect_err("it is another's");
    assert_eq!(error.code().map(SqlState::code), Some("55000"));
    let mut client = database.connect();
    client.batch_execute("begin; select synthgen.run_step(1); rollback").expect("a step taken back is none");
    let mut steps = 0;
    while client.query_one("select synthgen.run_step(1)", &[]).expect("it steps").get(0) {
        steps += 1;
    }

    // The model, reference rows, three tables; the last call ends the run.
    assert_eq!(steps, 5);
    assert_eq!((database.psql(STATE), database.psql("select status from synthgen.run")), (whole, "done".to_owned()));
    assert!(client.query("select synthgen.run_step(1)", &[]).is_err(), "it has come to its end");
}

#[test]
fn tables_that_changed_end_an_interrupted_run() {
    let server = ModelServer::start();
    let database = stall("steps_changed", &server, "hang");
    let (process, waiting) = call(&database, &in_steps());
    until("the run is there", || database.psql("select count(*) from synthgen.run") == "1");
    database.psql(&format!("select pg_cancel_backend({process})"));
    assert!(!waiting.join().expect("the session ended"));

    database.psql("alter table s.customer add column shelf int");
    let error = database.connect().batch_execute(&in_steps()).expect_err("it cannot go on");
    assert_eq!(error.code().map(SqlState::code), Some("55000"));
    assert!(error.as_db_error().is_some_and(|error| error.message().contains("definitions changed")), "{error:?}");
}
