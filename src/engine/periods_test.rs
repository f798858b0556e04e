//! Rows that stand for the periods of a calendar, and those that come in them. The tables are nobody's.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::agreement_test::{held, plan};
use crate::engine::fixture::laid_out;
use crate::engine::lives_test::columns_of;
use crate::engine::value::{Value, civil_from_days};

fn day(value: &Value) -> i32 {
    match value {
        Value::Date(day) => *day,
        Value::Stamp(at) => at.div_euclid(crate::engine::value::MICROS_PER_DAY) as i32,
        other => panic!("{other:?} is no day"),
    }
}

/// Whether two days are the first and the last of one month.
fn is_a_month(first: &Value, last: &Value) -> bool {
    let (first, next) = (civil_from_days(day(first)), civil_from_days(day(last) + 1));
    first.day == 1 && next.day == 1 && (next.year * 12 + next.month as i32) - (first.year * 12 + first.month as i32) == 1
}

const PAYROLL: &str = "create table mate (id bigint primary key, full_name text not null);
     create table payroll_batch (id bigint primary key, period_start date not null, period_end date not null, pay_day date not null,
         progress text not null check (progress in ('draft', 'processing', 'paid')), total_gross numeric(12,2), total_net numeric(12,2),
         unique (period_start, period_end), check (period_end > period_start), check (pay_day >= period_end));
     create table pay_sheet (id bigint primary key, payroll_batch_id bigint not null references payroll_batch, mate_id bigint not null references mate,
         gross_pay numeric(10,2) not null, net_pay numeric(10,2) not null, unique (payroll_batch_id, mate_id));";

#[test]
fn a_payroll_has_a_run_a_month() {
    let plan = plan(PAYROLL);
    let mut rows = laid_out(&plan);
    let runs = columns_of(&plan, &mut rows, "payroll_batch", &["period_start", "period_end", "pay_day", "progress"]);
    assert_eq!(runs.len(), 24);
    assert!(runs.iter().all(|run| is_a_month(&run[0], &run[1]) && day(&run[2]) >= day(&run[1])));
    let months: BTreeSet<i32> = runs.iter().map(|run| day(&run[0])).collect();
    assert_eq!(months.len(), 24, "no month twice");
    assert!(runs.windows(2).all(|pair| day(&pair[1][0]) == day(&pair[0][1]) + 1), "one after the other");
    let paid = |run: &Vec<Value>| run[3] == Value::text("paid");
    assert!(runs[..23].iter().all(paid), "what is over is paid");
    assert!(!paid(&runs[23]), "what goes on is not");
}

#[test]
fn its_totals_are_those_of_its_sheets() {
    let plan = plan(PAYROLL);
    let mut rows = laid_out(&plan);
    let sheets = columns_of(&plan, &mut rows, "pay_sheet", &["payroll_batch_id", "gross_pay", "net_pay"]);
    let mut sums: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for sheet in &sheets {
        let sum = sums.entry(sheet[0].to_string()).or_default();
        (0..2).for_each(|at| sum[at] += sheet[at + 1].as_f64().unwrap());
    }
    let runs = columns_of(&plan, &mut rows, "payroll_batch", &["id", "total_gross", "total_net"]);
    for run in &runs {
        let sum = sums.get(&run[0].to_string()).copied().unwrap_or_default();
        (0..2).for_each(|at| assert!((run[at + 1].as_f64().unwrap() - sum[at]).abs() < 0.01, "{run:?} {sum:?}"));
    }
    assert!(sums.len() > 15, "{}", sums.len());
}

#[test]
fn what_is_used_is_told_for_each_month_and_kind() {
    let plan = plan(
        "create table firm (id bigint primary key, name text not null, entered_at timestamptz not null default now());
         create table firm_usage (id bigint primary key, firm_id bigint not null references firm, meter text not null check (meter in ('calls', 'seats', 'storage')),
             amount numeric(12,2) not null, period_start date not null, period_end date not null, noted_at timestamptz not null default now(),
             unique (firm_id, meter, period_start), check (period_end > period_start));",
    );
    let unproved: Vec<&str> = plan.tables[1].verdicts.iter().filter(|kept| kept.verdict != "proved").map(|kept| &*kept.name).collect();
    assert_eq!(unproved, Vec::<&str>::new());
    assert!(plan.tables[1].remembered.is_empty(), "a scheme keeps them apart");
    let mut rows = laid_out(&plan);
    let used = columns_of(&plan, &mut rows, "firm_usage", &["firm_id", "meter", "period_start", "period_end", "noted_at"]);
    let keys: BTreeSet<String> = used.iter().map(|row| format!("{:?}", &row[..3])).collect();
    assert_eq!(keys.len(), used.len());
    assert!(used.iter().all(|row| is_a_month(&row[2], &row[3])));
    let as_of = (plan.as_of / crate::engine::value::MICROS_PER_DAY) as i32;
    assert!(used.iter().all(|row| day(&row[4]) > day(&row[3]) && day(&row[4]) <= as_of), "told once the month is over");
    let meters: BTreeSet<String> = used.iter().map(|row| row[1].to_string()).collect();
    assert_eq!(meters.len(), 3);
}

