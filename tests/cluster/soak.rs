//! What takes minutes: `make soak` runs it (tests/soak/model). Each test ends with a line that states its counts.

use std::time::Instant;

use crate::cancel::{Resources, Silence, cancelled};
use crate::interruptions::{ENDINGS, Ground};
use crate::model::{converse, with_model};
use crate::model_server::ModelServer;
use crate::stall::{ask, set, stall};
use crate::support::Database;
use crate::support::sample::{self, AS_OF};

#[test]
#[ignore = "minutes: make soak"]
fn two_hundred_interruptions_lose_no_reply() {
    let ground = Ground::new();
    let mut wrong = Vec::new();
    for (number, ending) in ENDINGS.into_iter().enumerate() {
        for place in 0..40 {
            wrong.extend(ground.point(5000 + number * 100 + place, ending, 1 + place % 7).err());
        }
    }
    println!("soak: 200 interruptions, {} after which a reply was asked for again: {wrong:#?}", wrong.len());
    assert!(wrong.is_empty());
}

#[test]
#[ignore = "minutes: make soak"]
fn twenty_cancels_in_each_phase_leave_nothing() {
    let silence = Silence::new();
    let cluster = silence.cluster();
    let phases = silence.phases();
    let server = ModelServer::start();
    let wrong: Vec<String> = phases.iter().flat_map(|(phase, base)| cancelled(&cluster, &server, phase, base, 20)).collect();
    let names: Vec<&str> = phases.iter().map(|(phase, _)| *phase).collect();
    println!("soak: 20 cancels in each of {} phases ({}), {} wrong: {wrong:#?}", phases.len(), names.join("; "), wrong.len());
    assert!(wrong.is_empty());
}

#[test]
#[ignore = "minutes: make soak"]
fn a_thousand_calls_leave_neither_thread_nor_socket_nor_memory() {
    let server = ModelServer::start();
    let database = with_model("soak_thousand", &server, "");
    set(&database, "soak_thousand", "llm_max_calls", "100000");
    let mut client = database.connect();
    let process: i32 = client.query_one("select pg_backend_pid()", &[]).expect("it has one").get(0);
    let mut conversation = |prefix: &str| assert_eq!(converse(&mut client, "auto", 100, prefix).len(), 100);
    // The allocator and PostgreSQL's caches come to rest.
    (0..3).for_each(|round| conversation(&format!("warm {round}")));
    let before = Resources::of(process);
    (0..10).for_each(|round| conversation(&format!("thousand {round}")));
    let after = Resources::of(process);
    println!("soak: {} calls; before the last 1,000 {before:?}, after them {after:?}", server.answered());
    assert!(server.answered() >= 1_300 && after.are(&before));
}

#[test]
#[ignore = "minutes: make soak"]
fn the_model_is_waited_for_as_long_as_its_critical_path_is() {
    let server = ModelServer::start();
    let database = sample::shop("soak_path");
    ask(&database, "soak_path", &server, "slow:1000");
    set(&database, "soak_path", "llm_timeout", "20s");
    let arguments = format!("'ecommerce', users => 200, products => 500, orders => 1000, reviews => 300, as_of => '{AS_OF}'");

    database.psql(&format!("select from synthgen.generate({arguments})"));

    let asked = server.asked();
    let took = (server.last_answer().expect("it answered") - asked.first().expect("it was asked").at).as_secs_f64();
    // Far more calls than a chain is long: reviews wait for products and users.
    let calls = asked.len() as f64;
    let path = calls / 8.0;
    let mended = database.psql("select count(*) from synthgen.llm_call where attempt > 1");
    println!(
        "soak: {calls} calls of 1 s ({mended} of them to mend others), 8 at once: critical path {path:.2} s, took {took:.2} s, {:.1}% above",
        (took / path - 1.0) * 100.0
    );
    assert!(took <= path * 1.05);
}

/// Rows of a column: all, and the different ones.
fn distinct(database: &Database, column: &str, table: &str) -> (i64, i64) {
    let counts = database.psql(&format!("select count({column}), count(distinct {column}) from {table}"));
    let (all, different) = counts.split_once('|').expect("two counts");
    (all.parse().expect("a count"), different.parse().expect("a count"))
}

#[test]
#[ignore = "minutes: make soak"]
fn authored_rows_differ() {
    let server = ModelServer::start();
    let database = stall("soak_author", &server, "");
    set(&database, "soak_author", "llm_max_calls", "1000");
    let call = |counts: &str| format!("'s', rows => '{counts}', as_of => '{AS_OF}'");
    let arguments = call(r#"{"customer": 1000, "product": 5000, "product_review": 20000}"#);
    let predicted = database.psql(&format!("select synthgen.plan_document({arguments}) ->> 'calls'"));

    let detail = database.psql(&format!("select string_agg(table_name || ': ' || llm_rows || ' + ' || algorithmic_rows || ' ' || detail, '; ') from synthgen.generate({arguments})"));

    let made = database.psql("select count(*) from synthgen.llm_call where purpose in ('write', 'author')");
    let (products, names) = distinct(&database, "product_name", "s.product");
    let (described, descriptions) = distinct(&database, "description", "s.product");
    let (reviewed, bodies) = distinct(&database, "body", "s.product_review");
    let often: i64 = database
        .psql(
            "select coalesce(max(rows), 0) from (select count(distinct review_id) as rows from s.product_review r, regexp_split_to_table(r.body, '(?<=[.!?])\\s+') as sentence
             where sentence ~ '[[:alpha:]]' group by sentence) as counted",
        )
        .parse()
        .expect("a count");
    println!(
        "soak: {predicted} calls predicted, {made} made; {names} of {products} names differ, {descriptions} of {described} descriptions, {bodies} of {reviewed} bodies; the commonest sentence stands in {often}; {detail}"
    );
    assert_eq!(predicted, made);
    assert!(
        names * 100 >= products * 95 && descriptions * 100 >= described * 90 && bodies * 100 >= reviewed * 80 && often * 100 <= reviewed
    );
}

#[test]
#[ignore = "minutes: make soak"]
fn a_million_rows_take_three_calls_more() {
    let server = ModelServer::start();
    let database = stall("soak_million", &server, "");
    let arguments = format!(r#"'s', rows => '{{"customer": 1000, "product": 1000, "product_review": 1000000}}', as_of => '{AS_OF}'"#);
    let begun = Instant::now();

    let rows = database.psql(&format!(
        "select llm_rows, algorithmic_rows, detail from synthgen.generate({arguments}) where table_name = 's.product_review'"
    ));

    let calls = database.psql("select purpose || ' ' || count(*) from synthgen.llm_call where table_name = 's.product_review' and purpose <> 'repair' group by purpose order by 1");
    let (all, different) = distinct(&database, "body", "s.product_review");
    println!(
        "soak: a million reviews in {:.0} s: {rows}; calls: {}; {different} of {all} bodies differ",
        begun.elapsed().as_secs_f64(),
        calls.replace('\n', ", ")
    );
    assert_eq!(calls, "author 3\nwrite 50");
    assert!(rows.starts_with("1000|999000|"), "{rows}");
}
