//! Rows that tell one thing: texts agree with the kind of their row, rows with what was agreed on before, and changes with the
//! change before. The tables are nobody's.

use std::collections::BTreeMap;

use crate::engine::agreement_test::{demand, held, plan};
use crate::engine::fixture::{self, laid_out};
use crate::engine::value::Value;

/// The rows of some columns of a table, as text.
fn cells<const N: usize>(ddl: &str, table: &str, columns: [&str; N]) -> Vec<Vec<String>> {
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    fixture::cells(&plan, &mut rows, table, columns).iter().map(|row| row.iter().map(Value::to_string).collect()).collect()
}

/// Demands that texts have one of the words of their row's kind.
fn speak_of_their_kind(rows: &[Vec<String>], words: &[(&str, &[&str])]) {
    let mut seen = BTreeMap::new();
    for row in rows.iter().filter(|row| row[1] != Value::Null.to_string()) {
        let Some((kind, wanted)) = words.iter().find(|(kind, _)| *kind == row[0]) else { continue };
        assert!(wanted.iter().any(|word| row[1].to_lowercase().contains(word)), "{row:?}");
        *seen.entry(*kind).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), words.len(), "{seen:?}");
}

#[test]
fn lines_of_a_list_speak_of_the_kind_of_their_row() {
    let rows = cells(
        "create table garage_visit (id bigint primary key, odometer_km int not null,
             maintenance_type text not null check (maintenance_type in ('oil_change', 'tyres', 'brakes', 'inspection')), work_done text not null);",
        "garage_visit",
        ["maintenance_type", "work_done"],
    );
    let words: [(&str, &[&str]); 4] =
        [("oil_change", &["oil"]), ("tyres", &["tyre"]), ("brakes", &["brake"]), ("inspection", &["inspection"])];
    speak_of_their_kind(&rows, &words);
}

#[test]
fn composed_texts_speak_of_the_kinds_of_their_row() {
    let ddl = "create table vehicle_damage (id bigint primary key, body_part text not null check (body_part in ('roof', 'left_door', 'rear bumper', 'windscreen', 'left mirror', 'right wing')),
            severity text not null check (severity in ('scratch', 'dent', 'crack')), description text not null);";
    let rows = cells(ddl, "vehicle_damage", ["body_part", "description"]);
    let words: [(&str, &[&str]); 6] = [
        ("roof", &["roof"]),
        ("left_door", &["left door"]),
        ("rear bumper", &["rear bumper"]),
        ("windscreen", &["windscreen"]),
        ("left mirror", &["left mirror"]),
        ("right wing", &["right wing"]),
    ];
    speak_of_their_kind(&rows, &words);
    let rows = cells(ddl, "vehicle_damage", ["severity", "description"]);
    speak_of_their_kind(&rows, &[("scratch", &["scratch"]), ("dent", &["dent"]), ("crack", &["crack"])]);
}

#[test]
fn a_loss_is_told_as_its_cause_and_as_the_policy_above_it_has_it() {
    let ddl = "create table cover_note (id bigint primary key, cover_type text not null check (cover_type in ('auto', 'home')), begins_on date not null);
         create table loss_event (id bigint primary key, cover_note_id bigint not null references cover_note, cause_of_loss text not null check (cause_of_loss in ('collision', 'theft', 'fire', 'hail', 'water')), loss_description text not null);";
    let rows = cells(ddl, "loss_event", ["cause_of_loss", "loss_description"]);
    let words: [(&str, &[&str]); 5] = [
        ("collision", &["collision", "rear-ended", "lanes"]),
        ("theft", &["stolen", "break-in"]),
        ("fire", &["fire"]),
        ("hail", &["hail"]),
        ("water", &["water", "overflowed", "pipe", "flood"]),
    ];
    speak_of_their_kind(&rows, &words);
    // Of a fire the policy of a car has other tales than that of a house.
    let fires = |kind: &str| -> Vec<String> {
        let told = cells(ddl, "loss_event", ["cover_note_id", "cause_of_loss", "loss_description"]);
        let above = cells(ddl, "cover_note", ["id", "cover_type"]);
        let of = |row: &Vec<String>| above.iter().any(|note| note[0] == row[0] && note[1] == kind);
        told.into_iter().filter(|row| row[1] == "fire" && of(row)).map(|row| row[2].clone()).collect()
    };
    let (cars, houses) = (fires("auto"), fires("home"));
    assert!(!cars.is_empty() && !houses.is_empty());
    assert!(cars.iter().all(|told| told.contains("motorway")), "{cars:?}");
    assert!(houses.iter().all(|told| !told.contains("motorway")), "{houses:?}");
}

