create schema gauntlet;
set local search_path = gauntlet, public;

create type mood as enum ('low', 'even', 'high');
create table array_kinds (
    id serial primary key,
    numbers int[] not null, words text[] not null, moods mood[] not null, days date[] not null, ids uuid[] not null,
    prices numeric(6,2)[] not null, flags boolean[] not null, spots point[] not null, grid int[][] not null, codes varchar(3)[] not null);
