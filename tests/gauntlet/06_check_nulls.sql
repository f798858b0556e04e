create schema gauntlet;
set local search_path = gauntlet, public;

create table contact (
    id serial primary key,
    email text, phone text, fax text,
    street text, city text,
    check (num_nonnulls(email, phone, fax) = 1),
    check ((street is null) = (city is null)));
