create schema gauntlet;
set local search_path = gauntlet, public;

create table account (id serial primary key, email text not null unique, full_name text not null, role text not null check (role in ('student', 'instructor', 'admin')));
create table course (
    id serial primary key, instructor_id int not null references account, title text not null, slug text not null unique,
    price numeric(8,2) not null check (price > 0), currency char(3) not null default 'EUR');
create table enrollment (id serial primary key, course_id int not null references course, student_id int not null references account, enrolled_at timestamptz not null, unique (course_id, student_id));
create table purchase (id serial primary key, account_id int not null references account, total numeric(10,2) not null, currency char(3) not null, purchased_at timestamptz not null);
create table purchase_line (purchase_id int not null references purchase, course_id int not null references course, price numeric(8,2) not null, primary key (purchase_id, course_id));
create table course_attempt (id serial primary key, course_id int not null references course, account_id int not null references account, started_at timestamptz not null, submitted_at timestamptz, score int);
