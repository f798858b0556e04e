create schema gauntlet;
set local search_path = gauntlet, public;

create table ratio (
    id serial primary key,
    parts int not null, whole int not null,
    share numeric generated always as (parts::numeric / (whole - 5)) stored,
    payload jsonb not null,
    amount int generated always as ((payload ->> 'amount')::int) stored,
    root double precision generated always as (sqrt(parts - 3)) stored);
