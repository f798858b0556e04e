//! What a shop's rows say of each other: prices and what is taken off them, promotions and who uses them, who is much bought.
//! The tables are nobody's.

use crate::engine::agreement_test::{demand, held, plan};
use crate::engine::fixture::{self, laid_out};
use crate::engine::plan::Plan;
use crate::engine::rows::Rows;
use crate::engine::value::Value;

/// A ware with what is said of it, and its kinds where there are some.
const WARES: &str = "create table ware (id bigint primary key, product_name text not null, description text not null, specs jsonb not null,
         price numeric(8,2) not null, discount_percent numeric(5,2) not null);";

/// The values of a column of a table, row by row.
fn cells(plan: &Plan, rows: &mut Rows, table: &str, column: &str) -> Vec<Value> {
    fixture::cells(plan, rows, table, [column]).into_iter().map(|[cell]| cell).collect()
}

#[test]
fn lines_charge_what_is_left_of_a_price() {
    let lines = "create table buyer (id bigint primary key, full_name text not null);
         create table purchase_slip (id bigint primary key, buyer_id bigint not null references buyer, bought_at timestamptz not null, total numeric(10,2) not null);
         create table slip_line (id bigint primary key, slip_id bigint not null references purchase_slip, ware_id bigint not null references ware,
             quantity int not null, unit_price numeric(8,2) not null, line_total numeric(10,2) not null);";
    let charged = "abs(unit_price - ware_id.price * (100 - ware_id.discount_percent) / 100.0) < 0.01";
    demand(&format!("{WARES}{lines}"), &[("slip_line", charged), ("slip_line", "line_total = quantity * unit_price")]);
    // A line that says itself what is taken off is charged the whole price first.
    let told = lines.replace("quantity int", "discount_amount numeric(8,2) not null, quantity int");
    demand(&format!("{WARES}{told}"), &[("slip_line", "unit_price = ware_id.price")]);
}

#[test]
fn variants_cost_what_is_left_of_a_price_or_about_that() {
    let plan = plan(&format!(
        "{WARES} create table ware_kind (id bigint primary key, ware_id bigint not null references ware, variant_name text not null, price numeric(8,2) not null);"
    ));
    let mut rows = laid_out(&plan);
    let left = "ware_id.price * (100 - ware_id.discount_percent) / 100.0";
    let (as_listed, others, _) = held(&plan, &mut rows, "ware_kind", &format!("abs(price - {left}) < 0.01"));
    assert!(as_listed > others && others > 10, "{as_listed} {others}");
    let (_, far, _) = held(&plan, &mut rows, "ware_kind", &format!("price between {left} * 0.85 - 0.5 and {left} * 1.25 + 0.5"));
    assert_eq!(far, 0);
}

#[test]
fn what_comes_in_kinds_is_of_no_kind_itself() {
    let kinds = "create table ware_kind (id bigint primary key, ware_id bigint not null references ware, variant_name text not null);";
    let styled = |ddl: &str| {
        let plan = plan(ddl);
        let mut rows = laid_out(&plan);
        let attributes = cells(&plan, &mut rows, "ware", "specs");
        let styled = attributes.iter().filter(|value| matches!(value, Value::Text(text) if text.contains("\"style\""))).count();
        let (in_colours, ..) = held(&plan, &mut rows, "ware", "product_name like '%, %'");
        (styled, in_colours)
    };
    let (styles, colours) = styled(WARES);
    assert!(styles > 60 && colours > 5, "{styles} {colours}");
    assert_eq!(styled(&format!("{WARES}{kinds}")), (0, 0));
}

#[test]
fn promotions_are_used_by_whom_they_are_for() {
    let ddl = "create table buyer (id bigint primary key, full_name text not null);
         create table promotion_offer (id bigint primary key, promo_code text not null unique, discount_value numeric(8,2) not null, minimum_order_amount numeric(8,2) not null,
             max_uses int, starts_at timestamptz not null, ends_at timestamptz, created_at timestamptz not null);
         create table buy_order (id bigint primary key, buyer_id bigint not null references buyer, ordered_at timestamptz not null, subtotal numeric(10,2) not null);
         create table buy_order_line (id bigint primary key, buy_order_id bigint not null references buy_order, quantity int not null, unit_price numeric(6,2) not null, line_total numeric(10,2) not null);
         create table buy_order_offer (id bigint primary key, buy_order_id bigint not null references buy_order, offer_id bigint not null references promotion_offer,
             unique (buy_order_id, offer_id));";
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    let uses = cells(&plan, &mut rows, "buy_order_offer", "offer_id").len() as i64;
    assert!(uses > 50, "{uses}");
    let (_, untimely, _) = held(
        &plan,
        &mut rows,
        "buy_order_offer",
        "buy_order_id.ordered_at >= offer_id.starts_at and (offer_id.ends_at is null or buy_order_id.ordered_at <= offer_id.ends_at)",
    );
    let (_, too_little, _) = held(&plan, &mut rows, "buy_order_offer", "buy_order_id.subtotal >= offer_id.minimum_order_amount");
    let limits = cells(&plan, &mut rows, "promotion_offer", "max_uses");
    let limits: Vec<f64> = limits.iter().filter_map(Value::as_f64).collect();
    assert!(limits.len() > 20 && limits.iter().all(|limit| *limit >= uses as f64), "{limits:?}");
    assert_eq!((untimely, too_little), (0, 0), "of {uses}");
}

