create schema gauntlet;
set local search_path = gauntlet, public;

create table patron (
    id serial primary key, first_name text not null, last_name text not null, email text not null unique,
    address text not null, city text not null, state text, country text not null, postal_code text not null);
create table bill (
    id serial primary key, patron_id int not null references patron, billed_at timestamptz not null,
    billing_address text not null, billing_city text not null, billing_state text, billing_country text not null, billing_postal_code text not null,
    total numeric(10,2) not null);
-- Places of their own, though they hang under somebody who has one.
create table outlet (id serial primary key, patron_id int not null references patron, name text not null, address text not null, city text not null, country text not null);
