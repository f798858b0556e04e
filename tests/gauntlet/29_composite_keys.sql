create schema gauntlet;
set local search_path = gauntlet, public;

create table country (code char(2) primary key);
create table city (country char(2) not null references country, name text not null, primary key (country, name));
create table office (
    id serial primary key,
    country char(2) not null, city text not null,
    twin_country char(2), twin_city text,
    foreign key (country, city) references city (country, name),
    foreign key (twin_country, twin_city) references city (country, name) match full);

-- A key of which one column may be NULL and the other may not.
create table room (floor int, number int, primary key (floor, number));
create table booking (id serial primary key, floor int not null, number int, guest text not null, foreign key (floor, number) references room);
