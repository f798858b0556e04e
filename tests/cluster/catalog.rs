//! Reading catalogs and what tables hold, from a real server.

use synthgen::engine::catalog::{self, Catalog, Table, TypeKind};
use synthgen::engine::error::Error;
use synthgen::engine::port::{CopyTarget, Database as _, RowSink, RowSource};
use synthgen::engine::survey;
use synthgen::engine::value::Value;

use crate::support::{Cluster, Database, Wire, repository_file};

fn zoo(name: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database(name);
    database.psql(&repository_file("tests/sql/catalog_zoo.sql"));
    database
}

fn read(database: &Database, target: &str) -> Catalog {
    catalog::read(&mut Wire::new(database.connect()), target).unwrap_or_else(|error| panic!("{target}: {error:?}"))
}

fn table<'a>(catalog: &'a Catalog, name: &str) -> &'a Table {
    &catalog.tables[catalog.table_named(name).unwrap_or_else(|error| panic!("{error:?}"))]
}

fn code(error: &Error) -> &str {
    match error {
        Error::Report(report) => report.sqlstate,
        Error::Database(error) => &error.sqlstate,
        Error::Cancelled => "57014",
        Error::Paused => "00000",
    }
}

#[test]
fn lists_what_can_be_filled_and_says_what_is_left_out() {
    let database = zoo("catalog_list");
    let catalog = read(&database, "zoo, \"Odd, Name\"");

    let inside: Vec<&str> = catalog.tables.iter().filter(|table| table.in_target).map(|table| table.qualified.as_str()).collect();
    let expected = [
        "zoo.\"Quoted \"\"Table\"\"\"",
        "zoo.base",
        "zoo.booking",
        "zoo.derived",
        "zoo.empty_of_columns",
        "zoo.event",
        "zoo.event_note",
        "zoo.far",
        "zoo.kinds",
        "zoo.lot",
        "zoo.migrations",
        "zoo.secret",
        "\"Odd, Name\".thing",
    ];
    assert_eq!(inside, expected);
    let outside: Vec<&str> = catalog.tables.iter().filter(|table| !table.in_target).map(|table| table.qualified.as_str()).collect();
    assert_eq!(outside, ["outside.region"]);
    let skipped: Vec<(&str, &str)> = catalog.skipped.iter().map(|skipped| (skipped.name.as_str(), skipped.reason.as_str())).collect();
    let bookkeeping = "bookkeeping of migrations (Rails and golang-migrate)";
    assert_eq!(skipped, [("zoo.of_extension", "belongs to extension pg_buffercache"), ("zoo.schema_migrations", bookkeeping)]);
}

#[test]
fn tells_the_kinds_of_columns_apart() {
    let database = zoo("catalog_kinds");
    let catalog = read(&database, "zoo");
    let kinds = table(&catalog, "kinds");
    let column = |name: &str| &kinds.columns[kinds.column_named(name).expect("the column is there")];
    let kind = |name: &str| column(name).data_type.kind.clone();
    let mood = TypeKind::Enum { labels: vec!["sad".into(), "it's ok".into(), "happy".into()] };

    assert_eq!(kind("amount"), TypeKind::Numeric { precision: Some(12), scale: Some(3) });
    assert_eq!(kind("mood"), mood);
    assert_eq!(kind("moods"), TypeKind::Array { element: Box::new(mood) });
    assert_eq!(kind("codes"), TypeKind::Array { element: Box::new(TypeKind::Varchar { length: Some(8) }) });
    assert_eq!(kind("nick"), TypeKind::Text);
    assert_eq!(kind("at"), TypeKind::Timestamp { zoned: true, precision: Some(3) });
    assert_eq!(kind("bits"), TypeKind::Bits { length: Some(4), varying: true });
    assert_eq!(column("nick").collation.as_deref(), Some("pg_catalog.\"C\""));
    assert_eq!(column("at").comment.as_deref(), Some("When, to the millisecond"));
    assert_eq!((column("at").number, kinds.column_named("at").expect("it is there")), (16, 13));
    assert!(column("doubled").generated);

    let score = column("score");
    assert_eq!(kind("score"), TypeKind::Integer { bytes: 4 });
    let domains: Vec<&str> = score.data_type.domains.iter().map(|domain| domain.name.as_str()).collect();
    assert_eq!(domains, ["zoo.small_positive", "zoo.positive"]);
    assert_eq!(score.data_type.domains[1].checks[0].expression, "(VALUE > 0)");
    assert!(score.not_null && score.default.as_deref() == Some("7"));
}

