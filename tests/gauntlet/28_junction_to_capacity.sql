create schema gauntlet;
set local search_path = gauntlet, public;

create table colour (code text primary key check (code in ('red', 'green', 'blue')));
create table size (code text primary key check (code in ('s', 'm')));
create table variant (colour text not null references colour, size text not null references size, stock int not null, primary key (colour, size));
