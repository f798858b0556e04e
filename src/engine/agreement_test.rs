//! Columns of one row, and of a row and those below it, agree with each other: by SQL conditions over rows that are made
//! without a server. The tables are nobody's; what is tested is how columns find each other by their names.

use std::collections::BTreeMap;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::expression::{Binding, CellPath, Cells, Truth, parse};
use crate::engine::fixture;
use crate::engine::plan::{Inputs, Plan, RowIndex, TableState};
use crate::engine::rows::Rows;
use crate::engine::rules;
use crate::engine::value::{MICROS_PER_DAY, Value};

const ROWS: i64 = 120;

struct Row<'r, 'p>(&'r mut Rows<'p>, TableId, RowIndex);

impl Cells for Row<'_, '_> {
    fn cell(&mut self, path: &CellPath) -> Value {
        match self.0.follow(self.1, self.2, &path.hops) {
            Some((table, row)) => self.0.cell(table, row, path.column),
            None => Value::Null,
        }
    }

    fn under(&mut self, _hops: &[ForeignKeyId], _name: &str) -> bool {
        false
    }

    fn as_of(&self) -> Value {
        Value::Stamp(self.0.plan.as_of)
    }
}

fn plan(ddl: &str) -> Plan {
    let catalog = fixture::catalog(ddl);
    let document = serde_json::json!({"synthgen": 1});
    let (rules, _) = rules::check(&document, &catalog);
    let states = catalog
        .tables
        .iter()
        .map(|table| TableState { next_keys: (0..table.columns.len()).map(|column| (column, 1)).collect(), ..TableState::default() })
        .collect();
    let arguments = Arguments { rows_default: ROWS, ..Arguments::default() };
    let as_of = 9_648 * MICROS_PER_DAY;
    let lists = crate::engine::vocabulary::Lists::default();
    Plan::build(Inputs { arguments, catalog, as_of, rules, rules_document: document, states, samples: BTreeMap::new(), lists })
        .expect("a plan")
}

fn laid_out(plan: &Plan) -> Rows<'_> {
    let mut rows = Rows::new(plan);
    for table in plan.layout_order() {
        rows.lay_out(table, &mut |_, candidates| Ok(vec![false; candidates.len()]), &mut || Ok(())).expect("laid out");
    }
    rows.settle();
    rows
}

/// In how many rows of a table a condition holds, fails, and is unknown.
fn held(plan: &Plan, rows: &mut Rows, table: &str, condition: &str) -> (u64, u64, u64) {
    let table = plan.catalog.tables.iter().position(|known| known.name == table).expect("a table of the test");
    let parsed = parse(condition).expect("a condition");
    let bound = Binding::rule(&plan.catalog, table).condition(&parsed).unwrap_or_else(|error| panic!("{condition}: {error}"));
    let mut found = (0, 0, 0);
    for row in 0..rows.layouts[table].made {
        match bound.truth(&mut Row(rows, table, row)).expect("a truth") {
            Truth::True => found.0 += 1,
            Truth::False => found.1 += 1,
            Truth::Unknown => found.2 += 1,
        }
    }
    found
}

/// Demands that conditions hold in all rows that can tell, and that most can.
fn demand(ddl: &str, conditions: &[(&str, &str)]) {
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    for (table, condition) in conditions {
        let (holds, fails, unknown) = held(&plan, &mut rows, table, condition);
        assert!(fails == 0 && holds > unknown, "{table}: {condition}: holds in {holds}, not in {fails}, unknown in {unknown}");
    }
}

#[test]
fn what_formulas_say_holds() {
    demand(
        "create table lodging (id bigint primary key, rack_rate numeric(8,2) not null);
         create table stay (id bigint primary key, lodging_id bigint not null references lodging, arrival date not null, departure date not null,
             nights int not null, nightly_rate numeric(8,2) not null, total_price numeric(10,2) not null, created_at timestamptz not null);
         create table stay_extra (id bigint primary key, stay_id bigint not null references stay, quantity int not null, unit_price numeric(8,2) not null, line_total numeric(10,2) not null);
         create table crate_size (id bigint primary key, length_cm numeric(6,1) not null, width_cm numeric(6,1) not null, height_cm numeric(6,1) not null,
             volume_m3 numeric(12,6) not null, net_weight numeric(8,3) not null, gross_weight numeric(8,3) not null);
         create table ledger_month (id bigint primary key, opening_balance numeric(12,2) not null, total_credits numeric(12,2) not null,
             total_debits numeric(12,2) not null, closing_balance numeric(12,2) not null);
         create table lending (id bigint primary key, principal numeric(12,2) not null, interest_rate numeric(5,3) not null, term_months int not null,
             start_date date not null, maturity_date date not null, monthly_payment numeric(12,2) not null);
         create table lending_rate (id bigint primary key, lending_id bigint not null references lending, instalment_no int not null, due_date date not null,
             principal_part numeric(12,2) not null, interest_part numeric(12,2) not null, total_due numeric(12,2) not null);
         create table paper (id bigint primary key, max_points numeric(5,1) not null);
         create table paper_mark (id bigint primary key, paper_id bigint not null references paper, points numeric(6,1) not null, percentage numeric(5,2) not null, grade varchar(2) not null, passed boolean not null);
         create table hour_slot (id bigint primary key, start_time time not null, end_time time not null, duration_minutes int not null);",
        &[
            ("stay", "departure = arrival + nights"),
            ("stay", "total_price = nights * nightly_rate"),
            ("stay", "nightly_rate = lodging_id.rack_rate"),
            ("crate_size", "abs(volume_m3 - length_cm * width_cm * height_cm / 1000000.0) < 0.00001"),
            ("crate_size", "gross_weight > net_weight and gross_weight < net_weight * 1.2"),
            ("ledger_month", "closing_balance = opening_balance + total_credits - total_debits"),
            ("lending", "maturity_date = (start_date + term_months * interval '1 month')::date"),
            ("lending", "monthly_payment * term_months >= principal and monthly_payment * term_months < principal * 3"),
            ("lending_rate", "total_due = principal_part + interest_part"),
            ("lending_rate", "due_date = (lending_id.start_date + instalment_no * interval '1 month')::date"),
            ("paper_mark", "abs(points - paper_id.max_points * percentage / 100.0) < 0.1"),
            ("paper_mark", "passed = (percentage >= 50) and (grade = 'A') = (percentage >= 93)"),
            ("hour_slot", "end_time = start_time + duration_minutes * interval '1 minute'"),
        ],
    );
}

