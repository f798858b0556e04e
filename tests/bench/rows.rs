//! What making rows costs, without a server: whole calls of `generate` whose rows go nowhere.
//!
//! `cargo bench --bench rows -- [shop|bare|wide|check|text]... [--orders N] [--users N] [--rows N] [--hash]`; without words all of
//! them. `--hash` prints a hash of each table's COPY text, by which two builds are compared.

mod long_check;
mod wide;
mod world;

use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;
use synthgen::engine::arguments::Arguments;
use synthgen::engine::run;

use crate::world::{Made, World, entities};

/// Tables whose speed `design` names: all three together, coherence on.
const NAMED: [&str; 3] = ["ecommerce.\"user\"", "ecommerce.\"order\"", "ecommerce.order_item"];

/// Columns whose values are composed of words and facts: what they cost shows where a constant stands in their place.
const COMPOSED: [&str; 16] = [
    "product.product_name",
    "product.description",
    "product_image.image_url",
    "product_image.alt_text",
    "product_review.title",
    "product_review.body",
    "promotion.promotion_name",
    "promotion.description",
    "user_address.address1",
    "user_address.address2",
    "order.customer_notes",
    "order_history.comment",
    "shipping_event.location",
    "wish_list.list_name",
    "user_search.search_term",
    "user.password_hash",
];

/// What the command line asks for.
struct Asked {
    words: Vec<String>,
    numbers: Vec<(String, i64)>,
    hash: bool,
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self { words: Vec::new(), numbers: Vec::new(), hash: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--") {
                // Cargo's own.
                Some("bench") => {}
                Some("hash") => asked.hash = true,
                Some(name) => {
                    let number = arguments.next().and_then(|number| number.parse().ok());
                    asked.numbers.push((name.to_owned(), number.unwrap_or_else(|| panic!("--{name} wants a number"))));
                }
                None => asked.words.push(argument),
            }
        }
        asked
    }

    fn wants(&self, word: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|asked| asked == word)
    }

    fn number(&self, name: &str, otherwise: i64) -> i64 {
        self.numbers.iter().find(|(asked, _)| asked == name).map_or(otherwise, |(_, number)| *number)
    }
}

fn main() {
    let asked = Asked::read();
    if asked.wants("shop") {
        shop(&asked);
    }
    if asked.wants("bare") {
        bare(&asked);
    }
    if asked.wants("wide") {
        wide_schema(&asked);
    }
    if asked.wants("check") {
        long_check_table(&asked);
    }
    if asked.wants("text") {
        text(&asked);
    }
}

fn shop(asked: &Asked) {
    let (users, orders) = (asked.number("users", 200), asked.number("orders", 30_000));
    println!("shop: users => {users}, products => 500, orders => {orders}, reviews => 300");
    let world = World::new("ecommerce", document("tests/bench/data/ecommerce.json"), asked.hash)
        .with_rules(document("samples/rules/ecommerce_rules.json"))
        .with_reference(&file("samples/ecommerce_reference.csv"));
    let counts = entities(&[("users", users), ("products", 500), ("orders", orders), ("reviews", 300)]);
    let world = generate(world, &Arguments { target: "ecommerce".into(), entities: counts, ..Arguments::default() });
    print(&world, asked.hash);
    let named: Vec<&Made> = world.made.iter().filter(|(name, _)| NAMED.contains(&name.as_str())).map(|(_, made)| made).collect();
    line("user, order, order_item", &sum(&named), "");
}

