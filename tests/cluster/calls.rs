//! Calls of `generate` as users make them: with and without rights, cancelled, read-only, refused with a reason.

use std::time::{Duration, Instant};

use postgres::Client;
use postgres::error::DbError;

use crate::support::{Cluster, Database};

const SHOP: &str = "create schema s;
    create table s.customer (id int generated always as identity primary key, email text not null unique, grade text not null check (grade in ('a', 'b')));
    create table s.purchase (id bigserial primary key, customer_id int not null references s.customer, amount numeric(10,2) not null check (amount >= 0), note text)";

const CALL: &str = r#"select * from synthgen.generate('s', rows => '{"customer": 20, "purchase": 50}')"#;

fn shop(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(SHOP);
    database
}

/// A role that may do what its `rights` say, and a connection as it.
fn role(database: &Database, name: &str, rights: &str) -> Client {
    let rights = rights.replace("ROLE", name);
    database.psql(&format!("drop role if exists {name}; create role {name} login; grant usage on schema s to {name}; {rights}"));
    database.connect_as(name)
}

fn refused(client: &mut Client, statement: &str) -> DbError {
    let error = client.batch_execute(statement).expect_err(statement);
    error.as_db_error().unwrap_or_else(|| panic!("{statement}: {error}")).clone()
}

fn rows(database: &Database) -> String {
    database.psql("select (select count(*) from s.customer), (select count(*) from s.purchase), (select count(*) from synthgen.run)")
}

#[test]
fn one_row_of_the_result_is_all_of_the_work() {
    let database = shop("calls_limit");

    database.psql(&format!("{CALL} limit 1"));

    assert_eq!(rows(&database), "20|50|1");
    assert_eq!(
        database.psql("select status, string_agg(verdict, ' ') from synthgen.run join synthgen.run_table using (run_id) group by 1"),
        "done|filled filled"
    );
}

#[test]
fn the_applications_next_rows_do_not_collide() {
    let database = shop("calls_sequences");

    database.psql(CALL);
    database
        .psql("insert into s.customer (email, grade) values ('it@is.me', 'a'); insert into s.purchase (customer_id, amount) values (1, 1)");

    assert_eq!(database.psql("select max(id) from s.customer union all select max(id) from s.purchase"), "21\n51");
}

#[test]
fn a_role_with_just_the_rights_of_an_application_may() {
    let database = shop("calls_rights");
    let mut client = role(
        &database,
        "calls_rights_role",
        "grant select, insert on s.customer, s.purchase to ROLE; grant usage on all sequences in schema s to ROLE",
    );

    client.batch_execute(CALL).expect("INSERT on the tables and USAGE on their sequences is enough");

    assert_eq!(rows(&database), "20|50|1");
    assert_eq!(database.psql("select started_by from synthgen.run"), "calls_rights_role");
}

#[test]
fn a_missing_right_is_told_before_anything_is_written() {
    let database = shop("calls_denied");
    let mut client = role(
        &database,
        "calls_denied_role",
        "grant select, insert on s.customer to ROLE; grant usage on all sequences in schema s to ROLE",
    );

    let error = refused(&mut client, CALL);

    assert_eq!((error.code().code(), error.message()), ("42501", "permission denied for table purchase"));
    assert!(error.hint().is_some_and(|hint| hint.contains("GRANT INSERT ON s.purchase TO")), "{error:?}");
    assert_eq!(rows(&database), "0|0|0");
}

#[test]
fn a_right_missing_on_a_column_is_a_right_missing() {
    let database = shop("calls_columns");
    let mut client = role(
        &database,
        "calls_columns_role",
        "grant select on all tables in schema s to ROLE; grant insert on s.customer to ROLE; grant usage on all sequences in schema s to ROLE;
         grant insert (id, customer_id, amount) on s.purchase to ROLE",
    );

    let error = refused(&mut client, CALL);
    assert_eq!(error.code().code(), "42501", "{error:?}");
    assert_eq!(rows(&database), "0|0|0");

    database.psql("grant insert (note) on s.purchase to calls_columns_role");
    client.batch_execute(CALL).expect("every column that is written is granted now");
    assert_eq!(rows(&database), "20|50|1");
}

