create schema gauntlet;
set local search_path = gauntlet, public;

create table traveller (id serial primary key, zone text not null check ((now() at time zone zone) is not null), name text not null);
