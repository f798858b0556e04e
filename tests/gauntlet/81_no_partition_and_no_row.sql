\set refused '{gauntlet.stream,gauntlet.impossible,gauntlet.below_impossible}'
create schema gauntlet;
set local search_path = gauntlet, public;

create table stream (id bigint generated always as identity, at timestamptz not null, primary key (id, at)) partition by range (at);
create table impossible (id serial primary key, number int not null check (number > 5 and number < 3));
create table below_impossible (id serial primary key, impossible_id int not null references impossible);
create table beside (id serial primary key, impossible_id int references impossible, name text not null);
