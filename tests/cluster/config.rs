//! What a target's calls are made with, moved to another database as one document.

use crate::model_server::ModelServer;
use crate::stall::{ARGUMENTS, STATE, TABLES, ask, stall};
use crate::support::Cluster;

#[test]
fn another_database_makes_the_same_rows_and_asks_nothing() {
    let server = ModelServer::start();
    let database = stall("config_from", &server, "");
    database.psql(
        r#"create table s.shelf (shelf_id int generated always as identity primary key, label text not null unique);
           select from synthgen.load_rules('s', '{"synthgen": 1, "rules": [{"id": "price", "on": "product.price", "range": {"min": 7, "max": 9}}]}');
           select from synthgen.load_reference('s', E'# [s.shelf]\nlabel\nTop\nBottom\n');
           select synthgen.load_vocabulary('shades', E'shade,weight\nred,1\nblue,2\n')"#,
    );
    database.psql(&format!("select from synthgen.generate({ARGUMENTS})"));
    let asked = server.asked().len();
    let config = database.psql("select synthgen.export_config('s')");

    let other = Cluster::shared().fresh_database("config_to");
    other.psql(TABLES);
    other.psql("create table s.shelf (shelf_id int generated always as identity primary key, label text not null unique)");
    let import = format!("select item || ' ' || imported from synthgen.import_config($config${config}$config$)");
    let told = other.psql(&import);

    assert_eq!(told, format!("vocabularies 1\nrules 1\nreference rows 2\nreplies {asked}"));
    ask(&other, "config_to", &server, "");
    other.psql(&format!("select from synthgen.generate({ARGUMENTS})"));
    assert_eq!(server.asked().len(), asked);
    assert_eq!(other.psql(STATE), database.psql(STATE));
    assert_eq!(
        other.psql("select count(*), min(price) >= 7, max(price) <= 9 from s.product; select label from s.shelf order by 1"),
        "40|t|t\nBottom\nTop"
    );
    // Again the same is there.
    assert_eq!(other.psql(&import).lines().last(), Some("replies 0"));
}

#[test]
fn others_can_forge_nothing_by_it() {
    let database = Cluster::shared().fresh_database("config_rights");
    database.psql(&format!(
        "{TABLES} drop role if exists config_rights; create role config_rights login; grant usage on schema s to config_rights"
    ));
    let mut client = database.connect_as("config_rights");
    for config in [
        r#"{"synthgen_config": 1, "target": "s", "rules": {"synthgen": 1, "rules": [{"id": "p", "on": "product.price", "range": {"min": 7, "max": 9}}]}}"#,
        r#"{"synthgen_config": 1, "target": "s", "replies": [{"key": "k", "model": "m", "reply": "r", "truncated": false, "input_tokens": 1, "output_tokens": 1, "tokens_estimated": false, "cost": 0}]}"#,
        r#"{"synthgen_config": 2, "target": "s"}"#,
        r#"{"target": "s"}"#,
        "[]",
    ] {
        let outcome = client.query(&format!("select from synthgen.import_config('{config}')"), &[]);
        assert!(outcome.is_err(), "{config}");
    }
    assert_eq!(database.psql("select count(*) from synthgen.llm_reply_stored"), "0");
}