#[test]
fn who_signs_up_for_a_term_does_so_when_it_begins() {
    let plan = plan(
        "create table pupil (id bigint primary key, full_name text not null);
         create table semester (id bigint primary key, title text not null unique, starts_on date not null, ends_on date not null);
         create table subject (id bigint primary key, title text not null);
         create table subject_run (id bigint primary key, subject_id bigint not null references subject, semester_id bigint not null references semester, unique (subject_id, semester_id));
         create table pupil_enrollment (id bigint primary key, pupil_id bigint not null references pupil, subject_run_id bigint not null references subject_run,
             signed_up_on date not null default current_date, progress text not null check (progress in ('enrolled', 'completed', 'failed', 'dropped')), unique (pupil_id, subject_run_id));
         create table run_exam (id bigint primary key, subject_run_id bigint not null references subject_run, exam_date date not null);",
    );
    let mut rows = laid_out(&plan);
    let terms = columns_of(&plan, &mut rows, "semester", &["title", "starts_on", "ends_on"]);
    let named: Vec<String> = terms.iter().map(|term| format!("{} {} {}", term[0], term[1], term[2])).collect();
    assert!(named.contains(&"Autumn 2025 2025-09-01 2025-12-18".to_owned()), "{named:?}");
    for (child, condition, least) in [
        (
            "pupil_enrollment",
            "signed_up_on between subject_run_id.semester_id.starts_on - 41 and subject_run_id.semester_id.starts_on + 11",
            0.9,
        ),
        ("pupil_enrollment", "subject_run_id.semester_id.ends_on < current_date or progress <> 'completed'", 1.0),
        ("pupil_enrollment", "subject_run_id.semester_id.ends_on >= current_date or progress <> 'enrolled'", 1.0),
        ("run_exam", "exam_date between subject_run_id.semester_id.ends_on - 22 and subject_run_id.semester_id.ends_on", 1.0),
    ] {
        let (true_, false_, _) = held(&plan, &mut rows, child, condition);
        assert!(true_ > 40 && true_ as f64 >= least * (true_ + false_) as f64, "{condition}: {true_} of {}", true_ + false_);
    }
}

#[test]
fn a_staff_has_been_there_for_years_and_most_of_it_is() {
    let plan = plan(
        "create table crew_mate (id bigint primary key, first_name text not null, last_name text not null, born_on date, hire_date date not null, left_on date,
             progress text not null check (progress in ('active', 'on_leave', 'terminated')), check ((progress = 'terminated') = (left_on is not null)));
         create table wage_history (id bigint primary key, crew_mate_id bigint not null references crew_mate, effective_from date not null, effective_to date,
             cause text not null check (cause in ('hire', 'promotion', 'review')), approved_by bigint references crew_mate, unique (crew_mate_id, effective_from));",
    );
    let mut rows = laid_out(&plan);
    let staff = columns_of(&plan, &mut rows, "crew_mate", &["id", "hire_date", "progress"]);
    let left = staff.iter().filter(|mate| mate[2] == Value::text("terminated")).count();
    assert!((1..staff.len() / 3).contains(&left), "{left} of {}", staff.len());
    let before = (plan.as_of / crate::engine::value::MICROS_PER_DAY) as i32 - 1_200;
    let long = staff.iter().filter(|mate| day(&mate[1]) < before).count();
    assert!(long * 2 > staff.len(), "{long} of {}", staff.len());
    let hired: BTreeMap<String, Value> = staff.iter().map(|mate| (mate[0].to_string(), mate[1].clone())).collect();
    let mut told: BTreeMap<String, Vec<Vec<Value>>> = BTreeMap::new();
    for row in columns_of(&plan, &mut rows, "wage_history", &["crew_mate_id", "effective_from", "effective_to", "cause", "approved_by"]) {
        assert_ne!(row[0], row[4], "nobody approves what he gets");
        told.entry(row[0].to_string()).or_default().push(row);
    }
    let more_than_one = told.values().filter(|wages| wages.len() > 1).count();
    assert!(more_than_one > 10, "{more_than_one}");
    for (mate, mut wages) in told {
        wages.sort_by_key(|wage| day(&wage[1]));
        assert_eq!(day(&wages[0][1]), day(&hired[&mate]));
        assert!(wages[0][3] == Value::text("hire") && wages[1..].iter().all(|wage| wage[3] != Value::text("hire")), "{wages:?}");
        assert!(wages.last().unwrap()[2].is_null(), "the last goes on");
        assert!(wages.windows(2).all(|pair| day(&pair[1][1]) == day(&pair[0][2]) + 1), "without a gap: {wages:?}");
    }
}

