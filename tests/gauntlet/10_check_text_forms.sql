create schema gauntlet;
set local search_path = gauntlet, public;

create table account (
    id serial primary key,
    login text not null unique check (login = lower(login)),
    country char(2) not null check (country = upper(country)),
    title text not null check (title = btrim(title) and title <> ''),
    opened timestamp not null check (date_trunc('minute', opened) = opened));
