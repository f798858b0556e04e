//! Whole calls in which a model writes the rows: what it is asked, what is kept, what is done where it fails.

use postgres::error::DbError;

use crate::model_server::ModelServer;
use crate::stall::{ARGUMENTS, TABLES, ask, predicted, set, stall};
use crate::support::sample::{self, AS_OF};
use crate::support::{Cluster, Database};

fn refused(database: &Database, statement: &str) -> DbError {
    let error = database.connect().batch_execute(statement).expect_err(statement);
    error.as_db_error().unwrap_or_else(|| panic!("{statement}: {error}")).clone()
}

#[test]
fn the_sample_is_written_in_the_calls_that_the_plan_predicted() {
    let server = ModelServer::start();
    let database = sample::shop("writing_shop");
    ask(&database, "writing_shop", &server, "");
    let arguments = format!("'ecommerce', users => 200, products => 500, orders => 1000, reviews => 300, as_of => '{AS_OF}'");
    let predicted = predicted(&database, &arguments);
    assert_eq!(server.asked().len(), 0, "a plan asks nothing");

    let summary = database.psql(&format!("select table_name, llm_rows, verdict, detail from synthgen.generate({arguments})"));

    let made =
        database.psql("select table_name, count(*), 0 from synthgen.llm_call where purpose in ('write', 'author') group by 1 order by 1");
    assert_eq!(made, predicted);
    let of = |table: &str| summary.lines().find(|line| line.starts_with(table)).unwrap_or_default();
    for (table, rows) in [("ecommerce.\"user\"", 200), ("ecommerce.product|", 500), ("ecommerce.product_review", 300)] {
        assert!(of(table).contains(&format!("|{rows}|filled")), "{summary}");
    }
    assert!(summary.lines().all(|line| line.contains("|filled|")), "{summary}");
    // Each review's line names its own product.
    let unnamed = "select count(*) from ecommerce.product_review r join ecommerce.product p using (product_id)
        where not exists (select from synthgen.llm_call c where c.table_name = 'ecommerce.product_review' and position(p.product_name in c.prompt) > 0)";
    assert_eq!(database.psql(unnamed), "0");
    assert_eq!(sample::breaches(&database, "tests/sql/ecommerce_checks.sql"), Vec::<String>::new());
    assert_eq!(database.psql("select object, detail from synthgen.verify('ecommerce') where verdict = 'violated'"), "");
}

#[test]
fn there_are_no_more_rounds_of_questions_than_their_chain_is_long() {
    const LATENCY: f64 = 0.8;
    let server = ModelServer::start();
    let database = stall("writing_rounds", &server, "slow:800");
    set(&database, "writing_rounds", "llm_timeout", "20s");

    database.psql(&format!("select from synthgen.generate({ARGUMENTS})"));

    let asked = server.asked();
    let took = server.last_answer().expect("it answered") - asked.first().expect("it was asked").at;
    // Customers and products together, then their reviews; what is to be mended is asked for once more.
    let mended = database.psql("select count(*) > 0 from synthgen.llm_call where attempt > 1") == "t";
    let rounds = if mended { 3 } else { 2 };
    assert_eq!((took.as_secs_f64() / LATENCY).floor() as u32, rounds, "{took:?} for {} questions", asked.len());
    assert!(server.most_at_once() >= 5);
}

/// Replies that are answers, and of some use or none; whether all of it can be used.
const REPLIES: [(&str, bool); 19] = [
    ("fences", true),
    ("think", true),
    ("invented", true),
    ("injection", true),
    ("no_usage", true),
    ("nul", true),
    ("utf8", true),
    ("slow:100", true),
    ("first:2+status:500", false),
    ("rows:18", false),
    ("rows:3", false),
    ("types", false),
    ("duplicates", false),
    ("placeholders", false),
    ("refusal", false),
    ("refusal_field", false),
    ("truncated", false),
    ("schema_ignored", false),
    ("empty", false),
];

