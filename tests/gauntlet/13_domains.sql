create schema gauntlet;
set local search_path = gauntlet, public;

create domain percent as numeric(5,2) check (value between 0 and 100);
create domain postcode as text check (value ~ '^[0-9]{5}$');
create domain short_name as varchar(12) not null check (length(value) > 2);
create domain high_percent as percent check (value >= 50);
create table place (
    id serial primary key,
    code postcode not null,
    name short_name,
    share percent,
    top high_percent not null);
