//! Calls into tables that hold rows: of earlier calls, of the application, of both.

use postgres::error::DbError;

use crate::support::Database;
use crate::support::sample::{self, AS_OF, breaches, fill_shop};

/// Rows of the tables that calls name, and of all of them together.
fn counts(database: &Database) -> String {
    database.psql(
        r#"select (select count(*) from ecommerce."user"), (select count(*) from ecommerce.product),
           (select count(*) from ecommerce."order"), (select count(*) from ecommerce.product_review)"#,
    )
}

fn total(database: &Database) -> String {
    database.psql(
        "select sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', oid::regclass), false, true, '')))[1]::text::bigint)
         from pg_class where relnamespace = 'ecommerce'::regnamespace and relkind = 'r'",
    )
}

fn refusal(database: &Database, statement: &str) -> DbError {
    let error = database.connect().batch_execute(statement).expect_err(statement);
    error.as_db_error().unwrap_or_else(|| panic!("{statement}: {error}")).clone()
}

/// What plain SQL finds, but for keys that follow time: they do within a run.
fn broken(database: &Database) -> Vec<String> {
    breaches(database, "tests/sql/ecommerce_checks.sql").into_iter().filter(|line| !line.starts_with("order: ")).collect()
}

/// The same, where users were there before: one is not changed for the sake of a new order.
fn broken_but_for_logins(database: &Database) -> Vec<String> {
    broken(database).into_iter().filter(|line| !line.starts_with("time: user.last_login_date")).collect()
}

#[test]
fn a_second_call_adds_rows_that_collide_with_none() {
    let database = sample::shop("append_second");
    database.psql(&fill_shop(200, ""));

    database.psql(&format!(
        "select * from synthgen.generate('ecommerce', users => 50, products => 60, orders => 100, reviews => 30, as_of => '{AS_OF}')"
    ));

    assert_eq!(counts(&database), "250|560|1100|330");
    assert_eq!(broken(&database), Vec::<String>::new());
    let violated = "select object, violations, detail from synthgen.verify('ecommerce') where verdict = 'violated'";
    assert_eq!(database.psql(violated), "");
    let late = r#"select count(*) from (select order_date < lag(order_date) over (order by order_id) as late
        from ecommerce."order" where order_id > 1000) o where late"#;
    assert_eq!(database.psql(late), "0", "within the run keys follow time");
}

