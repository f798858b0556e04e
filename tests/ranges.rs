//! Rows are functions of who they are: however a table is cut into ranges, in whatever order they are asked for, and
//! whichever tables were asked before, the bytes are the same.

#[path = "bench/world.rs"]
#[expect(dead_code, reason = "the benchmark measures, here rows are only compared")]
mod world;

use synthgen::engine::arguments::Arguments;
use synthgen::engine::error::Error;
use synthgen::engine::plan::{Fill, Plan, Source};
use synthgen::engine::port::RowSource;
use synthgen::engine::rows::{Rows, TableSource};
use synthgen::engine::run;

use world::{World, entities};

/// The plan of a small shop, on which rows redraw, rank, pick from each other and are counted.
fn plan() -> Plan {
    let file = |path: &str| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let json = |path: &str| serde_json::from_str(&file(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut world = World::new("ecommerce", json("tests/bench/data/ecommerce.json"), false)
        .with_rules(json("samples/rules/ecommerce_rules.json"))
        .with_reference(&file("samples/ecommerce_reference.csv"));
    let counts = entities(&[("users", 90), ("products", 120), ("orders", 400), ("reviews", 60)]);
    run::plan(&mut world, &Arguments { target: "ecommerce".into(), entities: counts, ..Arguments::default() })
        .expect("the shop can be planned")
}

fn laid_out(plan: &Plan) -> Rows<'_> {
    let mut rows = Rows::new(plan);
    for table in plan.layout_order() {
        let mut nothing_there = |_: &_, candidates: &[Vec<_>]| Ok(vec![false; candidates.len()]);
        let mut never = || Ok::<(), Error>(());
        rows.lay_out(table, &mut nothing_there, &mut never).expect("the shop can be laid out");
    }
    rows.settle();
    rows
}

/// The COPY text of some positions of a table.
fn text(rows: &mut Rows, table: usize, positions: std::ops::Range<u64>) -> String {
    let columns = rows.plan.tables[table].columns.iter().enumerate();
    let columns = columns.filter(|(_, column)| !matches!(column.source, Source::Database)).map(|(column, _)| column).collect();
    let mut source = TableSource::new(rows, table, columns, positions);
    let mut text = Vec::new();
    while source.fill(&mut text).expect("rows are made") > 0 {}
    String::from_utf8(text).expect("rows are UTF-8")
}

/// The whole of each table, in the order of loading.
fn whole(plan: &Plan) -> Vec<(usize, String)> {
    let mut rows = laid_out(plan);
    let tables: Vec<usize> = plan.order.iter().copied().filter(|&table| plan.tables[table].fill == Fill::Make).collect();
    let text_of = |table: usize| {
        let made = rows.layouts[table].made;
        (table, text(&mut rows, table, 0..made))
    };
    tables.into_iter().map(text_of).collect()
}

#[test]
fn a_table_cut_into_ranges_anywhere_has_the_same_bytes() {
    let plan = plan();
    for (table, expected) in whole(&plan) {
        let made = laid_out(&plan).layouts[table].made;
        for cut in [1, made / 3, made.saturating_sub(1)] {
            let mut rows = laid_out(&plan);
            // The later part first.
            let end = text(&mut rows, table, cut..made);
            let begin = text(&mut rows, table, 0..cut.min(made));
            assert!(begin + &end == expected, "{} cut at {cut}", plan.catalog.tables[table].qualified);
        }
    }
}

#[test]
fn a_row_alone_is_the_row_of_the_whole_table() {
    let plan = plan();
    for (table, expected) in whole(&plan) {
        let mut rows = laid_out(&plan);
        let lines: Vec<&str> = expected.lines().collect();
        for (position, line) in lines.iter().enumerate().rev().step_by(7) {
            let alone = text(&mut rows, table, position as u64..position as u64 + 1);
            assert_eq!(alone.trim_end_matches('\n'), *line, "{} row {position}", plan.catalog.tables[table].qualified);
        }
    }
}

#[test]
fn tables_asked_for_in_another_order_have_the_same_bytes() {
    let plan = plan();
    let mut rows = laid_out(&plan);
    for (table, expected) in whole(&plan).into_iter().rev() {
        let made = rows.layouts[table].made;
        assert!(text(&mut rows, table, 0..made) == expected, "{}", plan.catalog.tables[table].qualified);
    }
}
