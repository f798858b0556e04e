create schema gauntlet;
set local search_path = gauntlet, public;

create table list (id serial primary key, name text not null);
create table entry (id serial primary key, list_id int not null references list deferrable initially deferred, position int not null check (position >= 0),
    text text not null, unique (list_id, position) deferrable initially deferred);
