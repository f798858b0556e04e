//! Rows of schools agree: marks with states, exams with those who sit them, courses with their departments. The tables are
//! nobody's.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::agreement_test::{demand, plan};
use crate::engine::fixture::{self, laid_out};
use crate::engine::plan::Plan;
use crate::engine::rows::Rows;

/// The cells of some columns of a table, as texts.
fn cells<const N: usize>(plan: &Plan, rows: &mut Rows, table: &str, columns: [&str; N]) -> Vec<[String; N]> {
    fixture::cells(plan, rows, table, columns).into_iter().map(|row| row.map(|cell| format!("{cell:?}"))).collect()
}

#[test]
fn marks_go_by_how_it_ended() {
    demand(
        "create table pottery_course (id bigint primary key, title text not null);
         create table course_participation (id bigint primary key, pottery_course_id bigint not null references pottery_course,
             signed_up_at timestamptz not null, status text not null check (status in ('enrolled', 'completed', 'failed', 'dropped')),
             final_grade varchar(2) check (final_grade in ('A', 'B', 'C', 'D', 'F')), grade_points numeric(3,2), attendance_percent numeric(5,2) not null);
         create table kiln_exam (id bigint primary key, max_points int not null);
         create table kiln_exam_mark (id bigint primary key, kiln_exam_id bigint not null references kiln_exam, points numeric(5,1), grade varchar(2));
         create table lernkurs (id bigint primary key, ergebnis text not null check (ergebnis in ('bestanden', 'nicht_bestanden')), schulnote numeric(2,1) not null);
         create table teaching_room (id bigint primary key, room_type text not null check (room_type in ('lecture_hall', 'lab', 'office')), capacity int not null);",
        &[
            ("course_participation", "status <> 'failed' or final_grade = 'F' and attendance_percent <= 88"),
            ("course_participation", "status = 'failed' or coalesce(final_grade, '') <> 'F'"),
            ("course_participation", "status in ('completed', 'failed') or final_grade is null and grade_points is null"),
            ("course_participation", "final_grade is null or grade_points = case final_grade when 'A' then 4 when 'B' then 3 when 'C' then 2 when 'D' then 1 else 0 end"),
            ("kiln_exam_mark", "(points >= kiln_exam_id.max_points * 0.93) = (grade = 'A')"),
            ("kiln_exam_mark", "(points < kiln_exam_id.max_points * 0.6) = (grade = 'F')"),
            ("lernkurs", "(ergebnis = 'nicht_bestanden') = (schulnote > 4)"),
            ("teaching_room", "room_type <> 'lecture_hall' or capacity >= 80"),
            ("teaching_room", "room_type <> 'lab' or capacity between 16 and 40"),
            ("teaching_room", "room_type <> 'office' or capacity <= 6"),
        ],
    );
}

#[test]
fn what_is_lent_is_not_there_and_costs_when_it_is_late() {
    let ddl = "create table shelf_volume (id bigint primary key, isbn text not null, copies_total int not null, copies_available int not null);
         create table reader_loan (id bigint primary key, shelf_volume_id bigint not null references shelf_volume, borrowed_on date not null,
             due_on date not null, returned_on date, renewals int not null, fine_amount numeric(6,2) not null);";
    demand(
        ddl,
        &[
            ("reader_loan", "due_on = borrowed_on + 14 * (1 + renewals)"),
            ("reader_loan", "(fine_amount > 0) = coalesce(returned_on > due_on, false)"),
            ("shelf_volume", "copies_available between 0 and copies_total"),
        ],
    );
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    let mut out: BTreeMap<String, i64> = BTreeMap::new();
    for loan in cells(&plan, &mut rows, "reader_loan", ["shelf_volume_id", "returned_on"]) {
        *out.entry(loan[0].clone()).or_default() += i64::from(loan[1] == "Null");
    }
    let number = |text: &str| text.trim_matches(|letter: char| !letter.is_ascii_digit()).parse::<i64>().expect("a number");
    for volume in cells(&plan, &mut rows, "shelf_volume", ["id", "copies_total", "copies_available"]) {
        let lent = out.get(&volume[0]).copied().unwrap_or(0);
        assert_eq!(number(&volume[2]), (number(&volume[1]) - lent).max(0), "{volume:?}");
    }
    assert!(out.values().sum::<i64>() > 10);
}

#[test]
fn an_exam_is_sat_once_by_those_who_take_part() {
    let plan = plan(
        "create table apprentice (id bigint primary key, first_name text not null, last_name text not null);
         create table trade_run (id bigint primary key, starts_on date not null);
         create table trade_run_registration (apprentice_id bigint not null references apprentice, trade_run_id bigint not null references trade_run,
             registered_at timestamptz not null, primary key (apprentice_id, trade_run_id));
         create table trade_exam (id bigint primary key, trade_run_id bigint not null references trade_run, max_points int not null);
         create table trade_exam_mark (trade_exam_id bigint not null references trade_exam, apprentice_id bigint not null references apprentice,
             points numeric(5,1) not null, primary key (trade_exam_id, apprentice_id));",
    );
    let mut rows = laid_out(&plan);
    let members: BTreeSet<[String; 2]> =
        cells(&plan, &mut rows, "trade_run_registration", ["trade_run_id", "apprentice_id"]).into_iter().collect();
    let runs: BTreeMap<String, String> =
        cells(&plan, &mut rows, "trade_exam", ["id", "trade_run_id"]).into_iter().map(|exam| (exam[0].clone(), exam[1].clone())).collect();
    let marks = cells(&plan, &mut rows, "trade_exam_mark", ["trade_exam_id", "apprentice_id"]);
    assert!(marks.len() > 40, "{}", marks.len());
    assert_eq!(marks.iter().collect::<BTreeSet<_>>().len(), marks.len());
    for mark in &marks {
        assert!(members.contains(&[runs[&mark[0]].clone(), mark[1].clone()]), "{mark:?}");
    }
}

#[test]
fn courses_are_of_their_department() {
    let plan = plan(
        "create table teaching_department (id bigint primary key, name text not null, short_code varchar(6) not null, professor text);
         create table department_course (id bigint primary key, teaching_department_id bigint not null references teaching_department,
             course_code varchar(10) not null unique check (course_code ~ '^[A-Z]{2,4}[0-9]{3}$'), title text not null, credits int not null,
             level text not null check (level in ('introductory', 'intermediate', 'advanced')));",
    );
    let mut rows = laid_out(&plan);
    let departments: BTreeMap<String, String> = cells(&plan, &mut rows, "teaching_department", ["id", "short_code"])
        .into_iter()
        .map(|department| (department[0].clone(), department[1].trim_end_matches("\")").to_owned()))
        .collect();
    let mut of_title: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut elsewhere = 0;
    for course in cells(&plan, &mut rows, "department_course", ["teaching_department_id", "course_code", "title", "level"]) {
        let code = &departments[&course[0]];
        assert!(course[1].starts_with(code.as_str()), "{course:?} {code}");
        let told = (code.clone(), course[3].clone());
        let known = of_title.entry(course[2].clone()).or_insert_with(|| told.clone());
        assert_eq!(known.1, told.1, "{course:?}");
        elsewhere += u32::from(known.0 != told.0);
    }
    // Where the list of departments ends, one is called after another: `Joint Forestry`.
    assert!(elsewhere <= 2 && of_title.len() > 60, "{elsewhere}, {}", of_title.len());
}
