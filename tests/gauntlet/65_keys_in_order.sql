create schema gauntlet;
set local search_path = gauntlet, public;

create table station (id serial primary key, name text not null);
create table leg (
    id serial primary key,
    from_id int not null references station, to_id int not null references station, via_id int references station,
    check (from_id <> to_id), check (via_id is null or (via_id <> from_id and via_id <> to_id)), unique (from_id, to_id));
create table pair (low_id int not null references station, high_id int not null references station, primary key (low_id, high_id), check (low_id < high_id));
