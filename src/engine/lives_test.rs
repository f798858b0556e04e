//! Rows agree with the persons, the states and the times of the rows above and beside them. The tables are nobody's.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::agreement_test::{ROWS, demand, held, plan};
use crate::engine::arguments::Arguments;
use crate::engine::catalog::TableId;
use crate::engine::fixture::{self, laid_out};
use crate::engine::plan::Plan;
use crate::engine::rows::Rows;
use crate::engine::value::Value;
use crate::engine::vocabulary::vocabulary;

pub(in crate::engine) fn number_of(plan: &Plan, table: &str, column: &str) -> (TableId, usize) {
    let at = plan.catalog.tables.iter().position(|known| known.name == table).expect("a table of the test");
    let column = plan.catalog.tables[at].columns.iter().position(|known| known.name == column).expect("a column of the test");
    (at, column)
}

/// The values of columns of a table, row by row.
pub(in crate::engine) fn columns_of(plan: &Plan, rows: &mut Rows, table: &str, columns: &[&str]) -> Vec<Vec<Value>> {
    let at: Vec<(TableId, usize)> = columns.iter().map(|column| number_of(plan, table, column)).collect();
    let made = rows.layouts[at[0].0].made;
    (0..made).map(|row| at.iter().map(|&(table, column)| rows.cell(table, row, column)).collect()).collect()
}

#[test]
fn whom_a_deal_is_with_stays_the_same_down_the_chain() {
    demand(
        "create table guest (id bigint primary key, full_name text not null);
         create table cabin_stay (id bigint primary key, main_guest_id bigint not null references guest, starts_on date not null, ends_on date not null);
         create table cabin_bill (id bigint primary key, cabin_stay_id bigint not null references cabin_stay, amount numeric(8,2) not null);
         create table bill_receipt (id bigint primary key, guest_id bigint not null references guest, cabin_bill_id bigint not null references cabin_bill, amount numeric(8,2) not null);",
        &[("bill_receipt", "guest_id = cabin_bill_id.cabin_stay_id.main_guest_id")],
    );
}

