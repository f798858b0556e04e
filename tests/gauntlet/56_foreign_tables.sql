create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists postgres_fdw;
create table local_part (id serial primary key, name text not null);
create unlogged table scratch (id serial primary key, part_id int references local_part, body text not null);
