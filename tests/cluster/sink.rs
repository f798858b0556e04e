//! The sink judged by itself, with made-up rows: what it refuses is what COPY and INSERT as the same role refuse.

use std::time::{Duration, Instant};

use postgres::{Client, Error};
use serde_json::Value as Json;

use crate::support::{Cluster, Database};

/// A database with a schema `s` of tables on which the role has various rights.
fn with_rights(name: &str) -> (Database<'static>, Client) {
    let database = Cluster::shared().fresh_database(name);
    database.psql(include_str!("../sql/rights.sql"));
    database.psql(&format!(
        "drop role if exists {name}; create role {name} login; grant usage on schema s to {name};
         grant insert on s.whole, s.keyed, s.guarded, s.parted, s.seen to {name}; grant select on s.guarded, s.keyed to {name};
         grant insert (id, a) on s.some to {name}; grant pg_read_server_files to {name}"
    ));
    let client = database.connect_as(name);
    (database, client)
}

/// What the sink and COPY as a command say to the same rows, both undone. The command reads a file of the server's.
fn verdicts(client: &mut Client, before: &str, table: &str, columns: &str, row: &str) -> (String, String) {
    let file = Cluster::shared()
        .fresh_directory(&format!("sink_{}", format!("{before}_{table}_{columns}_{}", row.len()).replace(['.', ',', ' '], "_")))
        .join("rows");
    std::fs::write(&file, format!("{}\n", row.replace("\\t", "\t").replace('%', "1"))).expect("the directory is ours");
    let probe = format!("select synthgen.probe_copy('{table}'::regclass, '{{{columns}}}', 1, '{row}')");
    let copy = format!("copy {table} ({columns}) from '{}'", file.display());
    let mut undone = |statement: &str| {
        client.batch_execute(before).expect("the transaction begins");
        let verdict = said(client.batch_execute(statement));
        client.batch_execute("rollback").expect("the transaction ends");
        verdict
    };
    (undone(&probe), undone(&copy))
}

fn said(outcome: Result<(), Error>) -> String {
    match outcome {
        Ok(()) => "stored".to_owned(),
        Err(error) => {
            let error = error.as_db_error().expect("the server answered");
            format!("{} {}", error.code().code(), error.message())
        }
    }
}

#[test]
fn its_verdicts_are_those_of_copy() {
    let (_database, mut client) = with_rights("sink_verdicts");
    let stored = |table: &str, columns: &str, row: &str| (table.to_owned(), columns.to_owned(), row.to_owned());
    let cases = [
        (stored("s.none", "id,a", "%\\ta"), "42501 permission denied for table none"),
        (stored("s.whole", "id,a", "%\\ta"), "stored"),
        (stored("s.some", "id,a", "%\\ta"), "stored"),
        (stored("s.some", "id,a,secret", "%\\ta\\tb"), "42501 permission denied for table some"),
        (stored("s.keyed", "id,a", "%\\ta"), "stored"),
        (stored("s.parted", "id,a", "%\\ta"), "stored"),
        (stored("s.parted_low", "id,a", "%\\ta"), "42501 permission denied for table parted_low"),
        (stored("s.whole", "id", "x%"), "22P02 invalid input syntax for type integer: \"x1\""),
        (stored("s.whole", "id,nothing", "%\\ta"), "42703 column \"nothing\" of relation \"whole\" does not exist"),
    ];

    for ((table, columns, row), expected) in cases {
        let (ours, theirs) = verdicts(&mut client, "begin", &table, &columns, &row);
        assert_eq!((ours.as_str(), theirs.as_str()), (expected, expected), "{table} ({columns})");
    }
}

#[test]
fn a_read_only_transaction_is_not_written_through() {
    let (database, mut client) = with_rights("sink_read_only");

    let (ours, theirs) = verdicts(&mut client, "begin read only", "s.whole", "id,a", "%\\ta");
    assert_eq!((ours.as_str(), theirs.as_str()), ("25006 cannot execute COPY FROM in a read-only transaction", ours.as_str()));
    assert_eq!(database.psql("select count(*) from s.whole"), "0");

    client.batch_execute("create temp table own (id int, a text)").expect("anybody may");
    let (ours, theirs) = verdicts(&mut client, "begin read only", "own", "id,a", "%\\ta");
    assert_eq!((ours.as_str(), theirs.as_str()), ("stored", "stored"), "one's own temporary table is no part of the database");
}