#[test]
fn who_reports_on_a_thing_has_rented_it() {
    let plan = plan(
        "create table renter (id bigint primary key, full_name text not null);
         create table hut (id bigint primary key, name text not null);
         create table hut_rental (id bigint primary key, hut_id bigint not null references hut, renter_id bigint not null references renter, starts_on date not null, ends_on date not null);
         create table hut_complaint (id bigint primary key, hut_id bigint not null references hut, renter_id bigint references renter, reported_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let rented = columns_of(&plan, &mut rows, "hut_rental", &["hut_id", "renter_id"]);
    let told = columns_of(&plan, &mut rows, "hut_complaint", &["hut_id", "renter_id"]);
    let by_somebody: Vec<_> = told.iter().filter(|complaint| !complaint[1].is_null()).collect();
    assert!(by_somebody.len() > 30, "{}", by_somebody.len());
    assert!(by_somebody.iter().all(|complaint| rented.contains(complaint)));
}

#[test]
fn periods_of_one_thing_follow_each_other() {
    let plan = plan(
        "create table loft (id int primary key check (id between 1 and 30), name text not null, use_status text not null default 'vacant' check (use_status in ('vacant', 'occupied', 'under_renovation')));
         create table lodger (id bigint primary key, full_name text not null);
         create table loft_lease (id bigint primary key, loft_id int not null references loft, lodger_id bigint not null references lodger,
             use_status text not null check (use_status in ('draft', 'active', 'expired', 'terminated')), starts_on date not null, ends_on date, entered_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let mut leases: BTreeMap<String, Vec<(i32, Option<i32>, String)>> = BTreeMap::new();
    for lease in columns_of(&plan, &mut rows, "loft_lease", &["loft_id", "starts_on", "ends_on", "use_status"]) {
        let [loft, Value::Date(start), end, status] = &lease[..] else { panic!("{lease:?}") };
        let end = if let Value::Date(end) = end { Some(*end) } else { None };
        leases.entry(loft.to_string()).or_default().push((*start, end, status.to_string()));
    }
    let mut followed = 0;
    for leases in leases.values_mut() {
        leases.sort();
        followed += leases.len() - 1;
        assert!(leases.windows(2).all(|pair| pair[0].1.is_some_and(|end| end <= pair[1].0)), "{leases:?}");
        assert!(leases.iter().filter(|(_, _, status)| status == "active").count() <= 1, "{leases:?}");
    }
    assert!(followed > 30, "{followed}");
    let mut taken = 0;
    for loft in columns_of(&plan, &mut rows, "loft", &["id", "use_status"]) {
        let active = leases.get(&loft[0].to_string()).is_some_and(|leases| leases.iter().any(|(_, _, status)| status == "active"));
        assert_eq!(loft[1].to_string() == "occupied", active, "{loft:?}");
        taken += usize::from(active);
    }
    assert!((5..30).contains(&taken), "{taken}");
}

const CLASSES: &str =
    "create table learner (id bigint primary key, full_name text not null, email text not null, joined_at timestamptz not null);
     create table dance_class (id bigint primary key, starts_at timestamptz not null, ends_at timestamptz not null,
         status text not null check (status in ('scheduled', 'running', 'finished', 'cancelled')), check (ends_at > starts_at));
     create table class_booking (id bigint primary key, dance_class_id bigint not null references dance_class, learner_id bigint not null references learner,
         status text not null check (status in ('booked', 'waitlisted', 'attended', 'no_show', 'cancelled')), booked_at timestamptz not null,
         cancelled_at timestamptz, waitlist_position int, unique (dance_class_id, learner_id));
     create table door_check_in (id bigint primary key, learner_id bigint not null references learner, class_booking_id bigint unique references class_booking,
         checked_in_at timestamptz not null, checked_out_at timestamptz);
     create table booking_feedback (id bigint primary key, class_booking_id bigint not null unique references class_booking, rating int not null, submitted_at timestamptz not null);";

#[test]
fn bookings_come_before_what_they_are_for_and_end_with_it() {
    demand(
        CLASSES,
        &[
            ("class_booking", "booked_at <= dance_class_id.starts_at"),
            ("class_booking", "status not in ('booked', 'waitlisted') or dance_class_id.status in ('scheduled', 'running')"),
            ("class_booking", "status <> 'attended' or dance_class_id.status <> 'cancelled'"),
            ("class_booking", "(cancelled_at is not null) = (status = 'cancelled')"),
            ("class_booking", "waitlist_position is null or status = 'waitlisted'"),
            ("dance_class", "(status <> 'scheduled' and status <> 'running') or ends_at > '2026-05-31'"),
            ("booking_feedback", "submitted_at >= class_booking_id.dance_class_id.starts_at"),
            ("booking_feedback", "class_booking_id.status = 'attended'"),
        ],
    );
}

#[test]
fn who_checks_in_has_booked_and_comes_when_it_begins() {
    let plan = plan(CLASSES);
    let mut rows = laid_out(&plan);
    let mut share = |condition: &str| held(&plan, &mut rows, "door_check_in", condition);
    let (own, others, _) = share("learner_id = class_booking_id.learner_id");
    assert!(own > 20 && others == 0, "{own} {others}");
    let (near, far, _) = share(
        "checked_in_at between class_booking_id.dance_class_id.starts_at - interval '30 minutes' and class_booking_id.dance_class_id.starts_at + interval '30 minutes'",
    );
    assert!(near > 20 && far * 10 <= near, "{near} {far}");
}

#[test]
fn what_a_thing_is_made_of_is_not_made_of_it() {
    let plan = plan(
        "create table gauge (code text primary key, name text not null);
         create table gadget (id bigint primary key, gauge_code text not null references gauge, name text not null, kind text not null check (kind in ('finished_good', 'sub_assembly', 'component', 'raw_material')));
         create table gadget_part (parent_gadget_id bigint not null references gadget, component_gadget_id bigint not null references gadget,
             quantity int not null, primary key (parent_gadget_id, component_gadget_id), check (parent_gadget_id <> component_gadget_id));",
    );
    let mut rows = laid_out(&plan);
    let raw = held(&plan, &mut rows, "gadget_part", "parent_gadget_id.kind <> 'raw_material'");
    assert!(raw.0 > 60 && raw.1 == 0, "{raw:?}");
    let finished =
        held(&plan, &mut rows, "gadget_part", "component_gadget_id.kind <> 'finished_good' or parent_gadget_id.kind = 'finished_good'");
    assert!(finished.1 == 0, "{finished:?}");
    let mut open: Vec<(String, String)> = columns_of(&plan, &mut rows, "gadget_part", &["parent_gadget_id", "component_gadget_id"])
        .iter()
        .map(|line| (line[0].to_string(), line[1].to_string()))
        .collect();
    // What nothing is made of that is left goes, until nothing is left: else there is a circle.
    while !open.is_empty() {
        let wholes: std::collections::BTreeSet<String> = open.iter().map(|(whole, _)| whole.clone()).collect();
        let before = open.len();
        open.retain(|(_, part)| wholes.contains(part));
        assert!(open.len() < before, "circles: {open:?}");
    }
}

#[test]
fn orders_have_what_their_state_says() {
    demand(
        "create table press_run (id bigint primary key, quantity_planned int not null, quantity_completed int not null, quantity_scrapped int not null,
             status text not null check (status in ('planned', 'released', 'in_progress', 'completed', 'closed', 'cancelled')),
             planned_start date not null, actual_start timestamptz, actual_end timestamptz, entered_at timestamptz not null);
         create table paper_order (id bigint primary key, status text not null check (status in ('draft', 'sent', 'confirmed', 'partially_received', 'received', 'cancelled')),
             ordered_on date not null, received_on date);
         create table paper_order_line (paper_order_id bigint not null references paper_order, line_no int not null, quantity_ordered numeric(10,2) not null,
             quantity_received numeric(10,2) not null, primary key (paper_order_id, line_no));
         create table ink_lot (id bigint primary key, quantity_received numeric(10,2) not null, quantity_on_hand numeric(10,2) not null,
             status text not null check (status in ('available', 'on_hold', 'consumed')));",
        &[
            ("press_run", "actual_start is null or status not in ('planned', 'released')"),
            ("press_run", "actual_start is not null or status not in ('in_progress', 'completed', 'closed')"),
            ("press_run", "quantity_completed = 0 and quantity_scrapped = 0 or status not in ('planned', 'released')"),
            ("press_run", "quantity_completed + quantity_scrapped = quantity_planned or status not in ('completed', 'closed')"),
            ("paper_order", "(received_on is not null) = (status = 'received')"),
            ("paper_order_line", "quantity_received = 0 or paper_order_id.status in ('partially_received', 'received')"),
            ("paper_order_line", "quantity_received = quantity_ordered or paper_order_id.status <> 'received'"),
            ("ink_lot", "(quantity_on_hand = 0) = (status = 'consumed')"),
        ],
    );
}

#[test]
fn numbers_of_cheques_and_cards_belong_to_their_means() {
    demand(
        "create table due_payment (id bigint primary key, method text not null check (method in ('card', 'check', 'cash')), check_number text, card_last4 char(4));",
        &[
            ("due_payment", "(check_number is not null) = (method = 'check')"),
            ("due_payment", "(card_last4 is not null) = (method = 'card')"),
        ],
    );
}

#[test]
fn shifts_begin_when_their_names_say() {
    demand(
        "create table shift (id int primary key, name text not null unique, start_time time not null, end_time time not null);",
        &[
            ("shift", "name not like '%Night%' or start_time = '22:00' and end_time = '06:00'"),
            ("shift", "name not like '%Morning%' or start_time = '06:00'"),
            ("shift", "end_time = (start_time + interval '8 hours')"),
        ],
    );
}

#[test]
fn others_respond_to_what_somebody_made() {
    let plan = plan(
        "create table painter (id int primary key check (id between 1 and 4), full_name text not null);
         create table canvas (id bigint primary key, painter_id int not null references painter, caption text not null);
         create table canvas_comment (id bigint primary key, canvas_id bigint not null references canvas, painter_id int not null references painter, body text not null);",
    );
    let mut rows = laid_out(&plan);
    let (own, others, _) = held(&plan, &mut rows, "canvas_comment", "painter_id = canvas_id.painter_id");
    assert!(own > 0 && own * 6 < others, "{own} by the painter, {others} by others");
}

#[test]
fn few_rows_are_never_changed() {
    let plan = plan(
        "create table leaflet (id bigint primary key, title text not null, entered_at timestamptz not null, updated_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let (same, changed, _) = held(&plan, &mut rows, "leaflet", "updated_at = entered_at");
    assert!(same > 0 && same as i64 * 5 < ROWS && changed > same, "{same} of {ROWS}");
}

fn micros(value: &Value) -> Option<i64> {
    if let Value::Stamp(at) = value { Some(*at) } else { None }
}

#[test]
fn what_is_planned_is_entered_before_it_begins() {
    const HOUR: i64 = 3_600_000_000;
    let plan = plan(
        "create table pupil (id bigint primary key, full_name text not null, registered_at timestamptz not null);
         create table tutor_appointment (id bigint primary key, pupil_id bigint not null references pupil,
             scheduled_start timestamptz not null, scheduled_end timestamptz not null, booked_at timestamptz not null default now(),
             visit_status text not null check (visit_status in ('scheduled', 'confirmed', 'checked_in', 'completed', 'cancelled', 'no_show')), checked_in_at timestamptz,
             check (scheduled_end > scheduled_start));
         create table town_event (id bigint primary key, title text not null, starts_at timestamp not null, ends_at timestamp not null,
             doors_open_at timestamp, sales_start_at timestamp, sales_end_at timestamp, published_at timestamp, entered_at timestamp not null);
         create table seat_order (id bigint primary key, town_event_id bigint not null references town_event, entered_at timestamp not null);
         create table seat_order_item (id bigint primary key, seat_order_id bigint not null references seat_order, town_event_id bigint not null references town_event, entered_at timestamp not null);
         create table encounter (id bigint primary key, status text not null check (status in ('in_progress', 'finished', 'cancelled')), started_at timestamp not null, ended_at timestamp);",
    );
    let mut rows = laid_out(&plan);
    let lessons = columns_of(&plan, &mut rows, "tutor_appointment", &["booked_at", "scheduled_start", "scheduled_end"]);
    assert!(lessons.len() > 30);
    for lesson in &lessons {
        let at: Vec<i64> = lesson.iter().filter_map(micros).collect();
        assert!(at[0] + HOUR <= at[1] && at[2] - at[1] <= 2 * HOUR && at[1] % (HOUR / 4) == 0, "{lesson:?}");
    }
    let days = |least: i64| {
        lessons.iter().filter(move |lesson| micros(&lesson[1]).zip(micros(&lesson[0])).is_some_and(|(b, a)| b - a > least * 24 * HOUR))
    };
    assert!(days(2).count() * 3 > lessons.len() * 2);
    let order = ["entered_at", "published_at", "sales_start_at", "sales_end_at", "starts_at", "ends_at"];
    let events = columns_of(&plan, &mut rows, "town_event", &order);
    for event in &events {
        let at: Vec<i64> = event.iter().filter_map(micros).collect();
        assert!(at.is_sorted() && at[0] + 24 * HOUR < at[at.len() - 2], "{event:?}");
        assert!(at[at.len() - 1] - at[at.len() - 2] <= 9 * HOUR, "{event:?}");
    }
    let mut came = 0;
    for lesson in columns_of(&plan, &mut rows, "tutor_appointment", &["scheduled_start", "checked_in_at", "visit_status"]) {
        let (Some(begins), Some(at)) = (micros(&lesson[0]), micros(&lesson[1])) else { continue };
        came += 1;
        let off = [Value::text("cancelled"), Value::text("no_show"), Value::text("scheduled")].contains(&lesson[2]);
        assert!(!off && (at - begins).abs() <= HOUR / 4, "{lesson:?}");
    }
    assert!(came > 20, "{came}");
    let starts: Vec<i64> = events.iter().filter_map(|event| micros(&event[4])).collect();
    for item in columns_of(&plan, &mut rows, "seat_order_item", &["entered_at", "seat_order_id"]) {
        assert!(micros(&item[0]).is_some_and(|at| starts.iter().any(|start| at <= *start)), "{item:?}");
    }
    for encounter in columns_of(&plan, &mut rows, "encounter", &["started_at", "ended_at"]) {
        let (Some(from), Some(until)) = (micros(&encounter[0]), micros(&encounter[1])) else { continue };
        assert!(until - from <= 6 * HOUR, "{encounter:?}");
    }
}

#[test]
fn who_works_for_a_division_has_a_job_of_it() {
    let plan = plan(
        "create table dept (id bigint primary key, name text not null unique);
         create table job_role (id bigint primary key, job_title text not null unique);
         create table worker (id bigint primary key, full_name text not null, dept_id bigint not null references dept, job_role_id bigint not null references job_role);",
    );
    let jobs = vocabulary("job_titles").expect("a list of titles");
    let known: BTreeMap<&str, &str> =
        jobs.lines().filter_map(|line| Some((line.cell("person.job_title")?, line.cell("company.department")?))).collect();
    let mut rows = laid_out(&plan);
    let texts = |rows: &mut Rows, table: &str, column: &str| -> BTreeMap<String, String> {
        columns_of(&plan, rows, table, &["id", column]).iter().map(|row| (row[0].to_string(), row[1].to_string())).collect()
    };
    let (divisions, titles) = (texts(&mut rows, "dept", "name"), texts(&mut rows, "job_role", "job_title"));
    let offered: BTreeSet<&str> = titles.values().filter_map(|title| known.get(title.as_str()).copied()).collect();
    let workers = columns_of(&plan, &mut rows, "worker", &["dept_id", "job_role_id"]);
    let (mut own, mut all) = (0, 0);
    for worker in &workers {
        let (division, title) = (&divisions[&worker[0].to_string()], &titles[&worker[1].to_string()]);
        if offered.contains(division.as_str()) {
            all += 1;
            own += usize::from(known.get(title.as_str()) == Some(&division.as_str()));
        }
    }
    assert!(all > 40 && own * 10 >= all * 9, "{own} of {all}");
}

#[test]
fn what_is_sent_travels_for_hours_and_some_is_on_its_way() {
    let plan = fixture::plan(
        "create table bale (id bigint primary key, status text not null check (status in ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
             ordered_at timestamptz not null, shipped_at timestamptz, delivered_at timestamptz);",
        Arguments { rows_default: 2_000, ..Arguments::default() },
    );
    let mut rows = laid_out(&plan);
    let mut share = |condition: &str| held(&plan, &mut rows, "bale", condition);
    let travelled = share("delivered_at >= shipped_at + interval '4 hours'");
    assert!(travelled.0 > 1_000 && travelled.1 == 0, "{travelled:?}");
    let most_of_a_day = share("delivered_at >= shipped_at + interval '18 hours'");
    assert!(most_of_a_day.0 > most_of_a_day.1 * 3, "{most_of_a_day:?}");
    let on_the_way = share("status = 'shipped'");
    assert!(on_the_way.0 > 2, "{on_the_way:?}");
}
