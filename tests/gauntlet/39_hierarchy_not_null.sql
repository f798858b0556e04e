create schema gauntlet;
set local search_path = gauntlet, public;

create table node (id serial primary key, parent_id int not null references node, name text not null);
