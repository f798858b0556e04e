create schema gauntlet;
set local search_path = gauntlet, public;

create table reading (
    id serial primary key,
    percent numeric(5,2) not null check (percent >= 0 and percent <= 100),
    celsius real check (celsius > -60 and celsius < 60),
    taken_on date not null check (taken_on >= '2020-01-01' and taken_on < '2026-01-01'),
    taken_at timestamptz not null check (taken_at <= now()),
    score int not null check (score between 10 and 20));
