//! The constraint compiler against tables that nobody wrote: random CHECKs over random columns, each satisfiable.

mod grammar;

use grammar::{Chance, Coverage, Table};

use crate::support::{Cluster, Database};

/// Tables of one schema, and schemas.
const TABLES: usize = 25;
const SCHEMAS: usize = 4;

/// Shares of CHECKs that may be refused, or left to the database, in percent.
const MOST_REFUSED: usize = 3;
const MOST_SAMPLED: usize = 15;

/// The time of the run: after every value of the known rows.
const AS_OF: &str = "2026-06-01 00:00:00+00";

/// What came of the CHECKs of a schema.
#[derive(Debug, Default)]
struct Sums {
    checks: usize,
    joint: usize,
    refused: usize,
    sampled: usize,
    rows: usize,
    problems: Vec<String>,
}

#[test]
fn rows_hold_whatever_checks_a_table_has() {
    let number = |name: &str, usual: usize| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let seed = number("RANDOM_CHECKS_SEED", 1);
    let database = Cluster::shared().fresh_database("random_checks");
    let mut coverage = Coverage::new();
    let mut sums = Sums::default();
    for schema in 0..number("RANDOM_CHECKS_SCHEMAS", SCHEMAS) {
        let mut chance = Chance((seed * 1_000 + schema) as u64);
        let tables: Vec<Table> = (0..TABLES).map(|place| grammar::table(&mut chance, place, &mut coverage)).collect();
        judge(&database, &format!("random{schema}"), &tables, &mut sums);
    }
    println!(
        "{} CHECKs, {} of them on several columns, {} rows; {} refused, {} sampled",
        sums.checks, sums.joint, sums.rows, sums.refused, sums.sampled
    );
    for (production, count) in &coverage {
        println!("  {count:5} {production}");
    }
    assert_eq!(sums.problems, Vec::<String>::new(), "{} problems", sums.problems.len());
    assert!(sums.joint * 2 >= sums.checks - sums.checks / 10, "{} of {} CHECKs are on several columns", sums.joint, sums.checks);
    assert!(sums.refused * 100 <= sums.checks * MOST_REFUSED, "{} of {} CHECKs were refused", sums.refused, sums.checks);
    assert!(sums.sampled * 100 <= sums.checks * MOST_SAMPLED, "{} of {} CHECKs were sampled", sums.sampled, sums.checks);
}

/// Makes the tables, asks for rows of them before the database judges any, then fills them.
fn judge(database: &Database, schema: &str, tables: &[Table], sums: &mut Sums) {
    let path = format!("create schema if not exists {schema}; set search_path = {schema}, public; set timezone = 'UTC';\n");
    let ddl: String = tables.iter().map(|table| table.ddl.as_str()).collect();
    database.psql(&format!("{path}{ddl}"));
    // The known rows hold: else it is the grammar that is wrong.
    let known: Vec<String> = tables.iter().map(|table| format!("insert into {} {};\n", table.name, table.known_row)).collect();
    database.psql(&format!("{path}begin;\n{}rollback;", known.concat()));

    let arguments = format!("as_of => '{AS_OF}'");
    let verdicts = database.psql(&format!(
        "select table_name, constraint_name, verdict, detail from synthgen.plan('{schema}', {arguments}) where kind = 'constraint'"
    ));
    let verdict_of = |check: &str| {
        let line = verdicts.lines().find(|line| line.split('|').nth(1) == Some(check));
        line.and_then(|line| line.split('|').nth(2)).unwrap_or("none").to_owned()
    };
    let mut statements = vec![path.clone()];
    for table in tables {
        statements.push(format!(
            "create temporary table p as select r.* from synthgen.preview('{schema}', '{0}', 20, {arguments}) as p(row), \
             jsonb_populate_record(null::{schema}.{0}, row) as r;\n",
            table.name
        ));
        for check in &table.checks {
            sums.checks += 1;
            sums.joint += usize::from(check.columns > 1);
            match verdict_of(&check.name).as_str() {
                "proved" => statements.push(format!(
                    "select '{0}: ' || count(*) || ' rows fail ' || $$({1})$$ from p where ({1}) is false having count(*) > 0;\n",
                    check.name, check.text
                )),
                "sampled" => sums.sampled += 1,
                "refused" => sums.refused += 1,
                other => sums.problems.push(format!("{}: verdict {other}", check.name)),
            }
        }
        statements.push("drop table p;\n".to_owned());
    }
    sums.problems.extend(database.psql(&statements.concat()).lines().map(str::to_owned));
    let filled =
        database.psql(&format!("{path}select table_name, inserted, verdict, detail from synthgen.generate('{schema}', {arguments})"));
    for line in filled.lines() {
        let fields: Vec<&str> = line.split('|').collect();
        sums.rows += fields[1].parse::<usize>().unwrap_or(0);
        if fields[2] != "filled" {
            let table = tables.iter().find(|table| fields[0] == format!("{schema}.{}", table.name));
            sums.problems.push(format!("{line}\n{}", table.map_or("", |table| &table.ddl)));
        }
    }
    let broken = database.psql(&format!("select object, violations from synthgen.verify('{schema}') where verdict = 'violated'"));
    sums.problems.extend(broken.lines().map(|line| format!("violated: {line}")));
}
