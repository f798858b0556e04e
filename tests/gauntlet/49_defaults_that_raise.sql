create schema gauntlet;
set local search_path = gauntlet, public;

create table note (
    id serial primary key,
    tenant text not null default current_setting('app.tenant'),
    body text not null,
    made_at timestamptz not null default now());
