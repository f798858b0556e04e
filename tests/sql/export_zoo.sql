-- What makes CSV and psql stumble: names, types whose text depends on settings, no key, a generated column.
create schema zoo;
create schema "Second zoo";
create table zoo."it's ""odd"": {k} $1" (k text primary key, "a ""b""" text);
insert into zoo."it's ""odd"": {k} $1" values ('b', 'x'), ('B', 'line
feed'), ('a', 'comma, "quote"'), ('é', null), ('', '');
create table zoo.typed (
    id integer generated always as identity primary key,
    at timestamptz not null, day date, span interval, share float8, bytes bytea, price money, document xml, words text[],
    doubled numeric generated always as (share * 2) stored);
insert into zoo.typed (at, day, span, share, bytes, price, words)
values ('2026-03-01 12:00+02', '2026-03-01', '1 year 2 days 03:04:05', 0.1::float8 + 0.2::float8, '\x00ff', 12.5, '{a,"b c"}'),
       ('2026-07-01 12:00+02', null, null, 1e300, null, null, null);
create table zoo.keyless (a integer, b text);
insert into zoo.keyless values (10, 'x'), (9, null), (9, 'é'), (9, 'z'), (null, null);
create table zoo.counted (k bigint primary key, v text);
insert into zoo.counted select i, 'v' || i from generate_series(1, 20) as i;
create table zoo.coded (a text, b integer, primary key (a, b));
insert into zoo.coded values ('x', 1), ('x', 2), ('y', 1);
create table zoo.split (k integer primary key) partition by range (k);
create table zoo.split_low partition of zoo.split for values from (0) to (10);
create table zoo.split_high partition of zoo.split for values from (10) to (20);
insert into zoo.split values (12), (3);
create table "Second zoo".typed (k integer primary key);
