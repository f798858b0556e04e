create schema gauntlet;
set local search_path = gauntlet, public;

create table product (id serial primary key, code text not null unique, ean bigint not null unique);
create table stock (id serial primary key, product_code text not null references product (code), ean bigint references product (ean));