#[test]
fn policies_are_obeyed() {
    let database = shop("calls_policies");
    let mut client = role(
        &database,
        "calls_policies_role",
        "grant select, insert on s.customer, s.purchase to ROLE; grant usage on all sequences in schema s to ROLE;
         alter table s.purchase enable row level security; create policy seen on s.purchase for select using (true)",
    );

    let error = refused(&mut client, CALL);
    assert_eq!((error.code().code(), error.message()), ("42501", "new row violates row-level security policy for table \"purchase\""));
    assert_eq!(rows(&database), "0|0|0");

    database.psql("create policy written on s.purchase for insert with check (amount >= 0)");
    client.batch_execute(CALL).expect("the policy admits every row");
    assert_eq!(rows(&database), "20|50|1");
}

#[test]
fn a_read_only_transaction_is_refused_as_such() {
    let database = shop("calls_read_only");
    let mut client = database.connect();

    let error = refused(&mut client, &format!("begin read only; {CALL}"));
    client.batch_execute("rollback").expect("the transaction ends");

    assert_eq!((error.code().code(), error.message()), ("25006", "cannot execute synthgen.generate() in a read-only transaction"));
    client
        .batch_execute("begin read only; select * from synthgen.plan('s'); select * from synthgen.verify('s'); commit")
        .expect("these only read");
    assert_eq!(rows(&database), "0|0|0");
}

#[test]
fn a_cancel_strikes_within_a_second_and_leaves_nothing() {
    let database = shop("calls_cancel");
    let mut client = database.connect();
    let token = client.cancel_token();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1500));
        let cancelled = Instant::now();
        token.cancel_query(postgres::NoTls).expect("the request is sent");
        cancelled
    });

    let error = refused(&mut client, r#"select * from synthgen.generate('s', rows => '{"customer": 100000, "purchase": 50000000}')"#);
    let ended = Instant::now();

    assert_eq!(error.code().code(), "57014", "{error:?}");
    let late = ended - canceller.join().expect("the thread ends");
    assert!(late < Duration::from_secs(1), "{late:?} late");
    client.batch_execute(CALL).expect("the session goes on");
    assert_eq!(rows(&database), "20|50|1");
}

