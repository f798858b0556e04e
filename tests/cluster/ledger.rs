//! The ledger: who sees what of it, which rows of a table runs wrote, what a dump carries.

use postgres::Client;
use synthgen::ledger::{self, written};

use crate::support::{Cluster, Database, repository_file};

fn zoo(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(&repository_file("tests/sql/export_zoo.sql"));
    database.psql(&repository_file("tests/sql/export_run.sql"));
    database
}

fn oid(client: &mut Client, table: &str) -> u32 {
    client.query_one("select $1::text::regclass::oid", &[&table]).expect("the table is there").get(0)
}

fn key(client: &mut Client, oid: u32) -> Vec<written::KeyColumn> {
    let rows = client.query(ledger::KEY_COLUMNS, &[&oid.to_string()]).expect("the catalog answers");
    rows.iter().map(|row| written::KeyColumn { name: row.get(0), data_type: row.get(1), integer: row.get(2) }).collect()
}

/// Fields of a query as text, as the doors read them.
fn texts(client: &mut Client, sql: &str, parameter: &str) -> Vec<Vec<String>> {
    let typed = client.prepare(sql).expect("the statement is valid");
    let columns: Vec<String> = typed.columns().iter().map(|column| format!("{}::text", column.name())).collect();
    let rows = client.query(&format!("select {} from ({sql}) as answer", columns.join(", ")), &[&parameter]).expect("it runs");
    rows.iter().map(|row| (0..row.len()).map(|place| row.get(place)).collect()).collect()
}

fn count(client: &mut Client, sql: &str, parameters: &[String]) -> i64 {
    let parameters: Vec<&(dyn postgres::types::ToSql + Sync)> = parameters.iter().map(|text| text as _).collect();
    client.query_one(sql, &parameters).expect("it counts").get(0)
}

#[test]
fn rows_with_integer_keys_are_told_apart() {
    let database = zoo("ledger_blocks");
    let mut client = database.connect();
    let oid = oid(&mut client, "zoo.counted");
    let key = key(&mut client, oid);
    assert!(key[0].integer);

    let lattices = texts(&mut client, ledger::WRITTEN_RANGES, &oid.to_string());
    let statement = written::rows_in_blocks("zoo.counted", oid, &key[0]);
    let ours: i64 = lattices.iter().map(|lattice| count(&mut client, &statement, lattice)).sum();

    // 3 to 9 in one block of two runs, 10 and 12 in steps of two, 20 by itself; 99 was deleted since.
    assert_eq!(lattices, [["1", "0", "{3,20,99}", "{9,20,99}"], ["2", "0", "{10}", "{12}"]]);
    assert_eq!(ours, 10);
    assert_eq!(count(&mut client, &written::rows("zoo.counted", oid), &[]), 20);
}

#[test]
fn rows_with_other_keys_are_told_apart() {
    let database = zoo("ledger_keys");
    let mut client = database.connect();
    let oid = oid(&mut client, "zoo.coded");
    let key = key(&mut client, oid);
    // Noted twice, and once more in another spelling.
    database.psql(
        "insert into synthgen.run_key_stored (run_id, table_oid, table_name, key_values)
         values (2, 'zoo.coded'::regclass, 'zoo.coded', '[[\"x\", \"2\"], [\"x\", \"02\"], [\"gone\", \"1\"]]'); insert into zoo.coded values ('z', 1)",
    );

    let chunks =
        texts(&mut client, &ledger::WRITTEN_VALUES.replace("select jsonb_agg(parts)", "select jsonb_agg(parts) as keys"), &oid.to_string());
    let statement = written::rows_with_keys("zoo.coded", oid, &key);

    assert_eq!(chunks.len(), 1);
    assert_eq!(count(&mut client, &statement, &chunks[0]), 3);
}

#[test]
fn a_partitioned_table_counts_its_partitions_rows() {
    let database = zoo("ledger_partitions");
    let mut client = database.connect();
    database.psql("create table zoo.heir (extra integer) inherits (zoo.counted); insert into zoo.heir values (100, 'v', 1)");
    let (split, counted) = (oid(&mut client, "zoo.split"), oid(&mut client, "zoo.counted"));

    assert_eq!(count(&mut client, &written::rows("zoo.split", split), &[]), 2);
    assert_eq!(count(&mut client, &written::rows("zoo.counted", counted), &[]), 20);
}

#[test]
fn callers_see_the_runs_of_their_own_roles() {
    let database = zoo("ledger_views");
    database.psql(
        "drop role if exists ledger_member, ledger_group, ledger_other;
         create role ledger_group; create role ledger_member login in role ledger_group; create role ledger_other login;
         update synthgen.run_stored set started_by = 'ledger_group'::regrole where run_id = 2;
         insert into synthgen.run_document_stored values (1, 'plan', '{}'), (2, 'plan', '{}')",
    );
    let seen = |role: &str| -> Vec<i64> {
        let views = ["run", "run_document", "run_key"];
        let mut client = database.connect_as(role);
        let mut query = |view: &str| client.query_one(&format!("select count(distinct run_id) from synthgen.{view}"), &[]);
        views.iter().map(|view| query(view).expect("views may be read").get(0)).collect()
    };

    assert_eq!(seen("ledger_other"), [0, 0, 0]);
    assert_eq!(seen("ledger_member"), [1, 1, 1]);
    assert_eq!(seen("postgres"), [2, 2, 2]);
}

#[test]
fn nobody_reads_or_writes_the_tables_behind_the_views() {
    let database = zoo("ledger_rights");
    database.psql("drop role if exists ledger_nobody; create role ledger_nobody login");
    let stored = database.psql(
        "select oid::regclass from pg_class where relnamespace = 'synthgen'::regnamespace and relname like '%\\_stored' and relkind = 'r'",
    );
    assert!(stored.lines().count() >= 6, "{stored}");

    for table in stored.lines() {
        for statement in [format!("select from {table}"), format!("delete from {table}")] {
            let error = database.connect_as("ledger_nobody").execute(&statement, &[]).expect_err(&statement);
            assert_eq!(error.code(), Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
        }
    }
}

#[test]
fn a_view_calls_no_function_of_the_caller_on_rows_that_it_hides() {
    let database = zoo("ledger_barrier");
    database.psql(
        "drop role if exists ledger_spy; create role ledger_spy login; create schema spy authorization ledger_spy; set role ledger_spy;
         create function spy.look(text) returns boolean language plpgsql cost 0.0001 as $$ begin raise exception 'saw %', $1; end $$",
    );

    let seen = database.connect_as("ledger_spy").query("select from synthgen.run where spy.look(target)", &[]);

    assert_eq!(seen.expect("nothing is seen").len(), 0);
}

#[test]
fn stored_rules_and_reference_rows_are_dumped_and_runs_are_not() {
    let dumped = zoo("ledger_dumped").psql(
        "select string_agg(c::regclass::text, ' ' order by c::regclass::text)
         from pg_extension, unnest(extconfig) as c where extname = 'synthgen'",
    );

    assert!(dumped.contains("synthgen.reference_row_stored") && dumped.contains("synthgen.rule_document_stored"), "{dumped}");
    assert!(!dumped.contains("run"), "{dumped}");
}

#[test]
fn everything_in_the_schema_is_commented() {
    let bare = zoo("ledger_comments").psql(
        "select coalesce(string_agg(c.relname || coalesce('.' || a.attname, ''), ' '), '')
         from pg_class as c
         left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'synthgen'::regnamespace and c.relkind in ('r', 'v')
           and (obj_description(c.oid, 'pg_class') is null or col_description(c.oid, a.attnum) is null)",
    );

    assert_eq!(bare, "");
}
