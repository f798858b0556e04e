create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists btree_gist;
create type load_range as range (subtype = float8);
create table shelf (id serial primary key, name text not null);
create table slot (
    id serial primary key, shelf_id int not null references shelf, reach load_range not null, free boolean not null,
    exclude using gist (shelf_id with =, reach with &&) where (not free));
create table price (
    product int not null, valid_from date not null, valid_to date, amount numeric(8,2) not null check (amount > 0),
    check (valid_to > valid_from),
    exclude using gist (product with =, daterange(valid_from, valid_to) with &&));
