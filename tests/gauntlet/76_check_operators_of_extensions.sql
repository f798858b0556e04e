create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists hstore;
create extension if not exists ltree;
create extension if not exists intarray;
create extension if not exists citext;
create table item (
    id serial primary key,
    attributes hstore not null check (attributes ? 'size'),
    path ltree not null check (nlevel(path) >= 1),
    marks int[] not null check (icount(marks) > 0),
    nick citext not null check (length(nick) > 1),
    unique (nick));