#[test]
fn a_count_for_one_table_leaves_those_above_it_alone() {
    let database = sample::shop("append_orders");
    database.psql(&fill_shop(200, ""));
    let others = "select (select count(*) from ecommerce.user_address), (select count(*) from ecommerce.product_variant),
        (select count(*) from ecommerce.promotion), (select count(*) from ecommerce.email_subscription),
        (select count(*) from ecommerce.shopping_cart), (select count(*) from ecommerce.wish_list_item)";
    let before = database.psql(others);

    let grown = database.psql(&format!(
        "select string_agg(table_name, ' ' order by table_name) from synthgen.generate('ecommerce', orders => 100, as_of => '{AS_OF}') where inserted > 0"
    ));

    assert_eq!(counts(&database).split('|').take(3).collect::<Vec<_>>(), ["200", "500", "1100"], "{grown}");
    assert_eq!(database.psql(others), before);
    assert_eq!(broken_but_for_logins(&database), Vec::<String>::new());
    assert_eq!(
        database
            .psql(r#"select count(*) from ecommerce."order" o left join ecommerce.order_item i using (order_id) where i.order_id is null"#),
        "0"
    );
}

#[test]
fn the_applications_next_row_of_every_table_does_not_collide() {
    let database = sample::shop("append_sequences");
    database.psql(&fill_shop(200, ""));

    // Every sequence gives a key that its table has not.
    let collisions = database.psql(
        "create function pg_temp.collides(relation text, key text) returns bigint language plpgsql as $$
         declare found bigint; begin
             execute format('select count(*) from %s where %I = %s', relation, key, nextval(pg_get_serial_sequence(relation, key))) into found;
             return found;
         end $$;
         select string_agg(relation || '.' || key, ' ') filter (where pg_temp.collides(relation, key) > 0), count(*) from (
             select a.attrelid::regclass::text as relation, a.attname::text as key from pg_attribute a join pg_class c on c.oid = a.attrelid
             where c.relnamespace = 'ecommerce'::regnamespace and a.attidentity <> '') k",
    );

    assert_eq!(collisions, "|33");
}

#[test]
fn what_the_application_wrote_is_used_and_not_added_to() {
    let database = sample::shop("append_foreign");
    let users = format!(
        "select * from synthgen.generate('ecommerce', users => 40, as_of => '{AS_OF}', include => array['user', '*_status', '*_role']);"
    );
    database.psql(&format!("{users}\n{FOREIGN_USER}"));
    let before = total(&database);

    let error = refusal(&database, &fill_shop(200, ""));

    assert_eq!(error.code().code(), "55000", "{error:?}");
    assert_eq!(error.message(), "table ecommerce.\"user\" gets no rows, but a count was given for it");
    assert!(error.detail().is_some_and(|detail| detail.contains("1 of its 41 rows")), "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("existing => 'append'")), "{error:?}");
    assert_eq!((total(&database), database.psql("select count(*) from synthgen.run")), (before, "1".to_owned()));

    database
        .psql(&format!("select * from synthgen.generate('ecommerce', products => 50, orders => 100, reviews => 20, as_of => '{AS_OF}')"));
    assert_eq!(counts(&database), "41|50|100|20");
    assert_eq!(broken_but_for_logins(&database), Vec::<String>::new());
    assert_eq!(database.psql(r#"select count(*) from ecommerce."user" u where email = 'ada@corp.example' and u.first_name = 'Ada'"#), "1");
}

/// A user that the application made.
const FOREIGN_USER: &str = r#"insert into ecommerce."user" (email, password_hash, first_name, last_name, user_status_id, user_role_id, registration_date, created_at, updated_at)
    select 'ada@corp.example', 'x', 'Ada', 'Lovelace', min(user_status_id), (select min(user_role_id) from ecommerce.user_role),
           '2025-01-05', '2025-01-05', '2025-01-05' from ecommerce.user_status;"#;

#[test]
fn append_adds_beside_the_applications_rows() {
    let database = sample::shop("append_append");
    database.psql(&format!("{}\n{}", fill_shop(40, ""), FOREIGN_USER));

    database.psql(&format!("select * from synthgen.generate('ecommerce', users => 30, existing => 'append', as_of => '{AS_OF}')"));

    assert_eq!(counts(&database).split('|').next(), Some("71"));
    let violated = "select object, violations, detail from synthgen.verify('ecommerce') where verdict = 'violated'";
    assert_eq!(database.psql(violated), "");
}

#[test]
fn appending_again_and_again_collides_with_nothing() {
    let database = sample::shop("append_five");
    let call = |arguments: &str| {
        database.psql(&format!(
            "select table_name || ' ' || verdict || ' ' || detail from synthgen.generate('ecommerce', as_of => '{AS_OF}'{arguments})
             where verdict not in ('filled', 'existing', 'skipped')"
        ))
    };

    for seed in [42, 42, 7, 42, 99] {
        let odd = call(&format!(", users => 30, products => 25, orders => 40, reviews => 10, existing => 'append', seed => {seed}"));
        assert_eq!(odd, "", "seed {seed}");
    }
    assert_eq!(counts(&database), "150|125|200|50");
    assert_eq!(broken(&database), Vec::<String>::new());

    // New rows under rows that are there, beside their children; without counts; with another seed.
    for arguments in [
        r#", rows => '{"promotion_product": 60, "related_product": 40, "wish_list_item": 30, "order_promotion": 20, "user_address": 25}', existing => 'append'"#,
        r#", rows => '{"promotion_product": 60, "promotion_category": 30, "shopping_cart_item": 30}', existing => 'append', seed => 3"#,
        ", rows_default => 12",
        ", rows_default => 12",
        ", users => 20, seed => 11",
        ", orders => 20, reviews => 5, seed => 12",
    ] {
        assert_eq!(call(arguments), "", "{arguments}");
    }
    let violated = "select object, violations, detail from synthgen.verify('ecommerce') where verdict = 'violated'";
    let kept: Vec<String> =
        database.psql(violated).lines().filter(|line| !line.starts_with("derived: ecommerce.\"order\".")).map(str::to_owned).collect();
    assert_eq!(kept, Vec::<String>::new(), "only sums of orders that got another promotion differ");
}

#[test]
fn unique_numbers_and_words_go_round_those_that_are_there() {
    let database = crate::support::Cluster::shared().fresh_database("append_unique");
    database.psql(
        "create schema s;
         create table s.slot (slot_id int generated always as identity primary key, n smallint not null unique check (n between 1 and 50),
             code varchar(30) not null unique);
         create table s.pass (pass_id int generated always as identity primary key, slot_id int not null unique references s.slot);
         create table s.line (slot_id int not null references s.slot, line_no int not null, kind text not null check (kind in ('a', 'b', 'c')),
             primary key (slot_id, line_no), unique (slot_id, kind));
         insert into s.slot (n, code) values (7, 'x'), (50, 'y')",
    );

    for (seed, rows) in [(1, 8), (2, 20), (1, 20)] {
        database.psql(&format!(
            r#"select from synthgen.generate('s', rows => '{{"slot": {rows}, "pass": {rows}, "line": {rows}}}', existing => 'append', seed => {seed})"#
        ));
    }
    assert_eq!(database.psql("select count(*), count(distinct n), min(n), max(n) from s.slot"), "50|50|1|50");
    database.psql(r#"select from synthgen.generate('s', rows => '{"pass": 2, "line": 60}', existing => 'append', seed => 9)"#);

    assert_eq!(database.psql("select (select count(*) from s.pass), (select count(distinct slot_id) from s.pass)"), "50|50");
    let line =
        database.psql("select count(*), max(line_no) <= 3, count(*) filter (where line_no = 1) = count(distinct slot_id) from s.line");
    assert_eq!(line, "108|t|t", "numbers go on after those that are there");
    let error = refusal(&database, r#"select from synthgen.generate('s', rows => '{"pass": 1}', existing => 'append')"#);
    assert_eq!((error.code().code(), error.message()), ("22023", "cannot make 1 rows for s.pass"), "{error:?}");
}
