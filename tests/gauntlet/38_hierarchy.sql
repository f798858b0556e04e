create schema gauntlet;
set local search_path = gauntlet, public;

create table category (
    id serial primary key,
    parent_id int references category,
    name text not null);
