create schema gauntlet;
set local search_path = gauntlet, public;

create table member (id serial primary key, full_name text not null, email text not null unique, registered_at timestamptz not null);
create table post (id serial primary key, user_id int not null references member, title text not null, body text not null, created_at timestamptz not null);
create table comment (id serial primary key, post_id int not null references post, user_id int not null references member, body text not null, created_at timestamptz not null);
create table policy (id serial primary key, member_id int not null references member, policy_number text not null unique, valid_from date not null, valid_until date);
create table visit (
    id serial primary key, member_id int not null references member, policy_id int references policy, visit_date timestamptz not null,
    status text not null check (status in ('scheduled', 'completed', 'cancelled')), cancelled_at timestamptz, completed_at timestamptz,
    total numeric(10,2) not null check (total >= 0));
create table visit_line (
    id serial primary key, visit_id int not null references visit, quantity int not null check (quantity > 0),
    unit_price numeric(10,2) not null, line_total numeric(10,2) not null);
create table visit_status_history (
    id serial primary key, visit_id int not null references visit,
    status text not null check (status in ('scheduled', 'completed', 'cancelled')), changed_at timestamptz not null);
create table payment (
    id serial primary key, member_id int not null references member, visit_id int not null references visit,
    amount numeric(10,2) not null check (amount > 0), payment_method text not null, paid_at timestamptz not null);
create table conversation (id serial primary key, title text, created_at timestamptz not null);
create table conversation_participant (
    conversation_id int not null references conversation, member_id int not null references member, joined_at timestamptz not null,
    primary key (conversation_id, member_id));
create table message (
    id serial primary key, conversation_id int not null references conversation, sender_id int not null references member,
    body text not null, sent_at timestamptz not null, read_at timestamptz);
create table message_flag (id serial primary key, message_id int not null references message, member_id int not null references member, flagged_at timestamptz not null);
