//! The sample shop filled by the call of the demo: every table, exact counts, nothing broken.

use crate::support::sample::{self, AS_OF};

/// Rows of a result that this test's reader should see when it fails.
fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn the_demos_call_fills_33_tables_and_breaks_nothing() {
    let database = sample::shop("shop_filled");

    let summary = database.psql(&format!(
        "select table_name, inserted, verdict, detail from synthgen.generate('ecommerce', users => 200, products => 500, orders => 1000, reviews => 300, as_of => '{AS_OF}')"
    ));

    let odd: Vec<&str> = summary.lines().filter(|line| !line.contains("|filled|")).collect();
    assert_eq!((lines(&summary).len(), odd), (33, Vec::new()), "{summary}");
    let counts = r#"select (select count(*) from ecommerce."user"), (select count(*) from ecommerce.product),
        (select count(*) from ecommerce."order"), (select count(*) from ecommerce.product_review)"#;
    assert_eq!(database.psql(counts), "200|500|1000|300");
    assert_eq!(sample::breaches(&database, "tests/sql/ecommerce_checks.sql"), Vec::<String>::new());
}

#[test]
fn verify_finds_nothing_broken_and_the_rules_held() {
    let database = sample::shop("shop_verified");
    database.psql(&sample::fill_shop(200, ""));

    let problems = database.psql(
        "select kind, object, violations, target_value, achieved, verdict, detail from synthgen.verify('ecommerce')
         where verdict <> 'holds' and (verdict <> 'untouched' or kind = 'rule')",
    );

    assert_eq!(lines(&problems), Vec::<&str>::new());
    let judged = database.psql("select bool_and(checked > 0), count(*) > 40 from synthgen.verify('ecommerce') where kind = 'rule'");
    assert_eq!(judged, "t|t");
}