#[test]
fn a_column_holds_the_labels_that_go_with_another_of_its_row() {
    let ddl = "create table cover_note (id bigint primary key, cover_type text not null check (cover_type in ('auto', 'home')));
         create table cover_part (id bigint primary key, cover_note_id bigint not null references cover_note, part_code text not null check (part_code in ('COLL', 'DWELL', 'CONT', 'COMP')),
             unique (cover_note_id, part_code));
         create table estate_car (id bigint primary key, fuel_type text not null check (fuel_type in ('petrol', 'electric')), transmission text not null check (transmission in ('manual', 'automatic')));";
    demand(ddl, &[("estate_car", "fuel_type = 'petrol' or transmission = 'automatic'")]);
    let above = cells(ddl, "cover_note", ["id", "cover_type"]);
    let rows = cells(ddl, "cover_part", ["cover_note_id", "part_code"]);
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        parts.entry(&row[0]).or_default().push(&row[1]);
    }
    for note in above.iter().filter(|note| parts.get(note[0].as_str()).is_some_and(|parts| parts.len() <= 2)) {
        let fitting: &[&str] = if note[1] == "auto" { &["COLL", "COMP"] } else { &["DWELL", "CONT"] };
        assert!(parts[note[0].as_str()].iter().all(|part| fitting.contains(part)), "{note:?}: {:?}", parts[note[0].as_str()]);
    }
}

#[test]
fn charges_are_called_after_their_kind() {
    let rows = cells(
        "create table hire (id bigint primary key, total_amount numeric(10,2) not null, begun_at timestamptz not null);
         create table hire_charge (id bigint primary key, hire_id bigint not null references hire, charge_type text not null check (charge_type in ('child_seat', 'late_fee', 'towing_service')),
             description text not null, quantity int not null, unit_price numeric(8,2) not null);",
        "hire_charge",
        ["charge_type", "description"],
    );
    speak_of_their_kind(&rows, &[("child_seat", &["seat"]), ("late_fee", &["return"]), ("towing_service", &["towing service"])]);
}

#[test]
fn what_was_there_before_is_what_the_change_before_made_of_it() {
    let rows = cells(
        "create table dossier (id bigint primary key, opened_at timestamptz not null);
         create table dossier_change (id bigint primary key, dossier_id bigint not null references dossier, revalued_at timestamptz not null default now(),
             previous_amount numeric(12,2) not null, new_amount numeric(12,2) not null);",
        "dossier_change",
        ["dossier_id", "revalued_at", "previous_amount", "new_amount"],
    );
    let mut by: BTreeMap<&str, Vec<&Vec<String>>> = BTreeMap::new();
    for row in &rows {
        by.entry(&row[0]).or_default().push(row);
    }
    let mut pairs = 0;
    for changes in by.values_mut() {
        changes.sort_by_key(|row| row[1].clone());
        assert!(changes[0][2].parse::<f64>().expect("a number") < 0.01);
        for pair in changes.windows(2) {
            assert_eq!(pair[1][2].parse::<f64>().ok(), pair[0][3].parse::<f64>().ok(), "{pair:?}");
            pairs += 1;
        }
    }
    assert!(pairs > 30, "{pairs}");
}

const HIRES: &str = "create table vessel_reservation (id bigint primary key, booked_at timestamptz not null, pickup_at timestamptz not null, return_at timestamptz not null,
        passenger_count int not null, status text not null check (status in ('booked', 'confirmed', 'completed', 'cancelled')), cancelled_at timestamptz, check (pickup_at < return_at));
    create table vessel_hire (id bigint primary key, vessel_reservation_id bigint not null unique references vessel_reservation, fuel_level smallint not null, checked_out_at timestamptz not null,
        due_back_at timestamptz not null, checked_in_at timestamptz, passenger_count int not null, check (checked_in_at > checked_out_at));";

#[test]
fn what_was_agreed_on_is_what_is_done() {
    demand(
        HIRES,
        &[
            ("vessel_reservation", "return_at > pickup_at and return_at < pickup_at + interval '60 days'"),
            ("vessel_hire", "checked_out_at >= vessel_reservation_id.pickup_at - interval '15 minutes'"),
            ("vessel_hire", "due_back_at >= vessel_reservation_id.return_at and due_back_at > checked_out_at"),
            ("vessel_hire", "passenger_count = vessel_reservation_id.passenger_count"),
            ("vessel_hire", "vessel_reservation_id.status <> 'cancelled'"),
            ("vessel_hire", "vessel_reservation_id.status <> 'booked'"),
            ("vessel_hire", "checked_in_at > checked_out_at and checked_in_at < due_back_at + interval '20 days'"),
        ],
    );
}

#[test]
fn most_things_are_back_in_time_and_some_late() {
    let plan = plan(HIRES);
    let mut rows = laid_out(&plan);
    let (in_time, late, _) = held(&plan, &mut rows, "vessel_hire", "checked_in_at <= due_back_at");
    assert!(in_time > late * 2 && late > 0, "{in_time} in time, {late} late");
}

#[test]
fn somebody_uploads_what_hangs_under_a_firm() {
    let rows = cells(
        "create table account_holder (id bigint primary key, kind text not null check (kind in ('individual', 'company')), first_name text, last_name text, company_name text,
             check ((kind = 'individual' and last_name is not null and first_name is not null and company_name is null) or (kind = 'company' and company_name is not null and last_name is null and first_name is null)));
         create table holder_paper (id bigint primary key, account_holder_id bigint not null references account_holder, uploaded_by varchar(80) not null);",
        "holder_paper",
        ["uploaded_by"],
    );
    let logins = rows.iter().filter(|row| !row[0].contains(' ') && row[0].contains('.')).count();
    assert!(rows.len() > 50 && logins == rows.len(), "{logins} of {}: {:?}", rows.len(), rows.iter().find(|row| row[0].contains(' ')));
}
