create schema gauntlet;
set local search_path = gauntlet, public;

create table student (id serial primary key, name text not null);
create table course (id serial primary key, title text not null);
create table enrolment (student_id int references student, course_id int references course, grade int, primary key (student_id, course_id));