#[test]
fn finds_the_sequences_behind_identity_serial_and_default() {
    let database = zoo("catalog_sequences");
    let catalog = read(&database, "zoo");
    let sequence = |table_name: &str, column: &str| {
        let table = table(&catalog, table_name);
        table.columns[table.column_named(column).expect("it is there")]
            .sequence
            .as_ref()
            .map(|sequence| (sequence.name.clone(), sequence.increment))
    };
    assert_eq!(sequence("kinds", "id"), Some(("zoo.kinds_id_seq".into(), 5)));
    assert_eq!(sequence("kinds", "serial_number"), Some(("zoo.kinds_serial_number_seq".into(), 1)));
    assert_eq!(sequence("lot", "first"), Some(("zoo.lot_sequence".into(), 10)));
    assert_eq!(sequence("lot", "label"), None);
    assert_eq!(sequence("event", "id"), Some(("zoo.event_id_seq".into(), 1)));
}

#[test]
fn reads_keys_references_checks_and_triggers() {
    let database = zoo("catalog_keys");
    let catalog = read(&database, "zoo");
    let lot = table(&catalog, "lot");

    assert_eq!(lot.primary_key.as_ref().expect("it has one").columns, [1, 0]);
    let unique: Vec<_> = lot.unique_keys.iter().map(|key| (key.name.as_str(), key.columns.as_slice(), key.predicate.as_deref())).collect();
    let expected: [(&str, &[usize], Option<&str>); 4] = [
        ("lot_deferred", &[3], None),
        ("lot_label", &[2], None),
        ("lot_one_default", &[], Some("valid")),
        ("lot_state", &[], Some("valid")),
    ];
    assert_eq!(unique, expected);
    assert_eq!(lot.unique_keys[3].expressions, ["lower(state)", "second"]);
    assert!(lot.unique_keys[0].deferrable);

    let key = &lot.foreign_keys[0];
    assert_eq!((key.columns.as_slice(), key.referenced_columns.as_slice()), ([4, 3].as_slice(), [1, 0].as_slice()));
    assert!(key.match_full && key.deferrable && !key.mandatory);
    let quoted = table(&catalog, "Quoted \"Table\"");
    assert_eq!(catalog.tables[quoted.foreign_keys[0].referenced_table].qualified, "outside.region");
    assert!(quoted.foreign_keys[0].mandatory);

    let checks: Vec<&str> = lot.checks.iter().map(|check| check.expression.as_str()).collect();
    assert_eq!(checks, ["(zoo.lower(state) <> 'x'::text)", "(first <> second)"]);
    assert_eq!(table(&catalog, "derived").checks.len(), 1);
    let triggers: Vec<_> = lot.triggers.iter().map(|trigger| (trigger.name.as_str(), trigger.before, trigger.each_row)).collect();
    assert_eq!(triggers, [("lot_after", false, false), ("lot_before", true, true)]);
    assert_eq!(table(&catalog, "booking").exclusions[0].definition, "EXCLUDE USING gist (during WITH &&)");
}

#[test]
fn notes_partitions_on_their_parent() {
    let database = zoo("catalog_partitions");
    let catalog = read(&database, "zoo");
    let event = table(&catalog, "event");
    let partitioning = event.partitioning.as_ref().expect("it is partitioned");

    assert_eq!((partitioning.strategy.as_str(), partitioning.columns.as_slice()), ("list", [1].as_slice()));
    let names: Vec<&str> = partitioning.partitions.iter().map(|partition| partition.name.as_str()).collect();
    assert_eq!(names, ["zoo.event_a_2024", "zoo.event_a_2025", "zoo.event_rest"]);
    let condition = partitioning.partitions[0].condition.as_deref().expect("it takes some rows only");
    assert!(condition.contains("ARRAY['a'::text, 'b'::text]") && condition.contains("'2024-01-01'::date"), "{condition}");
    let triggers: Vec<&str> = event.triggers.iter().map(|trigger| trigger.name.as_str()).collect();
    assert_eq!(triggers, ["everywhere", "leaf_only"]);
    assert_eq!(event.foreign_keys.len(), 1);
}

#[test]
fn refuses_targets_that_hold_nothing() {
    let database = zoo("catalog_refusals");
    database.psql("create schema bare; create schema only_books; create table only_books.alembic_version (version_num text)");
    let mut wire = Wire::new(database.connect());

    let error = catalog::read(&mut wire, "zo").expect_err("there is no such schema");
    assert!(matches!(&error, Error::Report(report) if report.hint.as_deref() == Some("Did you mean \"zoo\"?")), "{error:?}");
    assert_eq!(code(&error), "3F000");
    for target in ["bare", "only_books"] {
        assert_eq!(code(&catalog::read(&mut wire, target).expect_err("nothing can be filled")), "55000", "{target}");
    }
    assert!(catalog::read(&mut wire, "bare, zoo").is_ok());
}