#[test]
fn a_table_under_row_security_gets_the_rows_that_its_policies_admit() {
    let (database, mut client) = with_rights("sink_policies");
    let probe = |rows: i32, row: &str| format!("select synthgen.probe_copy('s.guarded'::regclass, '{{id,a}}', {rows}, '{row}')");

    client.batch_execute(&probe(99, "%\\t\\N")).expect("the policy admits them");
    assert_eq!(said(client.batch_execute(&probe(100, "%\\ta"))), "42501 new row violates row-level security policy for table \"guarded\"");
    assert_eq!(said(client.batch_execute(&probe(1, "%\\tabcdef"))), "22001 value too long for type character varying(5)");
    client.batch_execute(&probe(1, "7%\\tx\\\\''")).expect("text is passed on as it is");

    assert_eq!(database.psql("select count(*), count(a) from s.guarded"), "100|1");
    assert_eq!(database.psql("select a from s.guarded where a is not null"), "x\\'");
}

#[test]
fn a_refusal_under_row_security_names_its_line_too() {
    let database = Cluster::shared().fresh_database("sink_policy_lines");
    database.psql(
        "create schema s; create table s.t (id int primary key, small int check (small <> 2042));
         alter table s.t enable row level security; create policy p on s.t using (true) with check (id <> 700);
         drop role if exists sink_policy_lines; create role sink_policy_lines login; grant usage on schema s to sink_policy_lines;
         grant select, insert on s.t to sink_policy_lines",
    );
    let mut client = database.connect_as("sink_policy_lines");
    let mut refusal = |rows: i32, row: &str| -> Json {
        let probe = format!("select synthgen.probe_refusal('s.t'::regclass, '{{id,small}}', {rows}, '{row}')::text");
        let text: String = client.query_one(&probe, &[]).expect("the refusal is a value").get(0);
        serde_json::from_str(&text).expect("the probe prints JSON")
    };

    let policy = refusal(5000, "%\\t1");
    assert_eq!((&policy["sqlstate"], &policy["line"]), (&"42501".into(), &700.into()), "{policy}");
    let check = refusal(5000, "9%\\t20%");
    assert_eq!((&check["sqlstate"], &check["line"], &check["constraint"]), (&"23514".into(), &42.into(), &"t_small_check".into()));
    let duplicate = refusal(100, "7\\t1");
    assert_eq!((&duplicate["sqlstate"], &duplicate["line"]), (&"23505".into(), &2.into()), "{duplicate}");
    assert_eq!(refusal(100, "%\\t1")["stored"], 100, "the session goes on after each refusal");
    assert_eq!(database.psql("select count(*) from s.t"), "0", "and each was rolled back");
}

#[test]
fn views_sequences_and_catalogs_are_no_tables() {
    let (_database, mut client) = with_rights("sink_kinds");
    let probe = |table: &str, column: &str| format!("select synthgen.probe_copy('{table}'::regclass, '{{{column}}}', 1, '%')");

    assert_eq!(said(client.batch_execute(&probe("s.seen", "id"))), "42809 cannot copy to s.seen");
    assert_eq!(said(client.batch_execute(&probe("s.numbers", "last_value"))), "42809 cannot copy to s.numbers");
    assert_eq!(said(client.batch_execute(&probe("pg_class", "relname"))), "42501 cannot fill pg_class");
}

#[test]
fn a_refusal_inside_a_savepoint_names_line_constraint_and_column() {
    let database = Cluster::shared().fresh_database("sink_refusals");
    database.psql(
        "create schema s; create table s.parent (id int primary key);
         create table s.t (id int primary key, n int not null, small int check (small < 42), parent int references s.parent)",
    );
    let mut client = database.connect();
    let mut refusal = |columns: &str, row: &str| -> Json {
        let probe = format!("select synthgen.probe_refusal('s.t'::regclass, '{{{columns}}}', 100, '{row}')::text");
        let text: String = client.query_one(&probe, &[]).expect("the refusal is a value").get(0);
        serde_json::from_str(&text).expect("the probe prints JSON")
    };

    let check = refusal("id,n,small", "%\\t1\\t%");
    assert_eq!((&check["sqlstate"], &check["line"], &check["constraint"]), (&"23514".into(), &42.into(), &"t_small_check".into()));
    let duplicate = refusal("id,n", "7\\t1");
    assert_eq!((&duplicate["sqlstate"], &duplicate["line"], &duplicate["constraint"]), (&"23505".into(), &2.into(), &"t_pkey".into()));
    let null = refusal("id", "%");
    assert_eq!((&null["sqlstate"], &null["line"], &null["column"]), (&"23502".into(), &1.into(), &"n".into()));
    let dangling = refusal("id,n,parent", "%\\t1\\t%");
    assert_eq!(
        (&dangling["sqlstate"], &dangling["line"], &dangling["constraint"]),
        (&"23503".into(), &Json::Null, &"t_parent_fkey".into())
    );
    assert_eq!(dangling["detail"], "Key (parent)=(1) is not present in table \"parent\".");
    let stored = refusal("id,n,small", "%\\t1\\t7");
    assert_eq!(stored["stored"], 100, "the session goes on after each refusal");
    assert_eq!(database.psql("select count(*) from s.t"), "0", "and each was rolled back");
}

