//! Rows that are parts of others, and rows that name a part of what their owner names.

use crate::support::Cluster;

const SCHEMA: &str = "
    create schema s;
    create table s.course (id serial primary key, title text not null);
    create table s.module (id serial primary key, course_id int not null references s.course, title text not null, position int not null,
        unique (course_id, position));
    create table s.lesson (id serial primary key, module_id int not null references s.module, title text not null, position int not null,
        unique (module_id, position));
    create table s.student (id serial primary key, email text not null unique, full_name text not null);
    create table s.enrollment (id serial primary key, course_id int not null references s.course, student_id int not null references s.student,
        enrolled_at timestamptz not null, unique (course_id, student_id));
    create table s.lesson_progress (enrollment_id int not null references s.enrollment, lesson_id int not null references s.lesson,
        primary key (enrollment_id, lesson_id));
    create table s.plan_subscription (id serial primary key, student_id int not null references s.student, started_at timestamptz not null,
        trial_ends_at timestamptz not null, current_period_end timestamptz not null);";

#[test]
fn what_is_named_is_a_part_of_what_the_owner_names() {
    let database = Cluster::shared().fresh_database("parts");
    database.psql(SCHEMA);
    database.psql(
        "select from synthgen.generate('s', as_of => '2026-01-01', rows => '{\"course\": 10, \"module\": 40, \"lesson\": 150,
         \"student\": 60, \"enrollment\": 100, \"lesson_progress\": 300, \"plan_subscription\": 100}')",
    );
    let zero = |promise: &str, count: &str| assert_eq!(database.psql(count), "0", "{promise}");
    zero(
        "lessons learned are of the course that was enrolled in",
        "select count(*) from s.lesson_progress p join s.enrollment e on e.id = p.enrollment_id
         join s.lesson l on l.id = p.lesson_id join s.module m on m.id = l.module_id where m.course_id <> e.course_id",
    );
    zero("a course has modules", "select count(*) from s.course c where not exists (select from s.module m where m.course_id = c.id)");
    zero("a module has lessons", "select count(*) from s.module m where not exists (select from s.lesson l where l.module_id = m.id)");
    zero("all rows are there", "select 300 - count(*) from s.lesson_progress");
    zero(
        "a trial takes two weeks, and what goes on is paid for until its next month",
        "select count(*) from s.plan_subscription where trial_ends_at <> started_at + interval '14 days'
         or current_period_end < timestamptz '2025-12-31' or current_period_end > timestamptz '2026-02-02'",
    );
}
