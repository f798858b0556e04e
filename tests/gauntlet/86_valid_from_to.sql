create schema gauntlet;
set local search_path = gauntlet, public;

create extension if not exists btree_gist;
create table person (id serial primary key, name text not null);
create table salary (
    person_id int not null references person, valid tstzrange not null, amount numeric(9,2) not null check (amount between 1000 and 20000),
    exclude using gist (person_id with =, valid with &&), check (not isempty(valid) and lower(valid) is not null));
create table tenure (id serial primary key, person_id int not null references person, since date not null, until date check (until is null or until >= since + 30));