#[test]
fn an_error_that_leaves_us_has_kept_its_fields() {
    let database = Cluster::shared().fresh_database("sink_errors");
    database.psql("create schema s; create table s.t (id int primary key)");

    let error = database.connect().batch_execute("select synthgen.probe_copy('s.t'::regclass, '{id}', 5, '7')").expect_err("a duplicate");

    let error = error.as_db_error().expect("the server answered");
    assert_eq!((error.code().code(), error.constraint(), error.table()), ("23505", Some("t_pkey"), Some("t")));
    assert_eq!(error.detail(), Some("Key (id)=(7) already exists."));
    assert_eq!(error.where_(), Some("COPY t, line 2"));
}

#[test]
fn an_error_of_the_source_ends_the_load_without_a_row() {
    let database = Cluster::shared().fresh_database("sink_source");
    database.psql("create schema s; create table s.t (id int primary key)");

    let error = database.connect().batch_execute("select synthgen.probe_copy('s.t'::regclass, '{id}', 900, '%', 700)").expect_err("fails");

    let error = error.as_db_error().expect("the server answered");
    assert_eq!((error.code().code(), error.message()), ("22023", "the source failed"));
    assert_eq!((error.detail(), error.hint()), (Some("It was told to."), Some("Tell it otherwise.")));
    assert_eq!(database.psql("select count(*) from s.t"), "0");
}

#[test]
fn a_trigger_may_fill_another_table_meanwhile() {
    let database = Cluster::shared().fresh_database("sink_nested");
    database.psql(
        "create schema s; create table s.inner (id int); create table s.outer (id int);
         create function s.fill() returns trigger language plpgsql as $$ begin
             perform synthgen.probe_copy('s.inner'::regclass, '{id}', 3, '%');
             begin perform synthgen.probe_copy('s.inner'::regclass, '{id}', 1, 'no number');
             exception when invalid_text_representation then null; end;
             return new; end $$;
         create trigger fill before insert on s.outer for each row execute function s.fill()",
    );

    assert_eq!(database.psql("select synthgen.probe_copy('s.outer'::regclass, '{id}', 600, '%')"), "600");

    assert_eq!(database.psql("select count(*), count(distinct id), max(id) from s.outer"), "600|600|600");
    assert_eq!(database.psql("select count(*), count(distinct id), max(id) from s.inner"), "1800|3|3");
}

#[test]
fn an_exception_block_undoes_its_own_savepoint_and_none_of_ours() {
    let database = Cluster::shared().fresh_database("sink_blocks");
    database.psql("create schema s; create table s.t (id int)");

    database.psql(
        "do $$ begin
             insert into s.t values (1);
             begin
                 insert into s.t values (2);
                 perform synthgen.probe_left_open('insert into s.t values (3)');
             exception when object_not_in_prerequisite_state then insert into s.t values (4);
             end;
             insert into s.t values (5);
         end $$",
    );

    assert_eq!(database.psql("select string_agg(id::text, ' ' order by id) from s.t"), "1 4 5");
}

#[test]
fn a_client_of_another_encoding_changes_nothing() {
    let database = Cluster::shared().fresh_database("sink_encoding");
    database.psql("create schema s; create table s.t (a text)");

    database.psql("set client_encoding = 'LATIN1'; select synthgen.probe_copy('s.t'::regclass, '{a}', 1, U&'\\00e9')");

    assert_eq!(database.psql("select a = U&'\\00e9', length(a) from s.t"), "t|1");
}

#[test]
fn a_cancel_ends_a_load_and_the_session_goes_on() {
    let database = Cluster::shared().fresh_database("sink_cancel");
    database.psql("create schema s; create table s.t (id int)");
    let mut client = database.connect();

    for statement in [
        "select synthgen.probe_copy('s.t'::regclass, '{id}', 1000000000, '%')",
        "select synthgen.probe_refusal('s.t'::regclass, '{id}', 1000000000, '%')",
        "select synthgen.probe_spin()",
    ] {
        assert_eq!(cancelled_after(&mut client, statement), "57014 canceling statement due to user request", "{statement}");
    }

    let count: i64 = client.query_one("select count(*) from s.t", &[]).expect("the session goes on").get(0);
    assert_eq!(count, 0);
}

/// Cancels the statement 200 ms after it began; what it said, within a second.
fn cancelled_after(client: &mut Client, statement: &str) -> String {
    let token = client.cancel_token();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        token.cancel_query(postgres::NoTls)
    });
    let began = Instant::now();
    let outcome = client.batch_execute(statement);
    assert!(began.elapsed() < Duration::from_millis(1200), "{statement} took {:?}", began.elapsed());
    canceller.join().expect("the thread ends").expect("the request is sent");
    said(outcome)
}
