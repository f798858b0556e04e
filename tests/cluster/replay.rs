//! What was asked once is not asked again: after a rollback, a change of the tables, a schema made anew.

use crate::model_server::ModelServer;
use crate::stall::{ARGUMENTS, STATE, ask, predicted, stall};
use crate::support::sample::{self, AS_OF};
use crate::support::{Database, repository_file};

#[test]
fn what_was_asked_once_is_never_asked_again() {
    let server = ModelServer::start();
    let database = stall("writing_again", &server, "");
    let mut client = database.connect();
    let call = |more: &str| format!("select from synthgen.generate({ARGUMENTS}{more})");
    let mut run = |statement: &str| {
        client.batch_execute("begin").expect("a transaction begins");
        client.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        let rows: String = client.query_one(STATE, &[]).expect("rows are read").get(0);
        client.batch_execute("rollback; alter sequence s.customer_customer_id_seq restart; alter sequence s.product_product_id_seq restart; alter sequence s.product_review_review_id_seq restart").expect("all is taken back");
        rows
    };

    let first = run(&call(""));
    let asked = server.asked().len();
    assert!(asked >= 3 + 2 + 3, "{asked}");
    assert_eq!(run(&call("")), first, "the same rows");
    assert_eq!(run(&call(", llm => 'replay'")), first, "by replay too");
    assert_ne!(run(&call("").replace("2026-01-01", "2026-02-10")), first, "forty days later");
    assert_eq!(server.asked().len(), asked);
    assert_eq!(predicted(&database, ARGUMENTS), "s.customer|3|3\ns.product|2|2\ns.product_review|3|3");

    database.psql("alter table s.product add column shelf_number int not null");
    run(&call(""));
    assert_eq!(server.asked().len(), asked, "a column that the model does not write");
    database.psql("alter table s.product add column washing_advice text not null");
    assert_eq!(predicted(&database, ARGUMENTS), "s.customer|3|3\ns.product|2|0\ns.product_review|3|3");
    run(&call(""));
    let fresh: Vec<String> = server.asked().iter().skip(asked).map(|asked| asked.body.to_string()).collect();
    assert_eq!(fresh.len(), 2, "only the new column is asked for");
    assert!(fresh.iter().all(|body| body.contains("washing_advice")));
}

/// A digest of all rows of the sample shop.
fn rows(database: &Database) -> String {
    database.psql(
        "select md5(string_agg(t.relname || md5(query_to_xml(format('select * from ecommerce.%I t order by t::text', t.relname), false, true, '')::text), '' order by t.relname))
         from pg_class t where t.relnamespace = 'ecommerce'::regnamespace and t.relkind = 'r'",
    )
}

#[test]
fn a_schema_that_is_dropped_and_filled_anew_asks_nothing() {
    let server = ModelServer::start();
    let database = sample::shop("replay_anew");
    ask(&database, "replay_anew", &server, "");
    let fill = format!(
        "select count(*) filter (where verdict <> 'filled') from synthgen.generate('ecommerce', users => 60, products => 80, orders => 120, reviews => 150, as_of => '{AS_OF}')"
    );
    assert_eq!(database.psql(&fill), "0");
    let (first, asked) = (rows(&database), server.asked().len());

    database.psql("drop schema ecommerce cascade");
    database.psql(&repository_file("samples/sql/ecommerce.sql"));

    assert_eq!(database.psql(&fill), "0");
    assert_eq!(server.asked().len(), asked, "every question was answered before");
    assert_eq!(rows(&database), first);
}
