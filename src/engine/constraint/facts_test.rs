//! CHECKs as PostgreSQL 15 prints them, and the facts they are turned into.

use super::*;
use crate::engine::catalog::{Catalog, Check, ColumnId, Domain, TypeKind};
use crate::engine::expression::{Binding, CellPath, Cells, parse};
use crate::engine::fixture;
use crate::engine::value::{Decimal, Value};

const ROWS: &str = include_str!("../expression/data/rows.csv");
const TRUTHS: &str = include_str!("../expression/data/truth.csv");

fn catalog() -> Catalog {
    fixture::catalog(include_str!("../expression/data/table.sql"))
}

/// The facts of the table with these CHECKs, at noon of 2026-11-23.
fn facts_of(mut catalog: Catalog, checks: &[&str]) -> TableFacts {
    catalog.tables[0].checks =
        checks.iter().map(|text| Check { name: "k".into(), expression: (*text).to_owned(), columns: Vec::new() }).collect();
    facts(&catalog.tables[0], &catalog, 0)
}

fn end(bound: Option<&Bound>, closed: &str, open: &str) -> Option<String> {
    bound.map(|bound| format!("{}{}", if bound.inclusive { closed } else { open }, bound.value))
}

fn list(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
}

/// What a domain says beyond the column's type.
fn summary(domain: &ColumnDomain, plain: &ColumnDomain) -> Option<String> {
    let mut said = Vec::new();
    said.extend(domain.allowed.as_ref().filter(|_| domain.allowed != plain.allowed).map(|values| format!("in {}", list(values))));
    said.extend((!domain.excluded.is_empty()).then(|| format!("not {}", list(&domain.excluded))));
    said.extend(end(domain.min.as_ref(), ">=", ">"));
    said.extend(end(domain.max.as_ref(), "<=", "<"));
    said.extend(domain.clock_min.iter().map(|_| ">=clock".to_owned()));
    said.extend(domain.clock_max.iter().map(|_| "<=clock".to_owned()));
    said.extend(domain.min_length.map(|length| format!("length>={length}")));
    said.extend(domain.max_length.filter(|_| domain.max_length != plain.max_length).map(|length| format!("length<={length}")));
    said.extend((!domain.patterns.is_empty()).then(|| format!("patterns {}", domain.patterns.len())));
    said.extend(domain.stamp_unit.map(|unit| format!("unit {unit}")));
    said.extend(domain.trimmed.then(|| "trimmed".to_owned()));
    said.extend(domain.letter_case.map(|case| format!("{case:?}")));
    said.extend(domain.step.map(|step| format!("step {}", Value::Decimal(step))));
    said.extend((domain.not_null && !plain.not_null).then(|| "not null".to_owned()));
    said.extend(domain.must_be_null.then(|| "null".to_owned()));
    (!said.is_empty()).then(|| said.join(" "))
}

fn printed(catalog: &Catalog, facts: &TableFacts) -> String {
    let name = |column: ColumnId| catalog.tables[0].columns[column].name.as_str();
    let domains = facts.columns.iter().enumerate().filter_map(|(column, domain)| {
        summary(domain, &ColumnDomain::of_type(&catalog.tables[0].columns[column])).map(|said| format!("{} {said}", name(column)))
    });
    let orders = facts.comparisons.iter().map(|order| format!("{} {:?} {}", name(order.left), order.operator, name(order.right)));
    let verdicts = facts.checks.iter().map(|check| match &check.verdict {
        Verdict::Proved => "proved",
        Verdict::Testable(_) if check.expressed => "expressed",
        Verdict::Testable(_) => "testable",
        Verdict::Opaque(_) => "opaque",
        Verdict::Contradiction(_) => "contradicted",
    });
    let contradictions = facts.contradictions.iter().map(|found| format!("contradiction {}", found.reason));
    verdicts.map(str::to_owned).chain(domains).chain(orders).chain(contradictions).collect::<Vec<_>>().join("; ")
}

