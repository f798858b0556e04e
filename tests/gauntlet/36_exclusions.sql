create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists btree_gist;
create table room (id serial primary key, name text not null);
create table booking (
    id serial primary key,
    room_id int not null references room,
    during tstzrange not null,
    cancelled boolean not null default false,
    exclude using gist (room_id with =, during with &&) where (not cancelled));
create table period (id serial primary key, from_day date not null, to_day date not null, check (to_day > from_day),
    exclude using gist (daterange(from_day, to_day) with &&));
