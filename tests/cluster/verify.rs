//! `verify` finds what was broken by hand, counts it exactly, and reads the heap.

use std::collections::BTreeMap;

use postgres::Client;

use crate::support::{Cluster, Database, repository_file};

/// Findings that do not hold: (kind, object) to (violations, verdict).
type Problems = BTreeMap<(String, String), (i64, String)>;

/// What tests/sql/verify_damage.sql does.
const DAMAGE: [(&str, &str, i64); 5] = [
    ("check", "ecommerce.product_review: product_review_rating_check", 4),
    ("foreign key", "ecommerce.order_item: order_item_product_id_fkey", 3),
    ("not null", "ecommerce.\"user\".email", 1),
    ("sequence", "ecommerce.product.product_id: ecommerce.product_product_id_seq", 1),
    ("unique", "ecommerce.\"user\": user_email_key", 2),
];

fn shop<'c>(cluster: &'c Cluster, name: &str) -> Database<'c> {
    let database = cluster.fresh_database(name);
    database.psql(&repository_file("samples/sql/ecommerce.sql"));
    database.psql(&repository_file("tests/sql/verify_shop.sql"));
    database
}

fn problems(client: &mut Client, target: &str) -> Problems {
    let query = "select kind, object, violations, verdict from synthgen.verify($1) where verdict <> 'holds'";
    let rows = client.query(query, &[&target]).expect("verify runs");
    rows.iter().map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3)))).collect()
}

fn violations(problems: &Problems) -> Vec<(&str, &str, i64)> {
    let violated = problems.iter().filter(|(_, (_, verdict))| verdict == "violated");
    violated.map(|((kind, object), (count, _))| (kind.as_str(), object.as_str(), *count)).collect()
}

#[test]
fn a_sound_schema_holds() {
    let database = shop(Cluster::shared(), "verify_sound");

    assert_eq!(problems(&mut database.connect(), "ecommerce"), Problems::new());
}

#[test]
fn damage_is_counted_exactly() {
    let database = shop(Cluster::shared(), "verify_damaged");
    database.psql(&repository_file("tests/sql/verify_damage.sql"));

    let problems = problems(&mut database.connect(), "ecommerce");

    assert_eq!(violations(&problems), DAMAGE);
    assert_eq!(problems.len(), 5);
}

#[test]
fn what_generate_filled_holds_until_it_is_damaged() {
    let database = Cluster::shared().fresh_database("verify_generated");
    database.psql(&repository_file("samples/sql/ecommerce.sql"));
    let mut client = database.connect();
    let (reference, rules) = (repository_file("samples/ecommerce_reference.csv"), repository_file("samples/rules/ecommerce_rules.json"));
    client.execute("select from synthgen.load_reference('ecommerce', $1::text)", &[&reference]).expect("the reference rows are loaded");
    client.execute("select from synthgen.load_rules('ecommerce', $1::text::jsonb)", &[&rules]).expect("the rules are loaded");
    let call = "select from synthgen.generate('ecommerce', users => 200, products => 500, orders => 1000, reviews => 300)";
    client.execute(call, &[]).expect("the shop is filled");
    assert_eq!(problems(&mut client, "ecommerce"), Problems::new());

    database.psql(&repository_file("tests/sql/verify_damage.sql"));

    let problems = problems(&mut client, "ecommerce");
    let constraints: Vec<(&str, &str, i64)> =
        violations(&problems).into_iter().filter(|(kind, _, _)| !matches!(*kind, "rule" | "invariant")).collect();
    assert_eq!(constraints, DAMAGE);
}

#[test]
fn strict_raises_what_is_violated() {
    let database = shop(Cluster::shared(), "verify_strict");
    let mut client = database.connect();
    client.execute("select from synthgen.verify('ecommerce', strict => true)", &[]).expect("a sound schema passes");
    database.psql(&repository_file("tests/sql/verify_damage.sql"));

    let error = client.execute("select from synthgen.verify('ecommerce', strict => true)", &[]).expect_err("damage raises");

    let refused = error.as_db_error().expect("the server says so");
    assert_eq!(refused.code().code(), "23000");
    assert!(refused.detail().is_some_and(|detail| detail.contains("user_email_key: 2 of")), "{refused:?}");
}

