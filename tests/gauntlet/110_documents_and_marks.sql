create schema gauntlet;
set local search_path = gauntlet, public;

create table quote (id serial primary key, title text not null, amount numeric(10,2) not null, discount_percent numeric(5,2), total numeric(10,2) not null, issued_on date not null);
create table purchase (
    id serial primary key, subtotal numeric(12,2) not null, discount_percent numeric(5,2) not null, vat_rate numeric(4,1) not null, total_amount numeric(12,2) not null,
    ordered_at timestamptz not null);
create table purchase_line (
    id serial primary key, purchase_id int not null references purchase, quantity int not null, unit_price numeric(10,2) not null, discount_percent numeric(5,2),
    line_total numeric(12,2) not null);
create table bill (
    id serial primary key, subtotal numeric(12,2) not null, tax_rate numeric(5,2) not null, tax_amount numeric(12,2) not null, discount numeric(12,2) not null default 0,
    total numeric(12,2) not null, issued_on date not null);
create table quiz (id serial primary key, title text not null, question_count int not null, max_score int not null, passing_score int not null);
create table quiz_question (id serial primary key, quiz_id int not null references quiz, prompt text not null);
create table quiz_attempt (
    id serial primary key, quiz_id int not null references quiz, max_score int not null, score int not null, percentage numeric(5,2) not null, passed boolean not null,
    started_at timestamptz not null);
create table exam_result (id serial primary key, marks_obtained numeric(5,1) not null, total_marks int not null, pass_mark int not null, passed boolean not null, exam_date date not null);
create table reading (id serial primary key, title text not null, total_pages int not null, current_page int not null, pages_read int not null);
create table course_progress (id serial primary key, lessons_total int not null, lessons_completed int not null, progress_percent int not null);
create table leave_balance (id serial primary key, entitled_days int not null, used_days int not null, remaining_days int not null);
