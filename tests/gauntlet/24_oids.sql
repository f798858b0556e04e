create schema gauntlet;
set local search_path = gauntlet, public;

create table oid_kinds (
    id serial primary key,
    object oid not null, relation regclass not null, kind regtype not null, routine regprocedure not null, words regconfig not null,
    place pg_lsn not null, snapshot pg_snapshot not null, role regrole not null, space regnamespace not null);
