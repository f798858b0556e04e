create schema gauntlet;
set local search_path = gauntlet, public;

create table setting (
    id serial primary key,
    owner text check (owner in ('a', 'b', 'c', 'd')),
    name text not null check (name in ('x', 'y', 'z')),
    value text not null,
    unique nulls not distinct (owner, name));
