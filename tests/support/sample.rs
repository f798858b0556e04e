//! The sample shop, the clinic and the renamed shop: loaded, filled, and judged by plain SQL.

use super::{Cluster, Database, repository_file};

/// The moment at which all data of the tests end; with its zone, for sessions differ in theirs.
pub(crate) const AS_OF: &str = "2026-01-01 00:00:00+00";

/// The call of the demo; `more` are further arguments, each with a leading comma.
pub(crate) fn fill_shop(users: u32, more: &str) -> String {
    format!(
        "select * from synthgen.generate('ecommerce', users => {users}, products => 500, orders => 1000, reviews => 300, as_of => '{AS_OF}'{more});"
    )
}

/// A database with the sample's tables, its reference rows and its rules, and no row yet.
pub(crate) fn shop(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(&repository_file("samples/sql/ecommerce.sql"));
    let csv = repository_file("samples/ecommerce_reference.csv");
    let rules = repository_file("samples/rules/ecommerce_rules.json");
    database.psql(&format!("select from synthgen.load_reference('ecommerce', $csv${csv}$csv$)"));
    let errors =
        format!("select path || ': ' || message from synthgen.load_rules('ecommerce', $json${rules}$json$) where severity = 'error'");
    assert_eq!(database.psql(&errors), "");
    database
}

/// A database with the tables of a file of the tests.
pub(crate) fn schema(name: &str, file: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(&repository_file(file));
    database
}

/// The checks of a file that find something, a line each: name|violations. What only a reader would mind
/// ("realism: ..") is shown, not counted.
pub(crate) fn breaches(database: &Database, checks: &str) -> Vec<String> {
    let checks = repository_file(checks);
    let found =
        database.psql(&format!("set checks.as_of = '{AS_OF}';\nselect * from (\n{}\n) c where violations <> 0", statement(&checks)));
    found.lines().map(str::to_owned).collect()
}

/// The one statement of a file of checks, so that it can stand in FROM.
fn statement(checks: &str) -> &str {
    checks.trim_end().trim_end_matches(';')
}
