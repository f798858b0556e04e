create schema gauntlet;
set local search_path = gauntlet, public;

create table vehicle (id serial primary key, name text not null, wheels int not null check (wheels in (2, 3, 4)));
create table lorry (load_kg int not null, primary key (id)) inherits (vehicle);