#[test]
fn knows_what_the_current_role_may_do() {
    let database = zoo("catalog_rights");
    database.psql(
        "drop role if exists catalog_keeper; create role catalog_keeper login;
         grant usage on schema zoo to catalog_keeper;
         grant insert, select on zoo.secret, zoo.base to catalog_keeper;
         grant insert (id, extra) on zoo.derived to catalog_keeper;
         grant insert (id, size, extra) on zoo.derived to catalog_keeper",
    );
    let mut wire = Wire::new(database.connect_as("catalog_keeper"));
    let catalog = catalog::read(&mut wire, "zoo").expect("it may use the schema");
    let rights = |name: &str| {
        let table = table(&catalog, name);
        (table.may_insert, table.may_select, table.is_owner, table.row_security)
    };
    assert_eq!(rights("secret"), (true, true, false, true));
    assert_eq!(rights("base"), (true, true, false, false));
    assert_eq!(rights("derived"), (true, false, false, false));
    assert_eq!(rights("lot"), (false, false, false, false));

    let survey = survey::read(&mut wire, &catalog).expect("what may not be read is left out");
    let lot = catalog.table_named("lot").expect("it is there");
    assert_eq!(survey.tables[lot].rows, None);
    let missing: Vec<String> = survey::privileges(&catalog, &survey, lot).iter().map(ToString::to_string).collect();
    assert_eq!(missing, ["permission denied for table lot", "permission denied for sequence zoo.lot_sequence"]);

    database.psql("revoke usage on schema zoo from catalog_keeper");
    let mut wire = Wire::new(database.connect_as("catalog_keeper"));
    assert_eq!(code(&catalog::read(&mut wire, "zoo").expect_err("it may not use the schema")), "42501");
}

#[test]
fn surveys_rows_keys_and_sequences() {
    let database = zoo("catalog_survey");
    database.psql(
        "insert into zoo.lot (first, second, valid) values (40, 1, true), (30, 2, false);
         insert into zoo.derived (id) select generate_series(1, 3); insert into zoo.base (id) values (9);
         insert into zoo.event (kind, at) values ('a', '2024-05-05'), ('z', '2030-01-01')",
    );
    let mut wire = Wire::new(database.connect());
    let catalog = catalog::read(&mut wire, "zoo").expect("the catalog can be read");

    let survey = survey::read(&mut wire, &catalog).expect("the tables can be counted");

    let place = |name: &str| catalog.table_named(name).expect("it is there");
    assert_eq!(survey.tables[place("base")].rows, Some(1));
    assert_eq!(survey.tables[place("event")].rows, Some(2));
    assert_eq!(survey.tables[place("far")].rows, None);
    let lot = survey.sequence(place("lot"), 0).expect("it has a sequence");
    // The default of another column drew 20 and 30.
    assert_eq!((lot.furthest, lot.next), (Some(40), Some(40)));
    let event = survey.sequence(place("event"), 0).expect("it has a sequence");
    assert_eq!((event.furthest, event.next), (Some(2), Some(3)));
}

#[test]
fn reserves_blocks_beyond_the_keys_that_are_there() {
    let database = zoo("catalog_reserve");
    database.psql("drop role if exists catalog_drawer; create role catalog_drawer login; grant usage on schema zoo to catalog_drawer");
    let catalog = read(&database, "zoo");
    let sequence = table(&catalog, "lot").columns[0].sequence.clone().expect("it has a sequence");
    let mut owner = Wire::new(database.connect());

    assert_eq!(survey::reserve(&mut owner, &sequence, 2, None).expect("it fits"), 20);
    assert_eq!(survey::reserve(&mut owner, &sequence, 2, Some(95)).expect("it fits"), 100);
    assert_eq!(database.psql("select nextval('zoo.lot_sequence')"), "120");
    let error = survey::reserve(&mut owner, &sequence, 100, None).expect_err("it ends at 1000");
    assert_eq!(code(&error), "2200H");
    assert_eq!(database.psql("select nextval('zoo.lot_sequence')"), "130");

    let mut drawer = Wire::new(database.connect_as("catalog_drawer"));
    assert_eq!(code(&survey::reserve(&mut drawer, &sequence, 2, None).expect_err("it may not")), "42501");
    database.psql("grant usage on sequence zoo.lot_sequence to catalog_drawer");
    assert_eq!(survey::reserve(&mut drawer, &sequence, 3, Some(171)).expect("it may draw"), 180);
    assert_eq!(database.psql("select nextval('zoo.lot_sequence')"), "210");
}

