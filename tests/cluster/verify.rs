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

    // Three searches before the searcher was there.
    let searches =
        |moved: &str| database.psql(&format!("update ecommerce.user_search set searched_at = searched_at {moved} where search_id <= 3"));
    searches("- interval '20 years'");
    let early = problems(&mut client, "ecommerce");
    let object = "not before: ecommerce.user_search.\"searched_at\" by user_search_user_id_fkey";
    assert_eq!(violations(&early), [("invariant", object, 3)]);
    searches("+ interval '20 years'");

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

/// A small trade whose line totals are products and whose order totals are sums.
const TRADE: &str = "create schema s;
    create table s.customer (customer_id int generated always as identity primary key, full_name text not null);
    create table s.product (product_id int generated always as identity primary key, product_name text not null, price numeric(10,2) not null);
    create table s.purchase (purchase_id int generated always as identity primary key, customer_id int not null references s.customer,
        subtotal numeric(12,2) not null, created_at timestamptz not null default now());
    create table s.purchase_line (purchase_id int not null references s.purchase, line_no int not null, product_id int not null references s.product,
        quantity int not null, unit_price numeric(10,2) not null, line_total numeric(12,2) not null, primary key (purchase_id, line_no))";

#[test]
fn a_run_that_nobody_knows_is_an_error() {
    let database = Cluster::shared().fresh_database("verify_unknown_run");
    database.psql(&format!("{TRADE}; create schema t; create table t.a (id int primary key, name text not null)"));
    database.psql("select from synthgen.generate('s'); drop role if exists verify_stranger; create role verify_stranger login");
    let said = |client: &mut Client, call: &str| {
        let error = client.execute(&format!("select from synthgen.verify({call})"), &[]).expect_err(call);
        let error = error.as_db_error().expect("the server says so").clone();
        assert!(error.detail().is_some() && error.hint().is_some_and(|hint| hint.contains("FROM synthgen.run WHERE target")), "{error:?}");
        format!("{} {}", error.code().code(), error.message())
    };

    assert_eq!(said(&mut database.connect(), "'s', 99"), "P0002 there is no run 99");
    assert_eq!(said(&mut database.connect(), "'t', 1"), "22023 run 1 filled s, not t");
    database.psql("grant usage on schema s to verify_stranger; grant select on all tables in schema s to verify_stranger");
    assert_eq!(said(&mut database.connect_as("verify_stranger"), "'s', 1"), "P0002 there is no run 1");
    assert_eq!(database.psql("select count(*) from synthgen.verify('s', 1) where verdict <> 'holds'"), "0");
}

#[test]
fn an_invariant_is_asked_of_the_rows_that_runs_made() {
    let database = Cluster::shared().fresh_database("verify_own_rows");
    database.psql(TRADE);
    let call = |more: &str| database.psql(&format!("select from synthgen.generate('s', rows => '{{\"purchase\": 50}}'{more})"));
    call("");
    call(", seed => 7");
    let invariants = |run: &str| {
        database.psql(&format!(
            "select object, checked, violations from synthgen.verify('s'{run}) where kind = 'invariant' and object ~ 'line_total|subtotal' order by 1"
        ))
    };
    let lines = |of: &str| database.psql(&format!("select count(*) from s.purchase_line where {of}"));
    let (first, all) = (lines("purchase_id <= 50"), lines("true"));
    let holds = |purchases: &str, lines: &str| {
        format!("derived: s.purchase.\"subtotal\"|{purchases}|0\nderived: s.purchase_line.\"line_total\"|{lines}|0")
    };
    assert_eq!(invariants(""), holds("100", &all), "of both runs");
    assert_eq!(invariants(", 1"), holds("50", &first), "of one");

    // What the application writes owes synthgen nothing.
    database.psql(
        "insert into s.purchase (customer_id, subtotal) values (1, 7);
         insert into s.purchase_line select max(purchase_id), 1, 1, 2, 3, 5 from s.purchase",
    );
    assert_eq!(invariants(""), holds("100", &all));

    database.psql("update s.purchase_line set line_total = line_total + 1 where (purchase_id, line_no) in ((1, 1), (51, 1))");
    let broken = |purchases: &str, lines: &str, count: u32| {
        format!("derived: s.purchase.\"subtotal\"|{purchases}|{count}\nderived: s.purchase_line.\"line_total\"|{lines}|{count}")
    };
    assert_eq!(invariants(""), broken("100", &all, 2));
    assert_eq!(invariants(", 1"), broken("50", &first, 1));
}

#[test]
fn a_sequence_that_may_not_be_read_is_told_and_ends_nothing() {
    let database = Cluster::shared().fresh_database("verify_sequences");
    database.psql(&format!(
        "{TRADE}; drop role if exists verify_sequences; create role verify_sequences login; grant usage on schema s to verify_sequences;
         grant select, insert on all tables in schema s to verify_sequences; grant usage on all sequences in schema s to verify_sequences"
    ));
    let mut client = database.connect_as("verify_sequences");
    client.batch_execute("select from synthgen.generate('s')").expect("these rights are enough to fill it");

    let rows = client
        .query("select kind, verdict, count(*), min(detail) from synthgen.verify('s') group by 1, 2 having verdict <> 'holds'", &[])
        .expect("verify goes on");

    let told: Vec<(String, String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!(told, [("sequence".to_owned(), "untouched".to_owned(), 3)]);
    let detail: String = rows[0].get(3);
    assert_eq!(detail, "not checked: permission denied for sequence customer_customer_id_seq; SELECT on it is needed");
}