#[test]
fn checks_become_facts() {
    let mut wrong = Vec::new();
    for record in csv::Reader::from_reader(include_str!("data/facts.csv").as_bytes()).records() {
        let record = record.unwrap();
        let checks: Vec<&str> = record[0].split(" ;; ").collect();
        let found = printed(&catalog(), &facts_of(catalog(), &checks));
        if found != record[1] {
            wrong.push(format!("{}\n  expected {}\n  found    {found}", &record[0], &record[1]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rows(catalog: &Catalog) -> Vec<Vec<Value>> {
    let kind = |index: usize| &catalog.tables[0].columns[index].data_type.kind;
    let cell = |(text, index): (&str, usize)| if text == "\\N" { Value::Null } else { Value::parse(kind(index), text).fit(kind(index)) };
    csv::Reader::from_reader(ROWS.as_bytes()).records().map(|row| row.unwrap().iter().zip(0..).map(cell).collect()).collect()
}

/// Whether a row satisfies all that the facts say.
fn satisfies(facts: &TableFacts, row: &[Value]) -> bool {
    let domains = facts.columns.iter().zip(row).all(|(domain, value)| domain.permits(value));
    facts.contradictions.is_empty()
        && domains
        && facts
            .comparisons
            .iter()
            .all(|comparison| row[comparison.left].compare(&row[comparison.right]).is_none_or(|order| comparison.operator.holds(order)))
}

/// On the server's own verdicts: what a proved CHECK's facts take, the server takes, and the reverse
/// (but that they ask for trimmed texts where the CHECK only looks at the trimmed text).
#[test]
fn facts_are_as_wide_as_what_the_server_accepts() {
    let catalog = catalog();
    let rows = rows(&catalog);
    let mut proved = 0;
    for record in csv::Reader::from_reader(TRUTHS.as_bytes()).records() {
        let record = record.unwrap();
        let facts = facts_of(catalog.clone(), &[&record[0]]);
        let whole = facts.checks[0].expressed;
        proved += usize::from(whole);
        let narrowed = facts.columns.iter().any(|domain| domain.trimmed) || facts.columns.iter().any(|domain| !domain.clock_min.is_empty());
        for (row, truth) in rows.iter().zip(record[1].chars()) {
            let (takes, accepts) = (satisfies(&facts, row), truth != 'F');
            assert!(!(whole && takes && !accepts), "{}: {row:?} is taken, the server refuses it", &record[0]);
            assert!(takes || !accepts || narrowed || truth == 'E', "{}: {row:?} is left out, the server takes it", &record[0]);
        }
    }
    assert!(proved > 120, "only {proved} expressed");
}

#[test]
fn a_domain_speaks_of_its_value() {
    let mut catalog = catalog();
    let check = |text: &str| Check { name: "d".into(), expression: text.into(), columns: Vec::new() };
    let checks = vec![check("(VALUE > 0)"), check("(clean(VALUE))")];
    catalog.tables[0].columns[0].data_type.domains.push(Domain { name: "d".into(), not_null: false, checks });
    let facts = facts_of(catalog, &[]);
    assert_eq!(facts.columns[0].min, Some(Bound { value: Value::Int(1), inclusive: true }));
    assert_eq!(facts.checks[0].verdict, Verdict::Proved);
    assert_eq!(facts.checks[1].columns, [0]);
    assert_eq!(facts.opaque().count(), 1);
}

#[test]
fn the_clock_moves_an_end() {
    let facts = facts_of(catalog(), &["(d <= (CURRENT_DATE - '18 years'::interval))", "(d > '2000-01-01'::date)"]);
    let column = facts.checks[0].columns[0];
    let as_of = Value::parse(&crate::engine::catalog::TypeKind::Timestamp { zoned: true, precision: None }, "2026-11-23 12:00:00+00");
    let domain = facts.columns[column].at(&as_of);
    assert_eq!(domain.min.unwrap().value.to_string(), "2000-01-02");
    assert_eq!(domain.max.unwrap().value.to_string(), "2008-11-23");
    assert!(facts.at(&as_of).contradictions.is_empty());
    let early = Value::parse(&crate::engine::catalog::TypeKind::Timestamp { zoned: true, precision: None }, "2016-11-23 12:00:00+00");
    assert!(facts.columns[column].at(&early).must_be_null || facts.at(&early).columns[column].must_be_null);
}

/// A row of NULLs but one cell.
struct One(ColumnId, Value);

impl Cells for One {
    fn cell(&mut self, path: &CellPath) -> Value {
        if path.column == self.0 { self.1.clone() } else { Value::Null }
    }

    fn under(&mut self, _hops: &[usize], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        Value::Stamp(0)
    }
}

#[test]
fn candidates_are_tested_locally() {
    let facts = facts_of(catalog(), &["(abs(a) < 10)", "(a IS NOT NULL)"]);
    assert_eq!(facts.testable().count(), 2);
    assert_eq!(facts.failing(&mut One(0, Value::Int(-9))), Ok(None));
    assert_eq!(facts.failing(&mut One(0, Value::Int(-10))).unwrap().map(|check| check.columns.clone()), Some(vec![0]));
}

#[test]
fn capacities_count_values() {
    let of = |checks: &[&str], column: ColumnId| {
        facts_of(catalog(), checks).columns[column].capacity(&catalog().tables[0].columns[column].data_type.kind)
    };
    let position = |name: &str| catalog().tables[0].columns.iter().position(|column| column.name == name).unwrap();
    let columns: Vec<(String, &str, Option<u128>)> = include_str!("data/capacity.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.rsplitn(3, ';');
            let capacity = parts.next().unwrap().parse().ok();
            let column = parts.next().unwrap();
            (parts.next().unwrap().to_owned(), column, capacity)
        })
        .collect();
    for (check, column, capacity) in &columns {
        assert_eq!(of(&[check], position(column)), *capacity, "{check} on {column}");
    }
}

#[test]
fn values_are_moved_into_the_domain() {
    let facts = facts_of(catalog(), &["((a >= 5) AND (a <= 20))", "((a % 4) = 0)", "(n > (0)::numeric)"]);
    assert_eq!(facts.columns[0].nearest(Value::Int(-3), 0), Value::Int(8));
    assert_eq!(facts.columns[0].nearest(Value::Int(11), 0), Value::Int(8));
    assert_eq!(facts.columns[0].nearest(Value::Int(99), 0), Value::Int(20));
    let column = facts.checks[2].columns[0];
    assert_eq!(facts.columns[column].nearest(Value::Int(0), 0).to_string(), "0.01");
}

/// Values of every kind, at and around the ends that the CHECKs name.
fn candidates(kind: &TypeKind) -> Vec<Value> {
    let texts = [
        "",
        "a",
        "b",
        "ab",
        " Ab ",
        "USD",
        "card",
        "x",
        "it's",
        "a long text that is cut",
        "ÄÖÜ",
        "t",
        "f",
        "2020-01-01",
        "1899-12-31",
        "12:00:00",
        "18:00:00.000001",
    ];
    let numbers = [i64::MIN, -5_000_000_001, -90, -5, -1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 90, 100, 101, 40_000, 5_000_000_001, i64::MAX];
    let fractions = [-50, -49, 0, 1, 9, 10, 11, 49, 50, 51, 150, 9999, 10_000, 10_001];
    let typed = texts.into_iter().map(Value::text);
    let typed =
        typed.chain(numbers.into_iter().map(Value::Int)).chain(fractions.into_iter().map(|units| Value::Decimal(Decimal::new(units, 2))));
    let stored =
        typed.chain([Value::Date(-36_524), Value::Date(36_525), Value::Stamp(631_152_000_000_000), Value::Uuid(1), Value::Bool(true)]);
    stored.map(|value| value.fit(kind)).filter(|value| std::mem::discriminant(value) == std::mem::discriminant(&sample(kind))).collect()
}

/// A value of the kind's own variant.
fn sample(kind: &TypeKind) -> Value {
    match kind {
        TypeKind::Boolean => Value::Bool(true),
        TypeKind::Integer { .. } => Value::Int(0),
        TypeKind::Numeric { .. } | TypeKind::Money => Value::Decimal(Decimal::new(0, 0)),
        TypeKind::Float { .. } => Value::Float(0.0),
        TypeKind::Date => Value::Date(0),
        TypeKind::Timestamp { .. } => Value::Stamp(0),
        TypeKind::Time { .. } => Value::Time(0),
        TypeKind::Uuid => Value::Uuid(0),
        _ => Value::text(""),
    }
}

/// `Proved` is a promise: whatever was made, and NULL too, passes once `nearest` has seen to it.
#[test]
fn what_nearest_makes_passes_every_proved_check() {
    let catalog = catalog();
    let mut proved = 0;
    for record in csv::Reader::from_reader(TRUTHS.as_bytes()).records() {
        let text = record.unwrap()[0].to_owned();
        let facts = facts_of(catalog.clone(), &[&text]);
        if facts.checks[0].verdict != Verdict::Proved {
            continue;
        }
        proved += 1;
        let expression = Binding::check(&catalog, 0).condition(&parse(&text).unwrap()).unwrap();
        for &column in &facts.checks[0].columns {
            let kind = &catalog.tables[0].columns[column].data_type.kind;
            for value in candidates(kind).into_iter().chain([Value::Null]) {
                for bits in [0, u64::MAX / 2, u64::MAX] {
                    let made = facts.columns[column].nearest(value.clone(), bits).fit(kind);
                    let empty = facts.columns[column].is_empty();
                    let truth = expression.truth(&mut One(column, made.clone())).unwrap();
                    assert!(empty || truth.passes_check(), "{text}: {value:?} became {made:?}");
                }
            }
        }
    }
    assert!(proved > 90, "only {proved} proved");
}
