//! Amounts and measures that stand beside each other, or one key apart, agree: by SQL conditions over rows made without a server.
//! The tables are nobody's.

use crate::engine::agreement_test::{demand, held, plan};
use crate::engine::fixture::laid_out;

#[test]
fn what_is_charged_is_the_price_one_key_away() {
    demand(
        "create table hut_let (id bigint primary key, monthly_rent numeric(10,2) not null, security_deposit numeric(10,2) not null, end_date date not null);
         create table fee_type (id bigint primary key, code text not null check (code in ('RENT', 'LATE_FEE', 'PARKING')));
         create table let_charge (id bigint primary key, hut_let_id bigint not null references hut_let, fee_type_id bigint not null references fee_type,
             due_date date not null, amount numeric(10,2) not null);
         create table cover (id bigint primary key, annual_premium numeric(8,2) not null);
         create table cover_bill (id bigint primary key, cover_id bigint not null references cover, due_on date not null, net_amount numeric(8,2) not null,
             vat_rate numeric(4,2) not null, vat_amount numeric(8,2) not null, gross_amount numeric(8,2) not null);",
        &[
            ("hut_let", "security_deposit = monthly_rent"),
            ("let_charge", "fee_type_id.code <> 'RENT' or amount = hut_let_id.monthly_rent"),
            ("let_charge", "fee_type_id.code = 'RENT' or amount < hut_let_id.monthly_rent * 0.1"),
            ("cover_bill", "gross_amount = cover_id.annual_premium"),
            ("cover_bill", "net_amount + vat_amount = gross_amount and abs(vat_amount - net_amount * vat_rate / 100.0) < 0.02"),
        ],
    );
}

#[test]
fn work_costs_its_hours() {
    demand(
        "create table fitter (id bigint primary key, hourly_rate numeric(8,2) not null);
         create table fitting (id bigint primary key, fitter_id bigint not null references fitter, started_at timestamptz not null, finished_at timestamptz not null,
             labor_hours numeric(6,2) not null, labor_cost numeric(10,2) not null, material_cost numeric(10,2) not null, total_cost numeric(10,2) not null);",
        &[
            ("fitting", "labor_hours > 0 and labor_cost = round(labor_hours * fitter_id.hourly_rate, 2)"),
            ("fitting", "total_cost = labor_cost + material_cost"),
        ],
    );
}

#[test]
fn what_is_measured_is_mostly_within_what_is_tolerated() {
    let ddl = "create table gauge (id bigint primary key, lower_limit numeric(8,3) not null, upper_limit numeric(8,3) not null);
         create table gauge_reading (id bigint primary key, gauge_id bigint not null references gauge, reading_value numeric(8,3) not null, in_range boolean not null);
         create table probe_check (id bigint primary key, nominal_value numeric(10,3) not null, tolerance numeric(10,3) not null, measured_value numeric(10,3) not null,
             result text not null check (result in ('pass', 'fail')));";
    demand(
        ddl,
        &[
            ("gauge", "upper_limit > lower_limit"),
            ("gauge_reading", "in_range = (reading_value between gauge_id.lower_limit and gauge_id.upper_limit)"),
            ("probe_check", "(abs(measured_value - nominal_value) <= tolerance + 0.001) = (result = 'pass')"),
            ("probe_check", "tolerance < nominal_value * 0.04"),
        ],
    );
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    let (within, beyond, _) = held(&plan, &mut rows, "gauge_reading", "in_range");
    assert!(beyond > 0 && within > beyond * 8, "{within} within, {beyond} beyond");
}

#[test]
fn homes_are_as_large_as_their_kind() {
    demand(
        "create table block (id bigint primary key, floors int not null check (floors between 1 and 9), has_elevator boolean not null);
         create table unit_type (id bigint primary key, name text not null check (name in ('Studio', 'Two rooms', 'Penthouse')), bedrooms int not null);
         create table home (id bigint primary key, block_id bigint not null references block, unit_type_id bigint not null references unit_type, floor int not null,
             bedrooms int not null, bathrooms numeric(3,1) not null, square_feet int not null, market_rent numeric(10,2) not null);
         create table home_let (id bigint primary key, home_id bigint not null references home, monthly_rent numeric(10,2) not null);",
        &[
            ("block", "has_elevator = (floors >= 5)"),
            ("unit_type", "(name = 'Studio') = (bedrooms = 0)"),
            ("home", "bedrooms = unit_type_id.bedrooms and floor between 0 and block_id.floors"),
            ("home", "square_feet between 375 + bedrooms * 225 and 570 + bedrooms * 345"),
            ("home_let", "monthly_rent between home_id.market_rent * 0.94 - 5 and home_id.market_rent * 1.05 + 5"),
        ],
    );
}

#[test]
fn no_more_are_let_in_than_the_room_holds() {
    demand(
        "create table hall (id bigint primary key, max_capacity int not null);
         create table hall_room (id bigint primary key, hall_id bigint not null references hall, capacity int not null);
         create table lecture (id bigint primary key, hall_room_id bigint not null references hall_room, starts_at timestamptz not null, capacity int not null,
             booked_count int not null, check (booked_count <= capacity));",
        &[
            ("hall_room", "capacity <= hall_id.max_capacity"),
            ("lecture", "capacity <= hall_room_id.capacity and booked_count <= capacity"),
        ],
    );
}

