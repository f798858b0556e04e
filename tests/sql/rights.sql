-- Tables of every kind of right, for role :role.
create schema s;
create table s.none (id int, a text);
create table s.whole (id int, a text);
create table s.some (id int, a text, secret text);
create table s.keyed (id int generated always as identity primary key, a text, twice int generated always as (id * 2) stored);
create table s.guarded (id int, a varchar(5));
create table s.parted (id int, a text) partition by range (id);
create table s.parted_low partition of s.parted for values from (0) to (100);
create view s.seen as select 1 as id, 'a'::text as a;
create sequence s.numbers;
alter table s.guarded enable row level security;
create policy low on s.guarded for insert with check (id < 100);
create policy all_seen on s.guarded for select using (true);
