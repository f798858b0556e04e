create schema gauntlet;
set local search_path = gauntlet, public;

create table mailing (
    id serial primary key, subject text not null, recipients int not null, delivered_count int not null, open_count int, click_count int not null,
    unsubscribed_count int not null, sent_at timestamptz not null);
create table banner (
    id serial primary key, headline text not null, budget numeric(10,2) not null, spent numeric(10,2) not null, impressions int not null, clicks int not null,
    conversions int not null, ctr numeric(5,4));
create table clip (id serial primary key, title text not null, view_count int not null, like_count int not null, comment_count int not null, uploaded_at timestamptz not null);
create table clip_comment (id serial primary key, clip_id int not null references clip, body text not null, created_at timestamptz not null);
create table voucher (id serial primary key, code text not null unique, usage_limit int, times_used int not null, valid_from date not null, valid_until date not null);
create table voucher_redemption (id serial primary key, voucher_id int not null references voucher, redeemed_at timestamptz not null);
create table suite_run (
    id serial primary key, suite text not null, total_tests int not null, passed int not null, failed int not null, skipped int not null, run_at timestamptz not null);
create table look_up (
    id serial primary key, query text not null, result_count int not null, clicked_position int, clicked_item_id int references clip, searched_at timestamptz not null);
create table hall (id serial primary key, name text not null, capacity int not null, seats_taken int not null, seats_left int not null);
create table stock_level (id serial primary key, place text not null, on_hand int not null, reserved int not null, available int not null, reorder_point int not null, max_stock int not null);
create table stock_change (
    id serial primary key, movement_type text not null check (movement_type in ('receipt', 'issue', 'adjustment')), quantity int not null,
    quantity_before int not null, quantity_after int not null, moved_at timestamptz not null);
