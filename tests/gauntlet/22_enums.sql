create schema gauntlet;
set local search_path = gauntlet, public;

create type state as enum ('new', 'it''s open', 'done');
create table task (id serial primary key, state state not null default 'new', other state);