#[test]
fn pictures_are_added_in_the_order_of_their_places() {
    let plan = plan(
        "create table ware (id bigint primary key, product_name text not null, created_at timestamptz not null);
         create table ware_image (id bigint primary key, ware_id bigint not null references ware, image_url text not null, position int not null, created_on timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let [of, place, at] = ["ware_id", "position", "created_on"].map(|column| cells(&plan, &mut rows, "ware_image", column));
    let beside = (1..of.len()).filter(|&row| of[row] == of[row - 1]);
    let (mut in_order, mut not) = (0, 0);
    for row in beside {
        let rises = place[row].as_f64() > place[row - 1].as_f64();
        let later = matches!((&at[row - 1], &at[row]), (Value::Stamp(before), Value::Stamp(after)) if before <= after);
        *(if rises == later { &mut in_order } else { &mut not }) += 1;
    }
    assert!(in_order > 20 && not == 0, "{in_order} {not}");
}

#[test]
fn nobody_reviews_himself() {
    let plan = plan(
        "create table firm (id bigint primary key, company_name text not null);
         create table worker (id bigint primary key, firm_id bigint not null references firm, full_name text not null);
         create table worker_review (id bigint primary key, worker_id bigint not null references worker, reviewer_id bigint not null references worker,
             rating int not null check (rating between 1 and 5), reviewed_at date not null, check (reviewer_id <> worker_id));",
    );
    let mut rows = laid_out(&plan);
    let table = plan.catalog.tables.iter().position(|known| known.name == "worker_review").expect("a table of the test");
    let of = cells(&plan, &mut rows, "worker", "firm_id");
    let both = |rows: &mut Rows, row: u64| [1, 2].map(|column| rows.cell(table, row, column).as_f64().expect("a key") as usize - 1);
    let (mut others, mut alone) = (0, 0);
    for row in 0..rows.layouts[table].made {
        let [worker, reviewer] = both(&mut rows, row);
        if of.iter().filter(|firm| **firm == of[worker]).count() > 1 {
            assert!(worker != reviewer && of[worker] == of[reviewer], "{worker} {reviewer}");
            others += 1;
            continue;
        }
        // Where the table refuses him, it is somebody of another firm.
        let position = rows.layouts[table].position(row).expect("a place");
        rows.redraw(table, position, 4);
        let [worker, reviewer] = both(&mut rows, row);
        assert_ne!(worker, reviewer);
        alone += 1;
    }
    assert!(others > 20 && alone > 5, "{others} {alone}");
}

#[test]
fn what_is_similar_is_of_one_class_and_what_goes_with_it_of_another() {
    let plan = plan(
        "create table ware_class (id int primary key check (id between 1 and 12), name text not null, above_id int references ware_class);
         create table ware (id bigint primary key, ware_class_id int not null references ware_class, name text not null);
         create table related_ware (id bigint primary key, ware_id bigint not null references ware, other_ware_id bigint not null references ware,
             link_type text not null check (link_type in ('similar', 'up_sell', 'accessory', 'cross_sell')), unique (ware_id, other_ware_id),
             check (ware_id <> other_ware_id));",
    );
    let mut rows = laid_out(&plan);
    let classes: std::collections::BTreeSet<String> =
        cells(&plan, &mut rows, "ware", "ware_class_id").iter().map(|class| format!("{class:?}")).collect();
    assert!(classes.len() > 5, "{classes:?}");
    let mut share = |condition: &str| held(&plan, &mut rows, "related_ware", condition);
    let (own, others, _) =
        share("case when link_type in ('similar', 'up_sell') then ware_id.ware_class_id = other_ware_id.ware_class_id end");
    assert!(own > 40 && others * 20 <= own, "{own} {others}");
    let (own, others, _) =
        share("case when link_type in ('accessory', 'cross_sell') then ware_id.ware_class_id = other_ware_id.ware_class_id end");
    assert!(others > 20 && own > 5 && own < others * 2, "{own} {others}");
}
