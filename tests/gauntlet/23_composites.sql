create schema gauntlet;
set local search_path = gauntlet, public;

create type address as (street text, number int, zip char(5));
create type pair as (low numeric(4,1), high date);
create table customer (id serial primary key, home address not null, span pair, past address[]);