#[test]
fn reads_stored_rows_evenly_spread_and_typed() {
    let database = zoo("catalog_rows");
    database.psql(
        "set timezone = 'Asia/Tokyo'; set datestyle = 'German';
         insert into zoo.kinds (amount, at, mood, score) select n, '2024-03-01 00:00:00+00', 'it''s ok', 5 from generate_series(1, 1000) as n",
    );
    let mut wire = Wire::new(database.connect());
    let catalog = catalog::read(&mut wire, "zoo").expect("the catalog can be read");
    let place = catalog.table_named("kinds").expect("it is there");
    let columns: Vec<usize> =
        ["id", "at", "mood", "rate"].map(|name| catalog.tables[place].column_named(name).expect("it is there")).into();

    let few = survey::rows(&mut wire, &catalog, place, &columns, 4).expect("it may be read");
    let keys: Vec<&Value> = few.rows.iter().map(|row| &row[0]).collect();
    assert_eq!((few.total, keys), (1000, vec![&Value::Int(1345), &Value::Int(2595), &Value::Int(3845), &Value::Int(5095)]));
    let moment = 762_566_400_000_000;
    assert_eq!(few.rows[0][1..], [Value::Stamp(moment), Value::text("it's ok"), Value::Null]);

    let all = survey::rows(&mut wire, &catalog, place, &columns[..1], 1000).expect("it may be read");
    assert_eq!((all.rows.len(), &all.rows[999][0]), (1000, &Value::Int(5095)));
    for limit in [1, 7, 333, 999] {
        let some = survey::rows(&mut wire, &catalog, place, &[], limit).expect("it may be read");
        assert_eq!(some.rows.len() as u64, limit);
    }
}

#[test]
fn reads_five_hundred_tables_in_seconds() {
    let database = Cluster::shared().fresh_database("catalog_many");
    let columns: Vec<String> = (0..10).map(|n| format!(", c{n} varchar(50) not null default 'x' check (length(c{n}) > 0)")).collect();
    let columns = columns.concat();
    let tables = (0..500).map(|n| format!("create table t{n} (id serial primary key, parent int references t{}{columns});", n / 2));
    database.psql(&tables.collect::<String>());
    let mut wire = Wire::new(database.connect());

    let start = std::time::Instant::now();
    let catalog = catalog::read(&mut wire, "public").expect("the catalog can be read");
    let read = start.elapsed();
    survey::read(&mut wire, &catalog).expect("the tables can be counted");

    assert_eq!(catalog.tables.len(), 500);
    assert!(read.as_secs_f64() < 5.0, "{read:?}, {:?} with the survey", start.elapsed());
    println!("500 tables: {read:?}, with the survey {:?}", start.elapsed());
}

/// Rows given beforehand, in one piece.
struct Given(Option<&'static str>);

impl RowSource for Given {
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<u64, Error> {
        let Some(rows) = self.0.take() else { return Ok(0) };
        buffer.extend_from_slice(rows.as_bytes());
        Ok(rows.lines().count() as u64)
    }
}

#[test]
fn rows_go_in_by_copy_and_a_refusal_names_its_line() {
    let database = zoo("catalog_copy");
    let mut wire = Wire::new(database.connect());
    let catalog = catalog::read(&mut wire, "zoo").expect("the catalog can be read");
    let base = table(&catalog, "base");
    let target = CopyTarget { oid: base.oid, name: base.qualified.clone(), columns: vec!["id".into(), "size".into()] };

    assert_eq!(wire.copy(&target, &mut Given(Some("1\t10\n2\t\\N\n"))).expect("both rows are right"), 2);
    wire.savepoint().expect("a savepoint can be opened");
    let refused = wire.copy(&target, &mut Given(Some("3\t10\n4\t-1\n"))).expect_err("the second row is not");
    wire.rollback().expect("a savepoint can be undone");

    let Error::Database(refused) = refused else { panic!("{refused:?}") };
    assert_eq!((refused.line, refused.constraint.as_deref()), (Some(2), Some("base_size_check")));
    let place = catalog.table_named("base").expect("it is there");
    let stored = survey::rows(&mut wire, &catalog, place, &[0, 1], 10).expect("it may be read");
    assert_eq!(stored.rows, [[Value::Int(1), Value::Int(10)], [Value::Int(2), Value::Null]]);
}