#[test]
fn parents_count_and_sum_what_hangs_below() {
    let plan = plan(
        "create table consignment_lot (id bigint primary key, box_count int not null, total_mass numeric(12,2) not null);
         create table lot_box (id bigint primary key, consignment_lot_id bigint not null references consignment_lot, mass numeric(10,2) not null);",
    );
    let mut rows = laid_out(&plan);
    let mut below: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    for row in 0..rows.layouts[1].made {
        let entry = below.entry(format!("{:?}", rows.cell(1, row, 1))).or_default();
        entry.0 += 1;
        entry.1 += rows.cell(1, row, 2).as_f64().expect("a mass");
    }
    assert!(below.len() > 20);
    for row in 0..rows.layouts[0].made {
        let (count, sum) = below.get(&format!("{:?}", rows.cell(0, row, 0))).copied().unwrap_or_default();
        assert_eq!(rows.cell(0, row, 1).as_f64(), Some(count as f64));
        assert!((rows.cell(0, row, 2).as_f64().expect("a sum") - sum).abs() < 0.01);
    }
}

#[test]
fn columns_are_empty_in_rows_that_have_nothing_to_say() {
    demand(
        "create table contractor (id bigint primary key, client_type text not null check (client_type in ('company', 'person')),
             company_name text, closed_on date, status text not null check (status in ('open', 'closed')));",
        &[
            ("contractor", "(company_name is not null) = (client_type = 'company')"),
            ("contractor", "(closed_on is not null) = (status = 'closed')"),
        ],
    );
}

#[test]
fn currencies_come_from_above_and_rates_from_their_pair() {
    demand(
        "create table purse (id bigint primary key, currency char(3) not null);
         create table purse_entry (id bigint primary key, purse_id bigint not null references purse, currency char(3) not null);
         create table quote (id bigint primary key, base_currency char(3) not null, quote_currency char(3) not null, rate numeric(18,8) not null);",
        &[
            ("purse_entry", "currency = purse_id.currency"),
            ("quote", "base_currency <> quote_currency or abs(rate - 1) < 0.03"),
            ("quote", "not (base_currency = 'USD' and quote_currency = 'JPY') or rate between 100 and 200"),
            ("quote", "not (base_currency = 'EUR' and quote_currency = 'USD') or rate between 1.0 and 1.2"),
        ],
    );
}

#[test]
fn rows_beside_each_other_seldom_repeat_a_list() {
    let plan = plan(
        "create table menu_section (id int primary key check (id between 1 and 12), sort_order int not null);
         create table menu_dish (id bigint primary key, menu_section_id int not null references menu_section, name varchar(80) not null, price numeric(6,2) not null);",
    );
    let mut rows = laid_out(&plan);
    let mut cards: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in 0..rows.layouts[1].made {
        cards.entry(format!("{:?}", rows.cell(1, row, 1))).or_default().push(format!("{:?}", rows.cell(1, row, 2)));
    }
    // A list has no more dishes of a course than a section with very many would need.
    cards.retain(|_, dishes| (2..=12).contains(&dishes.len()));
    let (mut dishes, mut repeated) = (0, 0);
    for card in cards.values() {
        dishes += card.len();
        repeated += card.len() - card.iter().collect::<std::collections::BTreeSet<_>>().len();
    }
    // Drawn each by itself, seven of them would: a few still do.
    assert!(dishes > 40 && repeated * 20 < dishes, "{repeated} of {dishes} dishes stand twice in a section");
}

#[test]
fn usual_labels_are_frequent_and_odd_ones_rare() {
    let plan = plan(
        "create table registrant (id bigint primary key, gender char(1) not null check (gender in ('M', 'F', 'X')),
             entry_state text not null default 'ok' check (entry_state in ('waiting', 'ok', 'failed')));",
    );
    let mut rows = laid_out(&plan);
    let (_, not_odd, _) = held(&plan, &mut rows, "registrant", "gender = 'X'");
    assert!(not_odd as f64 > ROWS as f64 * 0.9, "{not_odd} of {ROWS} are M or F");
    let (usual, _, _) = held(&plan, &mut rows, "registrant", "entry_state = 'ok'");
    assert!(usual as f64 > ROWS as f64 * 0.5, "{usual} of {ROWS} are as usual");
}
