create schema gauntlet;
set local search_path = gauntlet, public;

create table client (id serial primary key, name text not null);
insert into client (id, name) values (1, 'one'), (2, 'two'), (7, 'seven');
select setval('client_id_seq', 7) \g /dev/null
create sequence ticket_number start 100 increment by 5;
create table ticket (number int primary key default nextval('ticket_number'), client_id int not null references client, subject text not null);
select nextval('ticket_number'), nextval('ticket_number') \g /dev/null
create table counter (id smallint generated always as identity (start with -100 increment by -1 minvalue -30000) primary key, name text not null);
-- A sequence that a column owns and does not call: nothing is taken from it.
create table legacy (code text primary key, id_old int, note text not null);
create sequence legacy_id_old_seq owned by legacy.id_old;
