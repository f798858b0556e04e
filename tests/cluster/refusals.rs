//! Requests that cannot be met: each is refused with SQLSTATE, message and what would help, and nothing is written.
//! (Unknown schemas and tables, absurd counts, missing rights, read-only transactions and what this version does not
//! support: `calls`. Rows of the application: `append`.)

use postgres::error::DbError;

use crate::support::{Cluster, Database};

const HALL: &str = "create schema s;
    create table s.seat (seat_id int generated always as identity primary key,
        label varchar(4) not null unique check (label in ('A1', 'A2', 'A3', 'B1', 'B2', 'B3')), price numeric(6,2) not null check (price >= 0));
    create table s.spot (spot_id int generated always as identity primary key, row_no smallint not null check (row_no between 1 and 5),
        seat_no smallint not null check (seat_no between 1 and 10), unique (row_no, seat_no));
    create table s.one (one_id int generated always as identity primary key, n smallint not null unique check (n between 1 and 50));
    create table s.part (part_id int generated always as identity primary key, one_id int not null unique references s.one, code varchar(5) not null)";

fn hall(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(HALL);
    database
}

fn refused(database: &Database, arguments: &str) -> DbError {
    let statement = format!("select * from synthgen.generate('s'{arguments})");
    let error = database.connect().batch_execute(&statement).expect_err(&statement);
    error.as_db_error().unwrap_or_else(|| panic!("{statement}: {error}")).clone()
}

/// SQLSTATE and message; detail and hint must be there.
fn said(database: &Database, arguments: &str) -> String {
    let error = refused(database, arguments);
    assert!(error.detail().is_some() && error.hint().is_some(), "{arguments}: {error:?}");
    format!("{} {}", error.code().code(), error.message())
}

/// Rows and runs there, and whether a sequence has moved.
fn written(database: &Database) -> String {
    database.psql(
        "select (select count(*) from s.seat), (select count(*) from s.spot), (select count(*) from s.one), (select count(*) from s.part),
                (select count(*) from synthgen.run), (select count(last_value) from pg_sequences where schemaname = 's')",
    )
}

const NOTHING: &str = "0|0|0|0|0|0";