#[test]
fn what_was_received_is_what_was_paid() {
    let plan = plan(
        "create table dues (id bigint primary key, amount numeric(10,2) not null, amount_paid numeric(10,2) not null, balance numeric(10,2) not null,
             due_date date not null, created_at timestamptz not null, status text not null check (status in ('open', 'partially_paid', 'paid', 'overdue')));
         create table dues_payment (id bigint primary key, dues_id bigint not null references dues, amount numeric(10,2) not null check (amount > 0),
             method text not null check (method in ('card', 'check', 'cash')), check_number text, received_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let mut paid = vec![0.0; rows.layouts[0].made as usize];
    for row in 0..rows.layouts[1].made {
        let dues = rows.reference(1, row, 0).expect("the dues");
        paid[dues as usize] += rows.cell(1, row, 2).as_f64().expect("an amount");
    }
    let mut settled = 0;
    for (row, paid) in paid.into_iter().enumerate() {
        let received = rows.cell(0, row as u64, 2).as_f64().expect("an amount");
        assert!((received - paid).abs() < 0.001, "{received} received, {paid} paid");
        settled += u32::from(paid > 0.0);
    }
    assert!(settled > 40, "{settled}");
    let (fits, not, _) = held(
        &plan,
        &mut rows,
        "dues",
        "balance = amount - amount_paid and (status = 'paid') = (balance = 0) and (status = 'open' or status = 'overdue') = (amount_paid = 0)",
    );
    assert!(not == 0 && fits > 100, "{not} do not agree");
    let (_, not, _) = held(&plan, &mut rows, "dues_payment", "(check_number is not null) = (method = 'check')");
    assert_eq!(not, 0);
}

#[test]
fn a_stock_is_what_its_movements_leave() {
    let plan = plan(
        "create table lot (id bigint primary key, quantity_received numeric(12,2) not null check (quantity_received > 0), quantity_on_hand numeric(12,2) not null check (quantity_on_hand >= 0),
             received_at timestamptz not null, check (quantity_on_hand <= quantity_received));
         create table lot_movement (id bigint primary key, lot_id bigint not null references lot, movement_type text not null check (movement_type in ('receipt', 'issue', 'scrap', 'adjustment')),
             quantity numeric(12,2) not null check (quantity <> 0), moved_at timestamptz not null);
         create table till (id bigint primary key, opened_at timestamptz not null);
         create table till_entry (id bigint primary key, till_id bigint not null references till, entry_type text not null check (entry_type in ('deposit', 'withdrawal')),
             amount numeric(10,2) not null check (amount > 0), balance_after numeric(12,2) not null, booked_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let (_, not, _) = held(
        &plan,
        &mut rows,
        "lot_movement",
        "case movement_type when 'receipt' then quantity > 0 when 'adjustment' then true else quantity < 0 end",
    );
    assert_eq!(not, 0, "signed by their kind");
    let (_, broken, _) = held(&plan, &mut rows, "lot_movement", "quantity = floor(quantity)");
    assert_eq!(broken, 0, "whole pieces");
    let mut left = vec![0.0; rows.layouts[0].made as usize];
    for row in 0..rows.layouts[1].made {
        let lot = rows.reference(1, row, 0).expect("a lot");
        left[lot as usize] += rows.cell(1, row, 3).as_f64().expect("a quantity");
    }
    for (row, left) in left.into_iter().enumerate() {
        let (received, held) =
            (rows.cell(0, row as u64, 1).as_f64().expect("a quantity"), rows.cell(0, row as u64, 2).as_f64().expect("a quantity"));
        assert!((held - left).abs() < 0.001 && held >= 0.0 && held <= received && received > 0.0, "{held} of {received} held, {left} left");
    }
    let mut held = vec![0.0; rows.layouts[2].made as usize];
    for row in 0..rows.layouts[3].made {
        let till = rows.reference(3, row, 0).expect("a till") as usize;
        let amount = rows.cell(3, row, 3).as_f64().expect("an amount");
        held[till] += if rows.cell(3, row, 2).to_string() == "deposit" { amount } else { -amount };
        let after = rows.cell(3, row, 4).as_f64().expect("an amount");
        assert!((held[till] - after).abs() < 0.001 && after >= 0.0, "{after} held, {} booked", held[till]);
    }
    assert!(held.iter().filter(|held| **held > 0.0).count() > 20);
}

#[test]
fn a_code_is_used_as_often_as_orders_say() {
    let plan = plan(
        "create table coupon (id bigint primary key, code text not null unique, usage_limit int, times_used int not null, check (times_used <= usage_limit));
         create table basket (id bigint primary key, coupon_id bigint references coupon, total_amount numeric(10,2) not null, ordered_at timestamptz not null);
         create table gadget (id bigint primary key, name text not null);
         create table gadget_search (id bigint primary key, query text not null check (query in ('lamp', 'blue lamp', 'small blue desk lamp')), results_count int not null,
             clicked_item_id bigint references gadget, searched_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let mut uses = vec![0; rows.layouts[0].made as usize];
    for row in 0..rows.layouts[1].made {
        if let Some(coupon) = rows.reference(1, row, 0) {
            uses[coupon as usize] += 1;
        }
    }
    assert!(uses.iter().any(|uses| *uses > 1));
    for (row, uses) in uses.into_iter().enumerate() {
        assert_eq!(rows.cell(0, row as u64, 3).as_f64(), Some(f64::from(uses)));
    }
    let (_, more, _) = held(&plan, &mut rows, "coupon", "times_used <= usage_limit");
    assert_eq!(more, 0, "used more often than allowed");
    let (_, many, _) =
        held(&plan, &mut rows, "gadget_search", "results_count <= case query when 'lamp' then 50 when 'blue lamp' then 16 else 3 end");
    let (found, nothing, _) = held(&plan, &mut rows, "gadget_search", "results_count > 0");
    assert!(many == 0 && found > nothing, "{many} find too much, {nothing} nothing");
}