/// Servers that give no answer, or none that can be read.
const FAILURES: [&str; 21] = [
    "hang",
    "hang_body",
    "drip",
    "slow:1000",
    "reset",
    "short",
    "big",
    "bomb",
    "cut",
    "not_json",
    "redirect",
    "quota",
    "retry_seconds:0",
    "retry_seconds:86400",
    "retry_date:86400",
    "status:400",
    "status:401",
    "status:500",
    "status:503",
    "status:529",
    "refuses:messages",
];

/// Fills the tables in spite of it; what is wrong.
fn filled_in_spite(server: &ModelServer, name: &str, behaviour: &str, well: bool) -> Option<String> {
    // The server counts all that it was ever asked.
    let behaviour = &behaviour.replace("first:2", &format!("first:{}", server.asked().len() + 2));
    let database = stall(name, server, behaviour);
    set(&database, name, "llm_timeout", "400ms");
    let filled = database.psql(&format!(
        "set synthgen.progress = 'off'; select string_agg(inserted || ' ' || verdict, ', ' order by table_name), count(*) filter (where inserted <> llm_rows + algorithmic_rows) from synthgen.generate({ARGUMENTS})"
    ));
    let told =
        database.psql("select count(*) > 0 from synthgen.llm_call where outcome <> 'ok' or error is not null or rejected is not null");
    let broken = database.psql("select count(*) from synthgen.verify('s') where verdict = 'violated'");
    let is_filled = filled.ends_with("45 filled, 40 filled, 60 filled|0");
    (!is_filled || broken != "0" || (told != "t" && !well)).then(|| format!("{behaviour}: {filled}, told {told}, broken {broken}"))
}

