create schema gauntlet;
set local search_path = gauntlet, public;

create table study_faculty (id serial primary key, name text not null unique, short_code varchar(6) not null unique);
create table study_department (
    id serial primary key, study_faculty_id int not null references study_faculty, name text not null, code varchar(6) not null unique, unique (study_faculty_id, name));
create table study_programme (
    id serial primary key, study_department_id int not null references study_department, programme_name text not null unique,
    degree text not null check (degree in ('BA', 'BSc', 'MA', 'MSc', 'PhD')), duration_semesters int not null check (duration_semesters between 2 and 12), credits_required int not null);
create table study_course (
    id serial primary key, study_department_id int not null references study_department, course_code varchar(10) not null unique check (course_code ~ '^[A-Z]{2,4}[0-9]{3}$'), title text not null,
    level text not null check (level in ('introductory', 'intermediate', 'advanced')));
create table course_run (
    id serial primary key, study_course_id int not null references study_course, seats int not null, seats_taken int not null default 0, starts_on date not null, check (seats_taken <= seats));
create table undergraduate (
    id serial primary key, first_name text not null, last_name text not null, study_programme_id int not null references study_programme, enrolled_on date not null, expected_graduation date not null);
create table run_enrolment (
    id serial primary key, undergraduate_id int not null references undergraduate, course_run_id int not null references course_run, enrolled_at timestamptz not null,
    status text not null check (status in ('enrolled', 'completed', 'failed', 'dropped')), final_grade varchar(2) check (final_grade in ('A', 'B', 'C', 'D', 'F')), grade_points numeric(3,2),
    unique (undergraduate_id, course_run_id));
create table run_exam (id serial primary key, course_run_id int not null references course_run, title text not null, max_points int not null check (max_points > 0), weight_percent int not null);
create table run_exam_mark (
    run_exam_id int not null references run_exam, undergraduate_id int not null references undergraduate, points numeric(5,1) not null, grade varchar(2) not null, primary key (run_exam_id, undergraduate_id));
create table study_room (id serial primary key, room_type text not null check (room_type in ('lecture_hall', 'seminar', 'lab')), capacity int not null);
create table shelf_volume (
    id serial primary key, isbn text not null unique, title text not null, copies_total int not null check (copies_total > 0), copies_available int not null, check (copies_available between 0 and copies_total));
create table reader_loan (
    id serial primary key, shelf_volume_id int not null references shelf_volume, undergraduate_id int not null references undergraduate, borrowed_on date not null, due_on date not null, returned_on date,
    fine_amount numeric(6,2) not null default 0);
