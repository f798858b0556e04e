create schema gauntlet;
set local search_path = gauntlet, public;

create table tenant (id serial primary key, name text not null);
create table address (
    id serial primary key,
    tenant_id int not null references tenant,
    label text not null,
    is_primary boolean not null default false,
    deleted_at timestamptz);
create unique index one_primary on address (tenant_id) where is_primary;
create unique index label_once on address (tenant_id, label) where deleted_at is null;
create table theme (id serial primary key, name text not null, is_default boolean not null default false);
create unique index one_default on theme ((1)) where is_default;
