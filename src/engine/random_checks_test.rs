//! The constraint compiler against tables that nobody wrote, without a server: every row that the engine accepts holds
//! by its own evaluator. `tests/cluster/random_checks` asks PostgreSQL the same of the same tables.

#[path = "../../tests/cluster/random_checks/grammar/mod.rs"]
#[expect(dead_code, reason = "the tests with a server look at more of it")]
mod grammar;

use grammar::{Chance, Coverage, Table};

use crate::engine::arguments::Arguments;
use crate::engine::catalog::TableId;
use crate::engine::expression::{Binding, Expression, Truth, parse};
use crate::engine::fixture::{self, Row};
use crate::engine::plan::{Fill, Plan};
use crate::engine::rows::Rows;

const TABLES: usize = 400;
const ROWS: u64 = 30;

/// Shares of CHECKs that may be refused, or left to the database, in percent.
const MOST_REFUSED: usize = 3;
const MOST_SAMPLED: usize = 15;

#[test]
fn accepted_rows_hold_by_the_engines_own_evaluator() {
    let seed = std::env::var("RANDOM_CHECKS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let (mut chance, mut coverage) = (Chance(seed), Coverage::new());
    let tables: Vec<Table> = (0..TABLES).map(|number| grammar::table(&mut chance, number, &mut coverage)).collect();
    let ddl: String = tables.iter().map(|table| table.ddl.as_str()).collect();
    let plan = fixture::plan(&ddl, Arguments::default());
    let mut rows = fixture::laid_out(&plan);
    let (mut checks, mut joint, mut refused, mut sampled, mut problems) = (0, 0, 0, 0, Vec::new());
    for (id, table) in tables.iter().enumerate() {
        for check in &table.checks {
            checks += 1;
            joint += usize::from(check.columns > 1);
            match plan.tables[id].verdicts.iter().find(|verdict| verdict.name == check.name).map(|verdict| verdict.verdict) {
                Some("proved") => {}
                Some("sampled") => sampled += 1,
                _ => refused += 1,
            }
        }
        if plan.tables[id].fill != Fill::Make {
            problems.push(format!("{:?}\n{}", plan.tables[id].fill, table.ddl));
            continue;
        }
        problems.extend(failing(&plan, &mut rows, id).map(|check| format!("{check}\n{}", table.ddl)));
    }
    println!("{checks} CHECKs, {joint} of them on several columns; {refused} refused, {sampled} sampled");
    for (production, count) in &coverage {
        println!("  {count:5} {production}");
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(joint * 100 >= checks * 45, "{joint} of {checks} CHECKs are on several columns");
    assert!(refused * 100 <= checks * MOST_REFUSED, "{refused} of {checks} CHECKs were refused");
    assert!(sampled * 100 <= checks * MOST_SAMPLED, "{sampled} of {checks} CHECKs were sampled");
}

/// A CHECK that some row does not meet, with the row's cells.
fn failing(plan: &Plan, rows: &mut Rows, table: TableId) -> Option<String> {
    let definition = &plan.catalog.tables[table];
    let mut conditions: Vec<(String, Expression)> = Vec::new();
    for check in &definition.checks {
        let parsed = parse(&check.expression).ok()?;
        if let Ok(bound) = Binding::check(&plan.catalog, table).condition(&parsed) {
            conditions.push((check.expression.clone(), bound));
        }
    }
    for (column, own) in definition.columns.iter().enumerate() {
        for check in own.data_type.domains.iter().flat_map(|domain| &domain.checks) {
            let parsed = parse(&check.expression).ok()?;
            if let Ok(bound) = Binding::domain(&plan.catalog, table, column).condition(&parsed) {
                conditions.push((check.expression.clone(), bound));
            }
        }
    }
    let stored = rows.layouts[table].stored;
    for index in stored..stored + rows.layouts[table].made.min(ROWS) {
        for (text, condition) in &conditions {
            if condition.truth(&mut Row(rows, table, index)) == Ok(Truth::False) {
                let cells: Vec<String> = (0..definition.columns.len())
                    .map(|column| format!("{}={}", definition.columns[column].name, rows.cell(table, index, column)))
                    .collect();
                return Some(format!("{text} fails on {}", cells.join(" | ")));
            }
        }
    }
    None
}