#[test]
fn a_given_count_beyond_what_a_unique_key_holds_is_an_error_with_the_numbers() {
    let database = hall("refusals_capacity");

    assert_eq!(said(&database, r#", rows => '{"one": 200}'"#), "22023 cannot make 200 rows for s.one");
    assert_eq!(said(&database, r#", rows => '{"seat": 7}'"#), "22023 cannot make 7 rows for s.seat");
    assert_eq!(said(&database, r#", rows => '{"spot": 51}'"#), "22023 cannot make 51 rows for s.spot");
    assert_eq!(said(&database, r#", rows => '{"one": 10, "part": 11}'"#), "22023 cannot make 11 rows for s.part");
    let error = refused(&database, r#", rows => '{"one": 200}'"#);
    assert_eq!(error.detail(), Some("Unique key \"one_n_key\" leaves room for 50: 50 different values, 0 of them taken."));
    assert_eq!(error.hint(), Some("Ask for at most 50."));
    assert_eq!(written(&database), NOTHING);

    database.psql(r#"select * from synthgen.generate('s', rows => '{"one": 50, "part": 50, "seat": 6, "spot": 50}')"#);
    assert_eq!(database.psql("select count(distinct n), min(n), max(n) from s.one"), "50|1|50", "what fits to the last value is made");
}

#[test]
fn a_count_that_we_chose_is_lowered_to_what_fits() {
    let database = hall("refusals_lowered");

    database.psql("select * from synthgen.generate('s')");

    assert_eq!(written(&database).split('|').take(4).collect::<Vec<_>>(), ["6", "50", "50", "50"]);
}

#[test]
fn a_rule_that_binds_to_nothing_or_breaks_a_check_is_an_error() {
    let database = hall("refusals_rules");
    let rule = |on: &str, what: &str| format!(r#", rules => '{{"synthgen": 1, "rules": [{{"id": "x", "on": "{on}", {what}}}]}}'"#);

    let error = refused(&database, &rule("seat.prize", r#""range": {"min": 1, "max": 2}"#));
    assert_eq!((error.code().code(), error.hint()), ("42703", Some("Did you mean \"price\"?")), "{error:?}");
    assert!(error.message().contains("rule \"x\", /rules/0/on: column \"prize\" of table s.seat does not exist"), "{error:?}");
    let error = refused(&database, &rule("seat.price", r#""range": {"min": -9, "max": -2}"#));
    assert_eq!(error.code().code(), "22023", "{error:?}");
    assert!(error.message().contains("/rules/0/range/min") && error.message().contains("fails the check seat_price_check"), "{error:?}");
    assert_eq!(written(&database), NOTHING);
}

#[test]
fn a_reference_row_that_breaks_a_constraint_is_told_by_its_line() {
    let database = hall("refusals_reference");
    let load = |rows: &str| database.psql(&format!("select from synthgen.load_reference('s', E'# [seat]\\nlabel,price\\n{rows}\\n')"));

    for (rows, state, line, constraint) in
        [("A1,1\\nZ9,2", "23514", "line 4 of the file", "seat_label_check"), ("A1,-5", "23514", "line 3 of the file", "seat_price_check")]
    {
        load(rows);
        let error = refused(&database, "");
        assert_eq!(error.code().code(), state, "{error:?}");
        assert!(error.message().starts_with("a reference row of s.seat cannot be inserted"), "{error:?}");
        assert!(error.message().contains(line) && error.message().contains(constraint), "{error:?}");
        assert!(error.hint().is_some_and(|hint| hint.contains("nothing was inserted")), "{error:?}");
        assert_eq!(written(&database).split('|').take(5).collect::<Vec<_>>(), ["0"; 5]);
    }
}

/// What a user must be told, and what must be in its parts: call, SQLSTATE, message, detail, hint.
const MUST: [[&str; 5]; 10] = [
    [
        "select synthgen.generate('halls')",
        "3F000",
        "schema \"halls\" does not exist",
        "The schemas of this database are: hollow, public, s",
        "The target is a schema's name",
    ],
    [
        "select synthgen.generate('hollow')",
        "55000",
        "schema \"hollow\" holds no table that could be filled",
        "It holds no table at all.",
        "Create the tables first",
    ],
    [
        r#"select synthgen.generate('s', rows => '{"seats": 3, "shelf": 4}')"#,
        "42P01",
        "\"shelf\" is no table or entity of s",
        "table \"shelf\" does not exist in s",
        "Name a table, or bind the word",
    ],
    [
        "select synthgen.generate('s', users => 3)",
        "42P01",
        "\"users\" is no table or entity of s",
        "table \"users\" does not exist in s",
        "Name a table, or bind the word",
    ],
    [
        r#"select synthgen.generate('s', rows => '{"one": 5000000000}')"#,
        "22023",
        "cannot make 5000000000 rows for \"one\"",
        "between 0 and 1000000000",
        "synthgen.max_rows",
    ],
    [
        r#"select synthgen.generate('s', rows => '{"one": -1}')"#,
        "22023",
        "cannot make -1 rows for \"one\"",
        "between 0 and 1000000000",
        "synthgen.max_rows",
    ],
    [
        r#"select synthgen.generate('s', rows => '{"one": 200}')"#,
        "22023",
        "cannot make 200 rows for s.one",
        "50 different values",
        "Ask for at most 50.",
    ],
    [
        r#"select synthgen.generate('s', rules => '{"synthgen": 1, "rules": [{"id": "x", "on": "seat.prize", "null": 0.5}]}')"#,
        "42703",
        "the rules cannot be used: rule \"x\", /rules/0/on: column \"prize\"",
        "rule \"x\", /rules/0/on",
        "Did you mean \"price\"?",
    ],
    [
        "select synthgen.load_reference('s', E'# [seat]\\nlabel,prize\\nA1,2\\n# [sofa]\\nx\\n1\\n')",
        "42703",
        "the reference rows cannot be used, 3 errors, the first: line 2: ",
        "line 4: ",
        "Did you mean \"price\"?",
    ],
    [
        "begin read only; select synthgen.generate('s')",
        "25006",
        "cannot execute synthgen.generate() in a read-only transaction",
        "begun READ ONLY",
        "plan, explain, preview and verify only read",
    ],
];

#[test]
fn every_error_a_user_must_get_tells_what_why_and_what_helps() {
    let database = hall("refusals_must");
    database.psql("create schema hollow");

    for [call, state, message, detail, hint] in MUST {
        let error = database.connect().batch_execute(call).expect_err(call);
        let error = error.as_db_error().unwrap_or_else(|| panic!("{call}: {error}"));
        assert_eq!((error.code().code(), error.message().starts_with(message)), (state, true), "{call}: {error:?}");
        assert!(error.detail().unwrap_or_default().contains(detail), "{call}: {error:?}");
        assert!(error.hint().unwrap_or_default().contains(hint), "{call}: {error:?}");
    }
    assert_eq!(written(&database), NOTHING);
    assert_eq!(database.psql("select count(*) from synthgen.reference_row"), "0");
}

#[test]
fn a_role_without_rights_is_told_which() {
    let database = hall("refusals_rights");
    database.psql(
        "drop role if exists refusals_rights; create role refusals_rights login; grant usage on schema s to refusals_rights;
         grant select on all tables in schema s to refusals_rights",
    );
    let mut client = database.connect_as("refusals_rights");
    let mut said = |call: &str| {
        let error = client.batch_execute(call).expect_err(call);
        let error = error.as_db_error().expect("the server answered").clone();
        assert_eq!(error.code().code(), "42501", "{error:?}");
        (error.message().to_owned(), error.detail().unwrap_or_default().to_owned(), error.hint().unwrap_or_default().to_owned())
    };

    let (message, detail, hint) = said("select synthgen.generate('s')");
    assert_eq!(message, "permission denied for table one");
    assert!(
        detail.contains("with the caller's rights") && hint.contains("GRANT INSERT ON s.one TO \"refusals_rights\";"),
        "{detail} {hint}"
    );
    let (message, detail, hint) = said("select synthgen.load_reference('s', E'# [seat]\\nlabel,price\\nA1,2\\n')");
    assert!(message.contains("permission denied to store rules or reference rows"), "{message}");
    assert!(detail.contains("only owners store them") && hint.contains("The owner of the schema"), "{detail} {hint}");
    assert_eq!(written(&database), NOTHING);
}

#[test]
fn existing_error_wants_empty_tables() {
    let database = hall("refusals_existing");
    database.psql("insert into s.one (n) values (7)");

    assert_eq!(said(&database, ", existing => 'error'"), "55000 table s.one is not empty");

    assert_eq!(written(&database).split('|').take(5).collect::<Vec<_>>(), ["0", "0", "1", "0", "0"]);
}

#[test]
fn words_that_no_argument_knows_are_told_with_those_it_knows() {
    let database = hall("refusals_words");
    let hint = |arguments: &str| {
        let error = refused(&database, arguments);
        (error.code().code().to_owned(), error.hint().map(str::to_owned))
    };

    assert_eq!(hint(", llm => 'gpt'"), ("22023".into(), Some("Use one of: auto, off, replay, require.".into())));
    assert_eq!(hint(", load => 'fast'"), ("22023".into(), Some("Use one of: live.".into())));
    assert_eq!(hint(", include => array['nothing*']").0, "42P01");
    assert_eq!(hint(r#", rows => '{"seat": 3, "s.seat": 4}'"#), ("22023".into(), Some("Give one of them.".into())));
    assert_eq!(written(&database), NOTHING);
}

#[test]
fn a_foreign_table_whose_file_is_gone_is_refused_and_all_others_are_filled() {
    let database = Cluster::shared().fresh_database("refusals_foreign_file");
    database.psql(
        "create extension file_fdw; create server files foreign data wrapper file_fdw; create schema s;
         create foreign table s.dump (id int, name text) server files options (filename '/nowhere/dump.csv', format 'csv');
         create table s.part (id serial primary key, name text not null)",
    );

    let verdicts = "select table_name, verdict, inserted from synthgen.generate('s') order by 1";

    assert_eq!(database.psql(verdicts), "s.dump|refused|0\ns.part|filled|100");
}

#[test]
fn runs_that_are_not_there_and_files_without_sections_are_told() {
    let database = hall("refusals_nothing_there");
    let code = |statement: &str| {
        let error = database.connect().batch_execute(statement).expect_err(statement);
        error.as_db_error().unwrap_or_else(|| panic!("{statement}: {error}")).code().code().to_owned()
    };
    let directory = Cluster::shared().fresh_directory("refusals_nothing_there");

    assert_eq!(code(&format!("select from synthgen.export_csv('s', '{}', run_id => 12345)", directory.display())), "P0002");
    assert_eq!(std::fs::read_dir(&directory).expect("it is there").count(), 0, "no file was written");
    assert_eq!(code("select from synthgen.load_reference('s', '')"), "22P04");
    assert_eq!(code("select from synthgen.generate('s', scale => 1e300)"), "22023");
    let run = database.psql("select distinct run_id from synthgen.generate('s')");
    assert_eq!(code(&format!("select synthgen.run_step({run})")), "55000", "it is over, and nobody carries it out");
}
