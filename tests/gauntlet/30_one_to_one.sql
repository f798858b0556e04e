create schema gauntlet;
set local search_path = gauntlet, public;

create table person (id serial primary key, name text not null);
create table passport (person_id int primary key references person on delete cascade, number text not null unique);
create table visa (person_id int primary key references passport, until date not null);
