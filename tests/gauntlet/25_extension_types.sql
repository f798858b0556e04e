create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists citext;
create extension if not exists hstore;
create extension if not exists ltree;
create extension if not exists cube;
create extension if not exists isn;
create table extension_kinds (
    id serial primary key,
    nick citext not null unique, bag hstore not null, path ltree not null, body cube not null, book isbn);
