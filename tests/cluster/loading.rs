//! Storing rules and reference rows: who may, what is refused, what is kept.

use postgres::Client;

use crate::support::{Cluster, Database, repository_file};

const SHOP: &str = "create schema s; create table s.customer (id int primary key, email text not null unique, grade text);
    create table s.purchase (id int primary key, customer_id int not null references s.customer, grade text)";

fn shop(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(SHOP);
    database
}

/// A connection as a role of the test's own, with these rights.
fn role(database: &Database, name: &str, rights: &str) -> Client {
    let rights = rights.replace("ROLE", name);
    database.psql(&format!("drop role if exists {name}; create role {name} login; grant usage on schema s to {name}; {rights}"));
    database.connect_as(name)
}

fn refusal(client: &mut Client, statement: &str) -> (String, String, Option<String>) {
    let error = client.batch_execute(statement).expect_err(statement);
    let error = error.as_db_error().expect("the server answered");
    (error.code().code().to_owned(), error.message().to_owned(), error.hint().map(str::to_owned))
}

const RULES: &str = r#"{"synthgen": 1, "rules": [{"id": "g", "on": "customer.grade", "choice": {"a": 3, "b": 1}}]}"#;

#[test]
fn rules_are_stored_and_come_back() {
    let database = shop("loading_rules");

    assert_eq!(database.psql("select synthgen.rules('s') is null"), "t", "nothing is stored yet");
    assert_eq!(database.psql(&format!("select count(*) from synthgen.load_rules('s', '{RULES}') where severity = 'error'")), "0");
    assert_eq!(
        database.psql("select synthgen.rules('s') -> 'rules' -> 0 ->> 'id', synthgen.rules_ir('s') -> 'rules' -> 0 ->> 'on'"),
        "g|customer.grade"
    );
    assert_eq!(database.psql("select schemas, stored_by from synthgen.rule_document"), "{s}|postgres");
}

#[test]
fn rules_with_an_error_are_not_stored() {
    let database = shop("loading_wrong_rules");
    let wrong = RULES.replace("customer.grade", "customer.unheard_of");

    let told = database.psql(&format!("select path, severity from synthgen.load_rules('s', '{wrong}')"));
    let checked = database.psql(&format!("select path, severity from synthgen.check_rules('s', '{wrong}')"));

    assert_eq!((told.as_str(), checked.as_str()), ("/rules/0/on|error", told.as_str()));
    assert_eq!(database.psql("select synthgen.rules('s') is null"), "t");
}

#[test]
fn rules_are_stored_by_owners_only() {
    let database = shop("loading_owners");
    let load = format!("select * from synthgen.load_rules('s', '{RULES}')");
    let denied = "permission denied to store rules or reference rows for s";

    let mut none = role(&database, "loading_owners_none", "grant all on all tables in schema s to ROLE");
    assert_eq!(refusal(&mut none, &load).1, denied, "rights on rows are no rights on rules");
    let mut other = role(&database, "loading_owners_other", "alter table s.purchase owner to ROLE");
    assert_eq!(refusal(&mut other, &load).1, denied, "another table's owner");
    let mut table = role(&database, "loading_owners_table", "alter table s.customer owner to ROLE");
    table.batch_execute(&load).expect("the owner of the one table that the rules bind");
    assert_eq!(refusal(&mut table, "select * from synthgen.load_rules('s', '{\"synthgen\": 1}')").1, denied, "rules that bind no table");
    let mut schema = role(&database, "loading_owners_schema", "alter schema s owner to ROLE");
    schema.batch_execute(&load).expect("the owner of the schema");
    database.psql("drop schema s cascade");
}

#[test]
fn reference_rows_are_stored_and_their_mapping_is_told() {
    let database = shop("loading_reference");
    let csv = "# [customer]\nId,Email,Weight\n1,a@example.com,2\n2,b@example.com,\n";

    let told = database.psql(&format!(
        "select section, line, header, table_name, column_name, row_count from synthgen.load_reference('s', '{csv}') where column_name is not null"
    ));

    assert_eq!(told, "customer|1|Id|s.customer|id|2\ncustomer|1|Email|s.customer|email|2");
    assert_eq!(database.psql("select jsonb_array_length(synthgen.reference_ir('s') -> 'sections' -> 0 -> 'rows')"), "2");
    assert_eq!(database.psql("select count(*), sum(weight) from synthgen.reference_row"), "2|3");
    assert_eq!(database.psql("select count(*) from s.customer"), "0", "they go into the tables with a run");
}

