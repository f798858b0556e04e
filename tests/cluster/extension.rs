//! Creating, dropping and creating again the extension itself. Also the example to follow for another subject.

use crate::support::{Cluster, Database};

#[test]
fn makes_its_schema() {
    // Every test has a database of its own, named after it; the extension is in it already.
    let database = Cluster::shared().fresh_database("extension_schema");

    // For a single value, psql's unaligned output; for more, `connect` gives a client of the crate `postgres`.
    let owner = database.psql("select nspowner::regrole from pg_catalog.pg_namespace where nspname = 'synthgen'");

    assert_eq!(owner, "postgres");
}

#[test]
fn has_the_version_of_the_crate() {
    let database = Cluster::shared().fresh_database("extension_version");
    let mut client = database.connect();

    let row = client.query_one("select extversion from pg_catalog.pg_extension where extname = 'synthgen'", &[]);

    assert_eq!(row.expect("the extension is listed").get::<_, String>(0), env!("CARGO_PKG_VERSION"));
}

#[test]
fn is_created_again_after_being_dropped() {
    let database = Cluster::shared().fresh_database("extension_again");

    database.psql("drop extension synthgen cascade; create extension synthgen");

    assert_eq!(extensions(&database), "1");
}

#[test]
fn is_refused_to_ordinary_roles() {
    let database = Cluster::shared().fresh_database("extension_refused");
    database.psql("drop extension synthgen cascade; create role extension_refused login");

    let error = database.connect_as("extension_refused").batch_execute("create extension synthgen").expect_err("is refused");

    assert_eq!(error.code(), Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}

#[test]
fn leaves_nothing_but_an_empty_schema_when_dropped() {
    let database = Cluster::shared().fresh_database("extension_dropped");

    database.psql("drop extension synthgen");

    assert_eq!(extensions(&database), "0");
    let left =
        "select count(*) from pg_catalog.pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('synthgen')";
    assert_eq!(database.psql(left), "0");
}

fn extensions(database: &Database) -> String {
    database.psql("select count(*) from pg_catalog.pg_extension where extname = 'synthgen'")
}