#[test]
fn what_a_kind_says_of_a_key_holds() {
    let plan = plan(
        "create table member (id bigint primary key, full_name text not null);
         create table access_token (id bigint primary key, label text not null);
         create table trace (id bigint primary key, actor_kind text not null check (actor_kind in ('member', 'access_token', 'system')),
             actor_member_id bigint references member, access_token_id bigint references access_token, happened_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    for (kind, key) in [("member", "actor_member_id"), ("access_token", "access_token_id")] {
        // A key for which nothing old enough is found stays empty now and then.
        let (holds, fails, _) = held(&plan, &mut rows, "trace", &format!("(actor_kind = '{kind}') = ({key} is not null)"));
        assert!(holds > 100 && fails <= 3, "{kind}: {holds}, not in {fails}");
        let (named, ..) = held(&plan, &mut rows, "trace", &format!("{key} is not null"));
        assert!(named > 5, "{kind}: {named}");
    }
}

#[test]
fn who_makes_something_for_a_firm_belongs_to_it() {
    let plan = plan(
        "create table firm (id bigint primary key, name text not null, email text not null, entered_at timestamptz not null default now());
         create table account (id bigint primary key, full_name text not null, email text not null, entered_at timestamptz not null default now());
         create table membership (firm_id bigint not null references firm, account_id bigint not null references account, joined_on timestamptz not null default now(), primary key (firm_id, account_id));
         create table note_board (id bigint primary key, firm_id bigint not null references firm, made_by bigint references account, label text not null, entered_at timestamptz not null default now());",
    );
    let mut rows = laid_out(&plan);
    let belongs: BTreeSet<String> =
        columns_of(&plan, &mut rows, "membership", &["firm_id", "account_id"]).iter().map(|row| format!("{row:?}")).collect();
    let firms: BTreeSet<String> = columns_of(&plan, &mut rows, "membership", &["firm_id"]).iter().map(|row| row[0].to_string()).collect();
    let made = columns_of(&plan, &mut rows, "note_board", &["firm_id", "made_by"]);
    let by_somebody: Vec<_> = made.iter().filter(|row| !row[1].is_null() && firms.contains(&row[0].to_string())).collect();
    let own = by_somebody.iter().filter(|row| belongs.contains(&format!("{row:?}"))).count();
    assert!(by_somebody.len() > 20 && own * 10 >= by_somebody.len() * 9, "{own} of {}", by_somebody.len());
}

#[test]
fn a_key_over_more_than_a_period_and_its_kind_is_kept_by_redraws() {
    let plan = plan(
        "create table depot (id bigint primary key, name text not null);
         create table article (id bigint primary key, name text not null);
         create table article_usage (id bigint primary key, depot_id bigint not null references depot, article_id bigint not null references article, shift_no int not null check (shift_no between 1 and 2),
             amount numeric(12,2) not null, period_start date not null, period_end date not null, noted_at timestamptz not null default now(),
             unique (article_id, shift_no, period_start), check (period_end > period_start));",
    );
    let mut rows = laid_out(&plan);
    let used = columns_of(&plan, &mut rows, "article_usage", &["article_id", "shift_no", "period_start"]);
    let keys: BTreeSet<String> = used.iter().map(|row| format!("{row:?}")).collect();
    assert!(used.len() > 100 && keys.len() == used.len(), "{} of {}", keys.len(), used.len());
}

#[test]
fn who_is_alone_in_a_group_does_not_decide_about_himself() {
    let plan = plan(
        "create table hut (id bigint primary key, label text not null);
         create table hut_mate (id bigint primary key, hut_id bigint not null references hut, first_name text not null, last_name text not null, hire_date date not null);
         create table day_off (id bigint primary key, hut_mate_id bigint not null references hut_mate, asked_at timestamptz not null, decided_by bigint references hut_mate);",
    );
    let mut rows = laid_out(&plan);
    let asked = columns_of(&plan, &mut rows, "day_off", &["hut_mate_id", "decided_by"]);
    let decided: Vec<_> = asked.iter().filter(|row| !row[1].is_null()).collect();
    let own = decided.iter().filter(|row| row[0] == row[1]).count();
    assert!(decided.len() > 40 && own == 0, "{own} of {}", decided.len());
}
