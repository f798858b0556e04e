create schema gauntlet;
set local search_path = gauntlet, public;

create table host (
    id serial primary key,
    address text not null check (address::inet is not null),
    port text not null check (port::int between 1 and 65535),
    config text not null check (jsonb_typeof(config::jsonb) = 'object'),
    since text not null check (since::date is not null),
    label text not null);
