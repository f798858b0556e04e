create schema gauntlet;
set local search_path = gauntlet, public;

create table booking (
    id int generated always as identity primary key,
    starts_at timestamp not null,
    ends_at timestamp not null,
    price numeric(8,2) not null check (price > 0),
    quantity int not null check (quantity between 1 and 9),
    total numeric(10,2) not null,
    low int not null,
    high int not null,
    check (ends_at > starts_at),
    check (total = price * quantity),
    check (low <> high),
    check (low < high));
