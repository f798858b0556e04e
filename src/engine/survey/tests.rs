//! What the survey asks and what it makes of the answers; a real server is asked in tests/cluster/catalog.rs.

use super::*;
use crate::engine::catalog::{Column, DataType, ForeignKey, Key, Sequence, TypeKind};
use crate::engine::fake_database::FakeDatabase;
use crate::engine::port::DatabaseError;
use crate::engine::value::Value;

fn sequence(increment: i64) -> Sequence {
    let (minimum, maximum) = if increment < 0 { (-100, -1) } else { (1, 100) };
    Sequence { name: "a.s".into(), oid: 7, increment, minimum, maximum, start: increment.signum() }
}

fn column(name: &str, sequence: Option<Sequence>) -> Column {
    let data_type = DataType { kind: TypeKind::Integer { bytes: 4 }, ..DataType::default() };
    Column { name: name.into(), data_type, not_null: true, sequence, ..Column::default() }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    let key =
        Key { name: "key".into(), columns: vec![0], expressions: vec![], predicate: None, nulls_not_distinct: false, deferrable: false };
    Table {
        name: name.into(),
        qualified: format!("a.{name}"),
        kind: "r".into(),
        in_target: true,
        may_select: true,
        may_insert: true,
        primary_key: Some(key),
        columns,
        ..Table::default()
    }
}

fn catalog() -> Catalog {
    let first = table("first", vec![column("i", Some(sequence(1))), column("Odd \"one\"", None)]);
    let second = table("second", vec![column("j", Some(sequence(-2)))]);
    Catalog { tables: vec![first, second], ..Catalog::default() }
}

fn state(error: Error) -> String {
    match error {
        Error::Report(report) => format!("{} {} {}", report.sqlstate, report.message, report.detail.unwrap_or_default()),
        other => format!("{other:?}"),
    }
}

#[test]
fn counts_and_sequences_are_read_in_few_statements() {
    let mut database = FakeDatabase::default()
        .answer(&[&["\"me\""]])
        .answer(&[&["0", "[12, 40]"], &["1", "[0, null]"]])
        .answer(&[&["0", "t", "t", "t", "40"], &["1", "f", "f", "t", ""]])
        .answer(&[&["0", "40", "t"]]);

    let survey = read(&mut database, &catalog()).unwrap();

    assert_eq!(survey.user, "me");
    assert_eq!(survey.tables[0].rows, Some(12));
    let expected = SequenceSurvey { column: 0, furthest: Some(40), next: Some(41), may_set: true, may_draw: true };
    assert_eq!(survey.sequence(0, 0), Some(&expected));
    let expected = SequenceSurvey { column: 0, furthest: None, next: Some(-1), may_set: false, may_draw: true };
    assert_eq!(survey.sequence(1, 0), Some(&expected));
    assert!(database.asked[1].contains("max(\"i\")") && database.asked[1].contains("min(\"j\")"), "{}", database.asked[1]);
    assert_eq!(database.asked.len(), 4);
}

#[test]
fn a_foreign_server_that_fails_leaves_its_table_uncounted() {
    let mut catalog = catalog();
    catalog.tables.truncate(1);
    catalog.tables[0].kind = "f".into();
    catalog.tables[0].columns[0].sequence = None;
    let refusal = DatabaseError { sqlstate: "HV000".into(), ..DatabaseError::default() };
    let mut database = FakeDatabase::default().answer(&[&["\"me\""]]).fail(refusal);

    let survey = read(&mut database, &catalog).unwrap();

    assert_eq!(survey.tables[0].rows, None);
    assert_eq!(database.asked.last().map(String::as_str), Some("rollback"));
}

#[test]
fn tables_that_may_not_be_read_are_not_asked() {
    let mut catalog = catalog();
    catalog.tables.iter_mut().for_each(|table| {
        table.may_select = false;
        table.columns[0].sequence = None;
    });
    let survey = read(&mut FakeDatabase::default().answer(&[&["\"me\""]]), &catalog).unwrap();
    assert_eq!(survey.tables[0].rows, None);
    assert!(
        state(rows(&mut FakeDatabase::default(), &catalog, 0, &[0], 5).unwrap_err()).starts_with("42501 permission denied for table first")
    );
}

#[test]
fn the_farthest_key_is_that_of_all_tables_that_share_the_sequence() {
    let mut catalog = catalog();
    catalog.tables[1].columns[0].sequence = Some(sequence(1));
    let key = |furthest| TableSurvey { rows: None, sequences: vec![SequenceSurvey { furthest, ..SequenceSurvey::default() }] };
    let survey = Survey { user: String::new(), tables: vec![key(Some(3)), key(Some(9))] };
    assert_eq!(survey.furthest(&catalog, 7), Some(9));
    assert_eq!(survey.furthest(&catalog, 8), None);
    for table in &mut catalog.tables {
        table.columns[0].sequence = Some(sequence(-1));
    }
    assert_eq!(survey.furthest(&catalog, 7), Some(3));
}