/// The shop with its texts and with a letter in their place: at the demo's size, and at one where text weighs most.
fn text(asked: &Asked) {
    let demo = [("users", 200), ("products", 500), ("orders", 1_000), ("reviews", 300)];
    let wordy = [("users", asked.number("users", 2_000)), ("products", 5_000), ("orders", 10_000), ("reviews", 10_000)];
    for counts in [demo, wordy] {
        println!("text: {}", counts.map(|(entity, count)| format!("{entity} => {count}")).join(", "));
        let [with, without] = [true, false].map(|composed| {
            let mut rules = document("samples/rules/ecommerce_rules.json");
            if !composed {
                let stand_in = |on: &&str| serde_json::json!({"id": format!("letter-{on}"), "on": on, "choice": ["x"]});
                rules["rules"].as_array_mut().expect("rules").extend(COMPOSED.iter().map(stand_in));
            }
            let world = World::new("ecommerce", document("tests/bench/data/ecommerce.json"), false)
                .with_rules(rules)
                .with_reference(&file("samples/ecommerce_reference.csv"));
            let arguments = Arguments { target: "ecommerce".into(), entities: entities(&counts), ..Arguments::default() };
            let world = generate(world, &arguments);
            print!("{} ", if composed { "with text:   " } else { "without text:" });
            summary(&world);
            let made: Vec<&Made> = world.made.iter().map(|(_, made)| made).collect();
            sum(&made)
        });
        let (bytes, seconds) = (with.bytes - without.bytes, (with.time.saturating_sub(without.time)).as_secs_f64().max(1e-9));
        println!(
            "composed text: {:.2} MB in {seconds:.3} s, {:.1} MB/s of one processor",
            bytes as f64 / 1e6,
            bytes as f64 / seconds / 1e6
        );
    }
}

fn bare(asked: &Asked) {
    let rows = asked.number("rows", 1_000_000);
    println!("bare: a table of eight columns, {rows} rows");
    let world = World::new("bare", document("tests/bench/data/bare.json"), asked.hash);
    let counts = entities(&[("measurement", rows)]);
    print(&generate(world, &Arguments { target: "bare".into(), rows: counts, ..Arguments::default() }), asked.hash);
}

fn wide_schema(asked: &Asked) {
    let tables = asked.number("tables", 500);
    println!("wide: {tables} tables, 100 rows each");
    let world = World::new("wide", wide::catalog(tables as u32), asked.hash);
    let world = generate(world, &Arguments { target: "wide".into(), ..Arguments::default() });
    summary(&world);
}

/// A table whose rows follow one CHECK of 26 branches: solved once, then each row takes one of its shapes.
fn long_check_table(asked: &Asked) {
    let rows = asked.number("rows", 20_000);
    println!("check: a table under a CHECK of {} characters, {rows} rows", long_check::check().len());
    let world = World::new("long", long_check::catalog(), asked.hash);
    let counts = entities(&[("record", rows)]);
    print(&generate(world, &Arguments { target: "long".into(), rows: counts, ..Arguments::default() }), asked.hash);
}

fn generate(mut world: World, arguments: &Arguments) -> World {
    world.start();
    run::generate(&mut world, arguments).unwrap_or_else(|error| panic!("{error}: {error:?}"));
    world
}

fn print(world: &World, hash: bool) {
    println!("{:<34} {:>10} {:>12} {:>12} {:>9}", "", "rows", "rows/s", "cells/s", "MB/s");
    for (name, made) in &world.made {
        let hash = if hash { format!("{:016x}", made.hash()) } else { String::new() };
        line(name, made, &hash);
    }
    let all: Vec<&Made> = world.made.iter().map(|(_, made)| made).collect();
    line("all", &sum(&all), "");
    summary(world);
}

fn summary(world: &World) {
    let total = world.elapsed();
    let making: Duration = world.made.iter().map(|(_, made)| made.time).sum();
    let laid_out = world.laid_out.unwrap_or(total);
    println!(
        "{:.3} s of one processor in all: {:.3} s to plan and lay out, {:.3} s to make rows",
        total.as_secs_f64(),
        laid_out.as_secs_f64(),
        making.as_secs_f64()
    );
}

fn line(name: &str, made: &Made, hash: &str) {
    let seconds = made.time.as_secs_f64().max(1e-9);
    println!(
        "{name:<34} {:>10} {:>12.0} {:>12.0} {:>9.1} {hash}",
        made.rows,
        made.rows as f64 / seconds,
        made.cells as f64 / seconds,
        made.bytes as f64 / seconds / 1e6
    );
}

/// Several tables as one.
fn sum(tables: &[&Made]) -> Made {
    let mut all = Made::default();
    for made in tables {
        all.rows += made.rows;
        all.cells += made.cells;
        all.bytes += made.bytes;
        all.time += made.time;
    }
    all
}

fn document(path: &str) -> Json {
    serde_json::from_str(&file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
