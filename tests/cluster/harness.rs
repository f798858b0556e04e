//! The ground that the other subjects stand on: it must fail loudly, and leave nothing behind.

use std::path::Path;

use crate::support::{Cluster, repository_file};

#[test]
fn psql_reports_the_first_error() {
    let database = Cluster::shared().fresh_database("harness_errors");

    let output = database.psql_output("select 1; select 1/0; select 2");

    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("division by zero"));
}

#[test]
fn notices_are_heard_in_order() {
    let database = Cluster::shared().fresh_database("harness_notices");
    let (mut client, notices) = database.connect_hearing();

    client.batch_execute("do $$ begin raise notice 'one'; raise warning 'two'; end $$").expect("the block runs");

    let heard = notices.lock().expect("nobody else holds it").clone();
    assert_eq!(heard, [("NOTICE".to_owned(), "one".to_owned()), ("WARNING".to_owned(), "two".to_owned())]);
}

#[test]
fn the_server_writes_into_a_fresh_directory() {
    let cluster = Cluster::shared();
    let file = cluster.fresh_directory("harness_directory").join("one.csv");

    cluster.fresh_database("harness_copy").psql(&format!("copy (values (1)) to '{}'", file.display()));

    assert_eq!(std::fs::read_to_string(file).expect("the file is there"), "1\n");
}

#[test]
fn a_dropped_cluster_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let data = cluster.fresh_database("harness_dropped").psql("show data_directory");
    assert!(Path::new(&data).exists());

    drop(cluster);

    assert!(!Path::new(&data).parent().expect("it has a parent").exists());
}

#[test]
fn the_samples_load() {
    let database = Cluster::shared().fresh_database("harness_samples");
    database.psql(&repository_file("samples/sql/ecommerce.sql"));

    let tables = database.psql("select count(*) from pg_catalog.pg_tables where schemaname = 'ecommerce'");

    assert_eq!(tables, "33");
}
