create schema gauntlet;
set local search_path = gauntlet, public;

create table member (
    id serial primary key,
    born_on date not null check (born_on <= current_date - interval '18 years'),
    joined_at timestamptz not null check (joined_at <= now()),
    valid_until date not null check (valid_until > date '2030-01-01'),
    left_at timestamptz check (left_at >= joined_at));