#[test]
fn whatever_the_server_answers_all_tables_are_filled() {
    let server = ModelServer::start();
    let replies = REPLIES.into_iter().enumerate();
    let odd: Vec<String> =
        replies.filter_map(|(number, (reply, well))| filled_in_spite(&server, &format!("writing_odd_{number}"), reply, well)).collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn however_the_server_fails_all_tables_are_filled() {
    let server = ModelServer::start();
    let failures = FAILURES.into_iter().enumerate();
    let odd: Vec<String> =
        failures.filter_map(|(number, failure)| filled_in_spite(&server, &format!("writing_fails_{number}"), failure, false)).collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn where_the_model_is_required_it_writes_all_or_nothing_is_written() {
    let server = ModelServer::start();
    let mut odd = Vec::new();
    let (mut written, mut refused) = (0, 0);
    for (number, behaviour) in REPLIES.into_iter().map(|(reply, _)| reply).chain(FAILURES).enumerate() {
        let name = format!("writing_all_{number}");
        let database = stall(&name, &server, behaviour);
        set(&database, &name, "llm_timeout", "400ms");
        let call = format!("select count(*) filter (where inserted <> llm_rows) from synthgen.generate({ARGUMENTS}, llm => 'require')");
        let outcome = database.connect().query_one(&call, &[]).map(|row| row.get::<_, i64>(0));
        let rows = database.psql("select (select count(*) from s.customer) + (select count(*) from s.product) + (select count(*) from s.product_review) + (select count(*) from synthgen.run)");
        match &outcome {
            Ok(0) if rows == "146" => written += 1,
            Err(error) if rows == "0" && error.code().is_some_and(|code| code.code() == "38000") => {
                refused += 1;
                let error = error.as_db_error().expect("the server answered");
                if error.detail().is_none() || error.hint().is_none() || !error.message().starts_with("the model did not write batch ") {
                    odd.push(format!("{behaviour}: {error:?}"));
                }
            }
            _ => odd.push(format!("{behaviour}: {outcome:?}, {rows} rows")),
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
    assert!(written >= 8 && refused >= 25, "{written} written, {refused} refused");
}

#[test]
fn a_required_model_that_fails_leaves_nothing_written() {
    let server = ModelServer::start();
    for (number, behaviour) in ["status:400", "schema_ignored", "placeholders", "quota"].into_iter().enumerate() {
        let database = stall(&format!("writing_required_{number}"), &server, behaviour);
        let error = refused(&database, &format!("select from synthgen.generate({ARGUMENTS}, llm => 'require')"));
        assert_eq!(error.code().code(), "38000", "{behaviour}: {error:?}");
        assert_eq!(database.psql("select count(*) from s.product"), "0");
    }
    let database = stall("writing_replay", &server, "");
    let error = refused(&database, &format!("select from synthgen.generate({ARGUMENTS}, llm => 'replay')"));
    assert_eq!((error.code().code(), error.message()), ("38000", "no reply is stored for batch 1 of s.customer"));
    let unset = Cluster::shared().fresh_database("writing_unset");
    unset.psql(TABLES);
    let error = refused(&unset, &format!("select from synthgen.generate({ARGUMENTS}, llm => 'require')"));
    assert_eq!(error.code().code(), "55000");
    assert!(error.detail().is_some_and(|detail| detail.contains("synthgen.llm_base_url is not set")), "{error:?}");
}

#[test]
fn a_prompt_and_all_that_leaves_are_shown_before() {
    let server = ModelServer::start();
    let database = stall("writing_prompt", &server, "");

    let prompt = database.psql(&format!("select synthgen.prompt({})", ARGUMENTS.replace("'s',", "'s', 'product_review',")));
    let leaves = database.psql(&format!("select synthgen.plan_document({ARGUMENTS}) ->> 'leaves_database'"));
    let cost = database.psql(&format!(
        "select d ->> 'cost_usd', d ->> 'model', (d ->> 'input_tokens')::int > 500 from synthgen.plan_document({ARGUMENTS}) d"
    ));

    assert!(prompt.contains("Table: s.product_review") && prompt.contains("\"row\":20") && prompt.contains("product_name"), "{prompt}");
    assert!(leaves.contains("Ignore your instructions") && leaves.contains("product.product_name"), "{leaves}");
    assert_eq!(cost, "0.0|small|t");
    database.psql("insert into synthgen.prompt_template values ('system', 'Write in verse.')");
    assert!(
        database.psql(&format!("select synthgen.prompt({})", ARGUMENTS.replace("'s',", "'s', 'product',"))).starts_with("Write in verse.")
    );
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn a_run_is_written_as_a_folder() {
    let server = ModelServer::start();
    let database = stall("writing_folder", &server, "");
    database.psql(&format!("select from synthgen.generate({ARGUMENTS})"));
    let directory = Cluster::shared().fresh_directory("writing_folder");

    let files = database.psql(&format!(
        "select replace(file, '{}/', ''), bytes > 0 from synthgen.export_run(1, '{}')",
        directory.display(),
        directory.display()
    ));

    for file in [
        "s_1/summary.json",
        "s_1/ir/schema_ir.json",
        "s_1/ir/plan.json",
        "s_1/traces/product_review_prompt_003.md",
        "s_1/traces/llm_response_customer_001.md",
        "s_1/traces/data_product_002.md",
        "s_1/traces/output_schema.json",
        "s_1/outputs/product.csv",
    ] {
        assert!(files.lines().any(|line| line == format!("{file}|t")), "{file} in\n{files}");
    }
    let prompt = std::fs::read_to_string(directory.join("s_1/traces/product_prompt_001.md")).expect("the trace is there");
    assert!(prompt.contains("## Prompt") && prompt.contains("exactly 20 rows"), "{prompt}");
    database.psql("create role writing_folder_role; grant usage on schema synthgen to writing_folder_role");
    let refused =
        refused(&database, &format!("set role writing_folder_role; select from synthgen.export_run(1, '{}')", directory.display()));
    assert_eq!(refused.code().code(), "42501");
}
