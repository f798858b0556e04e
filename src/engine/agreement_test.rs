//! Columns of one row, and of a row and those below it, agree with each other: by SQL conditions over rows that are made
//! without a server. The tables are nobody's; what is tested is how columns find each other by their names.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::arguments::Arguments;
use crate::engine::expression::{Binding, Truth, parse};
use crate::engine::fixture::{self, Row, laid_out};
use crate::engine::plan::Plan;
use crate::engine::rows::Rows;

pub(in crate::engine) const ROWS: i64 = 120;

/// Dishes that the list has for every course.
const FEW_DISHES: usize = 6;

pub(in crate::engine) fn plan(ddl: &str) -> Plan {
    fixture::plan(ddl, Arguments { rows_default: ROWS, ..Arguments::default() })
}

/// In how many rows of a table a condition holds, fails, and is unknown.
pub(in crate::engine) fn held(plan: &Plan, rows: &mut Rows, table: &str, condition: &str) -> (u64, u64, u64) {
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
pub(in crate::engine) fn demand(ddl: &str, conditions: &[(&str, &str)]) {
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
fn an_animal_weighs_what_its_kind_does() {
    demand(
        "create table boarded_pet (id bigint primary key, pet_name text not null, species text not null, weight_kg numeric(6,2) not null);",
        &[("boarded_pet", "species <> 'Cat' or weight_kg < 9"), ("boarded_pet", "species <> 'Horse' or weight_kg > 300")],
    );
}

#[test]
fn whose_mother_somebody_is_tells_the_sex_and_a_street_beside_a_number_has_none() {
    demand(
        "create table next_of_kin (id bigint primary key, full_name text not null, relationship varchar(20) not null, gender char(1) not null);
         create table lodger (id bigint primary key, nachname text not null, strasse varchar(80) not null, hausnr varchar(8) not null, ort text not null);",
        &[
            ("next_of_kin", "relationship not in ('mother', 'sister', 'daughter') or gender = 'F'"),
            ("next_of_kin", "relationship not in ('father', 'brother', 'son') or gender = 'M'"),
            ("lodger", "strasse not like '1%' and strasse not like '3%' and strasse not like '% 1_' and strasse not like '% 8_'"),
        ],
    );
}

#[test]
fn what_is_done_in_an_appointment_is_done_in_those_that_were_kept() {
    demand(
        "create table pupil (id bigint primary key, full_name text not null, registered_at timestamptz not null);
         create table tutor_appointment (id bigint primary key, pupil_id bigint not null references pupil, scheduled_start timestamptz not null,
             scheduled_end timestamptz not null, status text not null check (status in ('scheduled', 'completed', 'cancelled', 'no_show')));
         create table voice_examination (id bigint primary key, tutor_appointment_id bigint not null unique references tutor_appointment,
             examined_at timestamptz not null, notes text);",
        &[("voice_examination", "tutor_appointment_id.status = 'completed'")],
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
        "create table menu_section (id int primary key check (id between 1 and 40), sort_order int not null);
         create table menu_dish (id bigint primary key, menu_section_id int not null references menu_section, name varchar(80) not null, price numeric(6,2) not null);",
    );
    let mut rows = laid_out(&plan);
    let mut cards: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in 0..rows.layouts[1].made {
        cards.entry(format!("{:?}", rows.cell(1, row, 1))).or_default().push(format!("{:?}", rows.cell(1, row, 2)));
    }
    let of = |card: &[String], words: &[&str]| card.iter().any(|dish| words.iter().any(|word| dish.contains(word)));
    let mixed: Vec<_> = cards
        .values()
        .filter(|card| of(card, &[", 0.", " Tea", "Coffee"]) && of(card, &["Soup", "Salad", "Pizza", "Steak", "Spaghetti", "Burger"]))
        .collect();
    assert!(mixed.is_empty(), "{mixed:?}");
    // The dishes of a section are of one course; a section with more of them than the list has for it repeats some.
    cards.retain(|_, dishes| (2..=FEW_DISHES).contains(&dishes.len()));
    let dishes: usize = cards.values().map(Vec::len).sum();
    let repeated: Vec<_> = cards.values().filter(|card| card.iter().collect::<BTreeSet<_>>().len() < card.len()).collect();
    assert!(dishes > 40 && repeated.is_empty(), "{dishes} dishes: {repeated:?}");
}

#[test]
fn what_was_edited_was_made_before() {
    let plan = plan(
        "create table writer (id bigint primary key, name text not null);
         create table letter (id bigint primary key, writer_id bigint not null references writer, body text not null, created_at timestamptz not null, edited_at timestamptz);",
    );
    let mut rows = laid_out(&plan);
    let (later, not_later, never) = held(&plan, &mut rows, "letter", "edited_at > created_at");
    assert!(not_later == 0 && later > 10 && never > later, "edited later {later}, at once {not_later}, never {never}");
}

#[test]
fn usual_labels_are_frequent_and_odd_ones_rare() {
    let plan = plan(
        "create table registrant (id bigint primary key, gender char(1) not null check (gender in ('M', 'F', 'X')),
             entry_state text not null default 'ok' check (entry_state in ('waiting', 'ok', 'failed')),
             gadget text not null check (gadget in ('hammer', 'saw', 'other', 'drill')));",
    );
    let mut rows = laid_out(&plan);
    let mut share = |condition: &str| held(&plan, &mut rows, "registrant", condition).0 as f64 / ROWS as f64;
    assert!(share("gender = 'X'") < 0.1 && share("gender = 'F'") > 0.25 && share("gender = 'M'") > 0.25);
    assert!(share("entry_state = 'ok'") > 0.5 && share("entry_state = 'failed'") < 0.1, "{}", share("entry_state = 'ok'"));
    assert!(share("gadget = 'other'") < 0.05 && share("gadget = 'hammer'") > share("gadget = 'drill'"), "{}", share("gadget = 'other'"));
}

#[test]
fn codes_begin_as_the_name_beside_them() {
    let plan = plan("create table workshop_project (id bigint primary key, code varchar(8) not null unique, name text not null);");
    let mut rows = laid_out(&plan);
    for row in 0..rows.layouts[0].made {
        let (code, name) = (rows.cell(0, row, 1).to_string(), rows.cell(0, row, 2).to_string());
        let letters: String = code.chars().take_while(char::is_ascii_uppercase).collect();
        let begins: String = name.chars().take(3).collect();
        assert!(!name.is_ascii() || letters.len() == 3 && begins.to_uppercase().starts_with(letters.trim()), "{code} of {name}");
    }
}

#[test]
fn planned_amounts_are_round() {
    demand(
        "create table undertaking (id bigint primary key, budget numeric(12,2) not null, tuition numeric(10,2) not null);",
        &[("undertaking", "budget % 100 = 0"), ("undertaking", "tuition % 10 = 0")],
    );
}

#[test]
fn doors_open_before_they_close_at_times_that_people_set() {
    demand(
        "create table kiosk (id bigint primary key, opens_at time not null, closes_at time not null);
         create table duty (id bigint primary key, start_time time not null, end_time time not null);",
        &[("kiosk", "opens_at < closes_at and opens_at >= '06:00' and closes_at <= '23:00'"), ("duty", "start_time < end_time")],
    );
}

#[test]
fn somebody_to_call_is_somebody_else() {
    demand(
        "create table worker (id bigint primary key, first_name text not null, last_name text not null, emergency_contact_name text not null);
         create table next_of_kin (id bigint primary key, worker_id bigint not null references worker, first_name text not null, relationship text not null);",
        &[
            ("worker", "emergency_contact_name <> first_name || ' ' || last_name"),
            ("worker", "length(emergency_contact_name) > 4 and emergency_contact_name like '% %'"),
        ],
    );
    let plan = plan(
        "create table worker (id bigint primary key, first_name text not null, last_name text not null);
         create table emergency_contact (id bigint primary key, worker_id bigint not null references worker, full_name text not null, relationship text not null);",
    );
    let mut rows = laid_out(&plan);
    let (other, same, _) = held(&plan, &mut rows, "emergency_contact", "full_name <> worker_id.first_name || ' ' || worker_id.last_name");
    assert!(same * 50 <= other, "{same} of {other} are their own contact");
}

/// Words and numbers of the trades: what a table is of is told by the schema that it stands in.
#[test]
fn a_word_means_what_it_means_in_its_trade() {
    demand(
        "create table lease (id bigint primary key, monthly_rent numeric(10,2) not null, security_deposit numeric(10,2) not null, tenant_name text not null);
         create table charge_type (id bigint primary key, code text not null unique, description text not null);
         create table rent_charge (id bigint primary key, lease_id bigint not null references lease, charge_type_id bigint not null references charge_type);
         create table apartment (id bigint primary key, bedrooms int not null, bathrooms numeric(3,1) not null, square_feet int not null);
         create table maintenance_request (id bigint primary key, apartment_id bigint not null references apartment,
             category text not null check (category in ('plumbing', 'heating')), title text not null);",
        &[
            ("lease", "monthly_rent between 550 and 3200"),
            ("charge_type", "description in ('Rent', 'Late Fee', 'Parking', 'Water', 'Heating', 'Electricity', 'Waste Collection', 'Cleaning Fee', 'Key Replacement', 'Pet Fee', 'Storage Room', 'Returned Payment Fee', 'Security Deposit', 'Damage Repair')"),
            ("apartment", "bedrooms <= 5 and bathrooms between 1 and 3.5 and square_feet between 380 and 2600"),
            ("maintenance_request", "(category = 'heating') = (title in ('No hot water', 'Radiator stays cold', 'Heating makes knocking noises', 'Thermostat does not respond'))"),
        ],
    );
    demand(
        "create table charge_type (id bigint primary key, description text not null);
         create table guest (id bigint primary key, full_name text not null, room_number text not null, booking_code text not null);
         create table guest_folio (id bigint primary key, guest_id bigint not null references guest, charge_type_id bigint references charge_type, nights int not null);",
        &[("charge_type", "description not in ('Rent', 'Late Fee', 'Parking', 'Key Replacement')")],
    );
    demand(
        "create table class_type (id bigint primary key, name text not null unique, intensity int not null);
         create table trainer (id bigint primary key, full_name text not null, specialty text not null);
         create table exercise (id bigint primary key, name text not null unique, muscle_group text not null);
         create table workout (id bigint primary key, trainer_id bigint references trainer, avg_heart_rate int not null, max_heart_rate int not null);
         create table workout_set (id bigint primary key, workout_id bigint not null references workout, exercise_id bigint not null references exercise, reps int not null, weight_kg numeric(6,2) not null);
         create table body_measurement (id bigint primary key, measured_on date not null, weight_kg numeric(5,1) not null, waist_cm numeric(5,1) not null, body_fat_pct numeric(4,1) not null);",
        &[
            ("class_type", "name not in ('Business Law', 'Data Structures', 'Music Theory', 'Lecture', 'Seminar')"),
            ("exercise", "(muscle_group = 'chest') = (name in ('Bench Press', 'Incline Dumbbell Press', 'Push-up', 'Cable Fly'))"),
            ("workout", "avg_heart_rate between 110 and 150 and max_heart_rate between 150 and 190"),
            ("workout_set", "reps between 5 and 15 and weight_kg between 5 and 140"),
            ("body_measurement", "weight_kg between 40 and 170 and waist_cm between 60 and 120 and body_fat_pct between 8 and 40"),
        ],
    );
    demand(
        "create table work_center (id bigint primary key, code text not null unique, name text not null);
         create table units_of_measure (uom_code varchar(8) primary key, name text not null);
         create table item (id bigint primary key, description text not null, revision varchar(4) not null, uom_code varchar(8) not null references units_of_measure);
         create table bom_line (id bigint primary key, item_id bigint not null references item, scrap_pct numeric(5,2) not null);
         create table shift (id bigint primary key, name text not null unique, start_time time not null);
         create table quality_check (id bigint primary key, item_id bigint not null references item, characteristic text not null, defect_description text);",
        &[
            ("item", "revision in ('A', 'B', 'C', 'D')"),
            ("bom_line", "scrap_pct between 0 and 8"),
            ("shift", "name in ('Early', 'Late', 'Night')"),
            ("units_of_measure", "name not in ('Foundations', 'Getting started', 'Going deeper') and (uom_code = 'kg') = (name = 'Kilogram')"),
            ("quality_check", "characteristic in ('Outer diameter', 'Inner diameter', 'Length', 'Thickness', 'Surface roughness', 'Hardness', 'Flatness', 'Concentricity', 'Torque', 'Weight', 'Leak rate', 'Thread depth', 'Coating thickness', 'Hole position')"),
        ],
    );
}