#[test]
fn loading_again_replaces_the_tables_of_the_file_only() {
    let database = shop("loading_twice");
    let load = |csv: &str| database.psql(&format!("select count(*) from synthgen.load_reference('s', '{csv}')"));

    load("# [customer]\nid,email\n1,a@example.com\n");
    load("# [purchase]\nid,customer_id\n1,1\n");
    load("# [customer]\nid,email\n7,x@example.com\n8,y@example.com\n");

    let rows = "select string_agg((section -> 'table') #>> '{}' || ' ' || jsonb_array_length(section -> 'rows'), ', ' order by section ->> 'table')
                from jsonb_array_elements(synthgen.reference_ir('s') -> 'sections') as section";
    assert_eq!(database.psql(rows), "customer 2, purchase 1");
}

#[test]
fn a_reference_file_that_does_not_bind_is_refused_whole() {
    let database = shop("loading_wrong_reference");
    let mut client = database.connect();

    let statement = "select * from synthgen.load_reference('s', E'# [customer]\\nid,emial\\n1,a\\n# [custmer]\\nid\\n1\\n')";
    let error = client.batch_execute(statement).expect_err("neither header nor table exists");

    let detail = error.as_db_error().and_then(|error| error.detail()).expect("all problems are told").to_owned();
    assert!(detail.contains("emial") && detail.contains("custmer"), "{detail}");
    assert_eq!(database.psql("select count(*) from synthgen.reference_row"), "0");
}

#[test]
fn the_samples_rules_and_reference_rows_load() {
    let database = Cluster::shared().fresh_database("loading_samples");
    database.psql(&repository_file("samples/sql/ecommerce.sql"));
    let (rules, csv) = (repository_file("samples/rules/ecommerce_rules.json"), repository_file("samples/ecommerce_reference.csv"));

    let errors =
        database.psql(&format!("select count(*) from synthgen.load_rules('ecommerce', $rules${rules}$rules$) where severity = 'error'"));
    let tables =
        database.psql(&format!("select count(distinct table_name) >= 10 from synthgen.load_reference('ecommerce', $csv${csv}$csv$)"));

    assert_eq!((errors.as_str(), tables.as_str()), ("0", "t"));
}

#[test]
fn the_switch_forbids_storing_too() {
    let database = shop("loading_forbidden");
    let mut client = database.connect();
    client.batch_execute("set synthgen.allow = off").expect("a superuser may");

    let (state, message, hint) = refusal(&mut client, &format!("select * from synthgen.load_rules('s', '{RULES}')"));

    assert_eq!((state.as_str(), message.as_str()), ("42501", "synthgen may not write in this database"));
    assert!(hint.is_some_and(|hint| hint.contains("synthgen.allow")));
    assert_eq!(refusal(&mut client, "select * from synthgen.load_reference('s', '')").0, "42501");
}

#[test]
fn the_ledger_is_closed_to_all_but_its_views() {
    let database = shop("loading_ledger");
    let mut client = role(&database, "loading_ledger_role", "");
    let tables = "select relname from pg_class where relnamespace = 'synthgen'::regnamespace and relkind = 'r'";

    let names: Vec<String> = client.query(tables, &[]).expect("everybody reads the catalog").iter().map(|row| row.get(0)).collect();

    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        for statement in
            [format!("select from synthgen.{name}"), format!("delete from synthgen.{name}"), format!("truncate synthgen.{name}")]
        {
            assert_eq!(refusal(&mut client, &statement).0, "42501", "{statement}");
        }
    }
    client.batch_execute("select from synthgen.run, synthgen.rule_document, synthgen.reference_row").expect("the views are everybody's");
}

#[test]
fn every_function_and_view_is_described_and_as_pinned() {
    let database = Cluster::shared().fresh_database("loading_surface");
    let ours = "pronamespace = 'synthgen'::regnamespace and proname not like 'probe%'";

    let odd = format!(
        "select string_agg(oid::regprocedure::text, ' ') from pg_proc where {ours} and (provolatile <> 'v' or proparallel <> 'u' or proisstrict
         or proconfig is not null or prosecdef or obj_description(oid, 'pg_proc') is null or not has_function_privilege('public', oid, 'execute'))"
    );
    assert_eq!(database.psql(&odd), "");
    let silent = "select string_agg(oid::regclass::text, ' ') from pg_class where relnamespace = 'synthgen'::regnamespace
                  and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null";
    assert_eq!(database.psql(silent), "");
    assert_eq!(
        database.psql("select count(*) from pg_proc where pronamespace = 'pg_catalog'::regnamespace and probin like '%synthgen%'"),
        "0"
    );
}
