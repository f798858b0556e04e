create schema gauntlet;
set local search_path = gauntlet, public;

create table measurement (id bigint generated always as identity, taken_at timestamptz not null, value real not null, primary key (id, taken_at))
    partition by range (taken_at);
create table measurement_2019 partition of measurement for values from ('2019-01-01 00:00:00+00') to ('2020-01-01 00:00:00+00');
create table measurement_2020 partition of measurement for values from ('2020-01-01 00:00:00+00') to ('2021-01-01 00:00:00+00');
