//! Keys that are more than one column with one sequence: shared sequences, composite keys, keys that share columns.

use crate::support::{Cluster, Database};

fn schema(name: &str, sql: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(&format!("create schema s; {sql}"));
    database
}

fn problems(database: &Database) -> String {
    database.psql("select kind, object, violations, detail from synthgen.verify('s') where verdict = 'violated'")
}

#[test]
fn columns_that_share_a_sequence_take_their_keys_one_block_after_the_other() {
    let database = schema(
        "keys_shared",
        "create sequence s.ids increment 3 start 10;
         create table s.kind (kind_id bigint primary key default nextval('s.ids'), label text not null unique);
         create table s.a (a_id bigint primary key default nextval('s.ids'), other bigint not null unique default nextval('s.ids'),
             kind_id bigint not null references s.kind, t text not null);
         create table s.b (b_id int primary key default nextval('s.ids'), a_id bigint not null references s.a)",
    );
    database.psql("select from synthgen.load_reference('s', E'# [kind]\\nlabel\\none\\ntwo\\n')");
    let all = "select kind_id from s.kind union all select a_id from s.a union all select other from s.a union all select b_id from s.b";

    for (call, rows) in [(1, 2 + 20 + 20 + 30), (2, 2 + 40 + 40 + 60)] {
        database.psql(r#"select from synthgen.generate('s', rows => '{"a": 20, "b": 30}')"#);
        let found = database.psql(&format!("select count(*), count(distinct kind_id), bool_and((kind_id - 10) % 3 = 0) from ({all}) k"));
        assert_eq!(found, format!("{rows}|{rows}|t"), "call {call}");
    }

    assert_eq!(database.psql(&format!("select nextval('s.ids') > max(kind_id) from ({all}) k")), "t");
    assert_eq!(problems(&database), "");
    let noted = "select count(*) from s.b where exists (select from synthgen.run_key k where k.table_name = 's.b' and b_id between first_key and last_key)";
    assert_eq!(database.psql(noted), "60", "the ledger knows the keys");
}

#[test]
fn foreign_keys_that_share_a_column_agree_on_it() {
    let database = schema(
        "keys_composite",
        "create table s.tenant (tenant_id int generated always as identity primary key, name text not null);
         create table s.customer (tenant_id int not null references s.tenant, customer_id int not null, name text not null,
             primary key (tenant_id, customer_id));
         create table s.product (tenant_id int not null references s.tenant, product_id int not null, title text not null,
             primary key (tenant_id, product_id));
         create table s.purchase (tenant_id int not null, purchase_id int generated always as identity, customer_id int not null,
             parent_id int, purchased_at timestamptz not null default now(), primary key (tenant_id, purchase_id),
             foreign key (tenant_id, customer_id) references s.customer, foreign key (tenant_id, parent_id) references s.purchase,
             foreign key (tenant_id) references s.tenant);
         create table s.line (tenant_id int not null, purchase_id int not null, line_no int not null, product_id int not null,
             gift_for int, quantity int not null check (quantity > 0), primary key (tenant_id, purchase_id, line_no),
             foreign key (tenant_id, purchase_id) references s.purchase, foreign key (tenant_id, product_id) references s.product,
             foreign key (tenant_id, gift_for) references s.customer (tenant_id, customer_id))",
    );

    let call = r#"select table_name, inserted, verdict, detail from synthgen.generate('s', rows => '{"tenant": 5, "customer": 60, "product": 40, "purchase": 200, "line": 500}')"#;
    let summary = database.psql(call);

    assert_eq!(summary.lines().filter(|line| line.contains("|filled|")).count(), 5, "{summary}");
    assert_eq!(problems(&database), "");
    assert_eq!(database.psql("select count(distinct tenant_id) > 2, count(gift_for) between 1 and 499 from s.line"), "t|t");
    assert_eq!(database.psql("select count(parent_id) > 10 from s.purchase"), "t");
    let second = database.psql(&call.replace("generate('s'", "generate('s', existing => 'append', seed => 5"));
    assert_eq!((second.lines().filter(|line| line.contains("|filled|")).count(), problems(&database)), (5, String::new()), "{second}");
}

#[test]
fn a_shared_column_follows_the_owner_where_no_table_of_its_own_binds_it() {
    let database = schema(
        "keys_composite_loose",
        "create table s.warehouse (region text not null check (region in ('north', 'south', 'east')), warehouse_id int not null, name text not null,
             primary key (region, warehouse_id));
         create table s.driver (region text not null check (region in ('north', 'south', 'east')), driver_id int not null, full_name text not null,
             primary key (region, driver_id));
         create table s.trip (trip_id int generated always as identity primary key, region text not null, warehouse_id int not null,
             driver_id int, foreign key (region, warehouse_id) references s.warehouse, foreign key (region, driver_id) references s.driver)",
    );

    let summary = database.psql(
        r#"select table_name, inserted, verdict, detail from synthgen.generate('s', rows => '{"warehouse": 12, "driver": 20, "trip": 300}')"#,
    );

    assert_eq!(summary.lines().filter(|line| line.contains("|filled|")).count(), 3, "{summary}");
    assert_eq!(problems(&database), "");
    assert_eq!(database.psql("select count(distinct region) > 1, count(driver_id) > 100 from s.trip"), "t|t");
}

#[test]
fn siblings_have_no_more_partners_than_were_laid_out() {
    let database = Cluster::shared().fresh_database("keys_few_partners");
    database.psql(
        "create schema m; create table m.department (id serial primary key);
         create table m.course (id serial primary key, department_id int not null references m.department);
         create table m.term (id serial primary key);
         create table m.section (id serial primary key, course_id int not null references m.course, term_id int not null references m.term,
                                 unique (course_id, term_id));
         create table m.student (id serial primary key);
         create table m.enrollment (student_id int references m.student, section_id int references m.section, primary key (student_id, section_id))",
    );

    database.psql(r#"select from synthgen.generate('m', rows => '{"department": 8, "student": 150, "enrollment": 500}')"#);

    // Fewer sections were made than the plan expected, and still each student's differ.
    assert_eq!(database.psql("select count(*), count(distinct section_id) = (select count(*) from m.section) from m.enrollment"), "500|t");
}

#[test]
fn a_day_that_a_sibling_has_is_another_day() {
    let database = schema(
        "keys_days",
        "create table s.pupil (id serial primary key, first_name text not null);
         create table s.presence (id serial primary key, pupil_id int not null references s.pupil, day date not null, unique (pupil_id, day));
         create table s.tenant (id serial primary key, name text not null, created_at timestamptz not null);
         create table s.used (id serial primary key, tenant_id int not null references s.tenant, metric text not null check (metric in ('a', 'b', 'c')),
             period_start date not null, period_end date not null check (period_end > period_start), unique (tenant_id, metric, period_start))",
    );
    let rows = r#"{"pupil": 200, "presence": 3000, "tenant": 40, "used": 500}"#;
    let made = database.psql(&format!("select sum(inserted) from synthgen.generate('s', rows => '{rows}')"));
    assert_eq!(made, "3740");
    let per_pupil = "select max(n) <= 150 from (select count(*) n from s.presence group by pupil_id) x";
    assert_eq!(database.psql(per_pupil), "t");
    assert_eq!(
        database.psql(
            "select count(distinct metric) = 3 and max(n) > 3 from (select metric, count(*) over (partition by tenant_id) n from s.used) x"
        ),
        "t"
    );
    assert_eq!(problems(&database), "");
}
