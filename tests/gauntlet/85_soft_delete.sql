create schema gauntlet;
set local search_path = gauntlet, public;

create table customer (
    id serial primary key, mail text not null, deleted_at timestamptz, deleted_by text, version int not null default 1 check (version >= 1),
    check ((deleted_at is null) = (deleted_by is null)), check (deleted_at is null or version > 1));
create unique index mail_once on customer (lower(mail)) where deleted_at is null;
