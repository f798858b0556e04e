create schema gauntlet;
set local search_path = gauntlet, public;

create table event (
    id serial primary key,
    payload jsonb not null check (payload ? 'type'),
    options jsonb check (jsonb_typeof(options) = 'object'),
    list jsonb not null default '[]' check (jsonb_typeof(list) = 'array'));