#[test]
fn a_terminated_session_harms_nobody() {
    let database = shop("calls_terminated");
    let pid = |client: &mut Client| client.query_one("select pg_backend_pid()", &[]).expect("it answers").get::<_, i32>(0);
    let mut victim = database.connect();
    let victims = pid(&mut victim);
    let mut witness = database.connect();
    let running = std::thread::spawn(move || {
        victim
            .batch_execute(r#"select * from synthgen.generate('s', rows => '{"customer": 100000, "purchase": 50000000}')"#)
            .expect_err("ends")
    });
    std::thread::sleep(Duration::from_secs(1));

    witness.execute("select pg_terminate_backend($1)", &[&victims]).expect("the superuser may");
    running.join().expect("the thread ends");

    witness.batch_execute(CALL).expect("a session that was open all the while goes on");
    assert_eq!(rows(&database), "20|50|1");
}

#[test]
fn a_call_inside_a_block_that_catches_is_undone_alone() {
    let database = shop("calls_caught");

    database.psql(
        "do $$ begin
             insert into s.customer (email, grade) values ('kept@is.me', 'a');
             begin perform * from synthgen.generate('s', rows => '{\"purchase\": 5}', existing => 'error');
             exception when others then raise notice '%', sqlerrm; end;
             begin perform * from synthgen.generate('s', rows => '{\"purchase\": 5}', existing => 'append'); raise exception 'undo';
             exception when raise_exception then null; end;
         end $$",
    );

    assert_eq!(rows(&database), "1|0|0");
}

#[test]
fn refusals_say_what_and_what_would_help() {
    let database = shop("calls_refusals");
    database.psql("create schema hollow");
    let mut client = database.connect();
    let mut said = |arguments: &str| {
        let error = refused(&mut client, &format!("select * from synthgen.generate({arguments})"));
        assert!(error.hint().is_some(), "no hint: {arguments}: {error:?}");
        format!("{} {}", error.code().code(), error.message())
    };

    assert_eq!(said("'nowhere'"), "3F000 schema \"nowhere\" does not exist");
    assert_eq!(said("'hollow'"), "55000 schema \"hollow\" holds no table that could be filled");
    assert_eq!(said("'s', rows => '{\"purchases_of_old\": 5}'"), "42P01 \"purchases_of_old\" is no table or entity of s");
    assert_eq!(said("'s', users => 5").split(' ').next(), Some("42P01"));
    assert_eq!(said("'s', rows => '{\"purchase\": -5}'"), "22023 cannot make -5 rows for \"purchase\"");
    assert_eq!(said("'s', rows => '{\"purchase\": 5000000000}'"), "22023 cannot make 5000000000 rows for \"purchase\"");
    assert_eq!(said("'s', rows => '[1]'"), "22023 the argument rows must be a JSON object");
    assert_eq!(said("'s', as_of => 'infinity'"), "22023 as_of is out of range");
    for unsupported in ["existing => 'top_up'", "existing => 'truncate'", "load => 'rebuild'"] {
        assert_eq!(said(&format!("'s', {unsupported}")), format!("0A000 {unsupported} is not supported in this version"));
    }
    for model in ["replay", "require"] {
        assert_eq!(said(&format!("'s', llm => '{model}'")), format!("55000 llm => '{model}' needs a language model"));
    }
    assert_eq!(said("'s', existing => 'sometimes'").split(' ').next(), Some("22023"));
    assert_eq!(rows(&database), "0|0|0");
}

#[test]
fn the_switch_forbids_writing_and_nothing_else() {
    let database = shop("calls_forbidden");
    let mut client = database.connect();
    client.batch_execute("set synthgen.allow = off").expect("a superuser may");

    assert_eq!(refused(&mut client, CALL).code().code(), "42501");
    client
        .batch_execute(
            "select * from synthgen.plan('s'); select * from synthgen.preview('s', 'customer'); select * from synthgen.verify('s')",
        )
        .expect("these only read");
    assert_eq!(rows(&database), "0|0|0");
}

#[test]
fn a_users_trigger_finds_its_tables_by_the_callers_path() {
    let database = shop("calls_path");
    database.psql(
        "create schema app; create table app.audit (id int);
         create function s.note() returns trigger language plpgsql as $$ begin insert into audit values (new.id); return new; end $$;
         create trigger note after insert on s.customer for each row execute function s.note()",
    );
    let mut client = database.connect();

    let error = refused(&mut client, CALL);
    assert_eq!(error.code().code(), "42P01", "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("along the search_path \"$user\", public")), "{error:?}");
    client.batch_execute(&format!("set search_path = app, public; {CALL}")).expect("the path leads to the table");

    assert_eq!(database.psql("select count(*) from app.audit"), "20");
}

#[test]
fn preview_shows_the_rows_that_the_call_inserts_and_moves_nothing() {
    let database = shop("calls_preview");
    let shown = database.psql(
        "select row - '_parents' from synthgen.preview('s', 'customer', 5, rows => '{\"customer\": 20}', as_of => '2026-01-01') as row",
    );

    assert_eq!(database.psql("select last_value, is_called from s.customer_id_seq"), "1|f");
    database.psql("select * from synthgen.generate('s', rows => '{\"customer\": 20}', as_of => '2026-01-01')");

    let stored = database.psql("select to_jsonb(customer) from s.customer order by id limit 5");
    assert_eq!(shown, stored);
}
