create schema gauntlet;
set local search_path = gauntlet, public;

create table weekday (id serial primary key, day int not null unique check (day between 1 and 7), open boolean not null);
create table slot (day int not null references weekday (day), hour int not null check (hour in (8, 12, 16)), primary key (day, hour));
