create schema gauntlet;
set local search_path = gauntlet, public;

create table weekday (id serial primary key, day int not null unique check (day between 1 and 7), open boolean not null);
create table slot (day int not null references weekday (day), hour int not null check (hour in (8, 12, 16)), primary key (day, hour));

-- More rows than values, which a column that may be NULL allows.
create table desk (id serial primary key, side text unique check (side in ('left', 'right', 'middle')), shelf smallint unique check (shelf between 1 and 9));