#[test]
fn stored_rows_are_typed_and_ordered_by_key() {
    let mut database = FakeDatabase::default().answer(&[&["2"]]).answer(&[&["1", "8"], &["2", ""]]);

    let stored = rows(&mut database, &catalog(), 0, &[0, 1], 5).unwrap();

    assert_eq!(stored.rows, [[Value::Int(1), Value::Int(8)], [Value::Int(2), Value::Null]]);
    assert_eq!(database.asked[1], "select t.\"i\", t.\"Odd \"\"one\"\"\" from only a.first as t order by t.\"i\"");
}

#[test]
fn a_nullable_or_partial_key_orders_nothing() {
    let mut catalog = catalog();
    catalog.tables[0].columns[0].not_null = false;
    let mut database = FakeDatabase::default().answer(&[&["1"]]).answer(&[]);
    rows(&mut database, &catalog, 0, &[0], 5).unwrap();
    assert!(database.asked[1].contains("::pg_catalog.text collate"), "{}", database.asked[1]);
}

#[test]
fn a_block_that_passes_the_end_is_refused_with_the_numbers() {
    let mut database = FakeDatabase::default().answer(&[&["0", "t", "t", "t", ""]]).answer(&[&["91", "111", ""]]);
    let error = state(reserve(&mut database, &sequence(1), 21, Some(90)).unwrap_err());
    assert_eq!(error, "2200H sequence a.s reached its maximum value (100) 21 keys are needed from 91 on; there are 10, 11 too few.");
    let mut database = FakeDatabase::default().answer(&[&["0", "t", "t", "t", ""]]).answer(&[&["-97", "-105", ""]]);
    let error = state(reserve(&mut database, &sequence(-2), 5, None).unwrap_err());
    assert!(error.ends_with("there are 2, 3 too few."), "{error}");
}

#[test]
fn a_role_that_may_only_draw_gets_its_block_by_drawing() {
    let draws = || FakeDatabase::default().answer(&[&["0", "f", "f", "t", ""]]);
    // Next is 4, key 6 is there: 4 and 5, 6 are passed, then 7 begins the block of 3.
    let mut database = draws().answer(&[&["4", "4"]]).answer(&[&["5", "6"]]).answer(&[&["7", "7"]]).answer(&[&["8", "9"]]);
    assert_eq!(reserve(&mut database, &sequence(1), 3, Some(6)).unwrap(), 7);

    let mut database = draws().answer(&[&["-3", "-3"]]).answer(&[&["-7", "-5"]]);
    assert_eq!(reserve(&mut database, &sequence(-2), 3, Some(-2)).unwrap(), -3);
}

#[test]
fn a_block_with_a_gap_is_drawn_anew_but_not_for_ever() {
    let draws = || FakeDatabase::default().answer(&[&["0", "f", "f", "t", ""]]);
    let mut database = draws().answer(&[&["1", "1"]]).answer(&[&["3", "4"]]).answer(&[&["5", "5"]]).answer(&[&["6", "7"]]);
    assert_eq!(reserve(&mut database, &sequence(1), 3, None).unwrap(), 5);

    let mut database = draws();
    for _ in 0..3 {
        database = database.answer(&[&["1", "1"]]).answer(&[&["3", "4"]]);
    }
    assert!(state(reserve(&mut database, &sequence(1), 3, None).unwrap_err()).starts_with("55000"));
}

#[test]
fn a_sequence_that_may_not_be_used_is_refused() {
    let mut database = FakeDatabase::default().answer(&[&["0", "f", "f", "f", ""]]);
    assert!(state(reserve(&mut database, &sequence(1), 3, None).unwrap_err()).starts_with("42501 permission denied for sequence a.s"));
}

#[test]
fn missing_rights_come_with_the_grant_that_helps() {
    let mut catalog = catalog();
    catalog.tables[0].may_insert = false;
    catalog.tables[1] = Table { in_target: false, may_select: false, ..table("second", vec![column("j", None)]) };
    catalog.tables[0].foreign_keys = vec![ForeignKey {
        name: "f".into(),
        columns: vec![1],
        referenced_table: 1,
        referenced_columns: vec![0],
        match_full: false,
        deferrable: false,
        mandatory: true,
        declared: true,
    }];
    let tables = catalog.tables.iter().map(unseen).collect();
    let survey = Survey { user: "me".into(), tables };

    let hints: Vec<String> = privileges(&catalog, &survey, 0)
        .into_iter()
        .filter_map(|error| if let Error::Report(report) = error { report.hint } else { None })
        .collect();

    let grants =
        ["GRANT INSERT ON a.first TO \"me\";", "GRANT SELECT, UPDATE ON SEQUENCE a.s TO \"me\";", "GRANT SELECT ON a.second TO \"me\";"];
    assert_eq!(hints, grants.map(|grant| format!("Its owner can grant what is missing: {grant}")));
    assert!(privileges(&catalog, &survey, 1).is_empty());
}
