create type mood as enum ('sad', 'ok', 'happy');
create table t (
    a int, b int, c bigint, s smallint, n numeric(10,2), m numeric, f double precision, r real,
    tx text, vc varchar(20), ch char(3), d date, ts timestamptz, tn timestamp, bo boolean, e mood,
    j jsonb, arr text[], u uuid, ti time, kind text, starts date, ends date,
    price numeric(10,2), cost numeric(10,2), iv interval
);