#[test]
fn every_kind_of_constraint_is_counted() {
    let database = Cluster::shared().fresh_database("verify_kinds");
    database.psql(&repository_file("tests/sql/verify_kinds.sql"));

    let problems = problems(&mut database.connect(), "kinds");

    assert_eq!(
        violations(&problems),
        [
            ("check", "kinds.part_low: partition bound", 1),
            ("domain", "kinds.thing.grade: kinds.grade grade_check", 2),
            ("domain", "kinds.thing.grade: kinds.grade not null", 1),
            ("exclusion", "kinds.booking: booking_circle_excl", 2),
            ("exclusion", "kinds.booking: booking_span_excl", 3),
            ("foreign key", "kinds.full_child: full_child_a_b_fkey", 2),
            ("primary key", "kinds.thing: thing_pkey", 1),
            ("sequence", "kinds.down.n: kinds.down_n_seq", 1),
            ("unique", "kinds.thing: thing_lower_code", 1),
            ("unique", "kinds.thing: thing_one_chief", 2),
        ]
    );
}

#[test]
fn a_check_that_fails_to_run_hides_no_other() {
    let database = Cluster::shared().fresh_database("verify_failing");
    database.psql(
        "create schema s; create table s.t (a integer, b integer);
         insert into s.t values (0, -1);
         alter table s.t add constraint t_a_check check (1 / a > 0) not valid, add constraint t_b_check check (b > 0) not valid",
    );

    let problems = problems(&mut database.connect(), "s");

    assert_eq!(violations(&problems), [("check", "s.t: t_b_check", 1)]);
    let failed = problems.get(&("check".into(), "s.t: t_a_check".into()));
    assert_eq!(failed.map(|(_, verdict)| verdict.as_str()), Some("untouched"));
}

#[test]
fn rules_are_judged_by_shares_bounds_and_conditions() {
    let database = shop(Cluster::shared(), "verify_rules");
    let mut client = database.connect();
    let rules = repository_file("tests/sql/verify_rules.json");
    let refused = client
        .query("select path || ' ' || message from synthgen.load_rules('ecommerce', $1::text::jsonb) where severity = 'error'", &[&rules])
        .expect("load_rules runs");
    assert_eq!(refused.iter().map(|row| row.get(0)).collect::<Vec<String>>(), Vec::<String>::new());

    let query = "select object, checked, violations, verdict, achieved from synthgen.verify('ecommerce') where kind = 'rule' order by object collate \"C\"";
    let found: Vec<(String, i64, i64, String, Option<String>)> = client
        .query(query, &[])
        .expect("verify runs")
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
        .collect();

    let told: Vec<(&str, i64, i64, &str, &str)> = found
        .iter()
        .map(|(object, checked, violations, verdict, achieved)| {
            (object.as_str(), *checked, *violations, verdict.as_str(), achieved.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ecommerce.\"user\".phone_number: phones-empty", 20, 0, "off target", "100.0% NULL"),
            ("ecommerce.order_item.order_id: items", 100, 0, "holds", "2 to 2 children, 2.00 on average"),
            ("ecommerce.order_item.unit_price: phones", 80, 80, "violated", "9.00 to 9.00"),
            ("ecommerce.product.base_price: books", 20, 0, "holds", "30.00 to 100.00"),
            ("ecommerce.product.base_price: none", 0, 0, "untouched", ""),
            ("ecommerce.product_review.helpful_count: wrong", 50, 0, "off target", "0: 100.0%, 1: 0.0%"),
            ("ecommerce.product_review.rating: ratings", 50, 0, "holds", "5: 40.0%, 4: 30.0%, 1: 10.0%, 2: 10.0%, 3: 10.0%"),
        ]
    );
}

#[test]
fn what_the_caller_may_not_read_is_refused() {
    let database = shop(Cluster::shared(), "verify_rights");
    database.psql("create role verify_rights login; grant usage on schema ecommerce to verify_rights");

    let error = database.connect_as("verify_rights").execute("select from synthgen.verify('ecommerce')", &[]).expect_err("is refused");

    assert_eq!(error.code(), Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}
