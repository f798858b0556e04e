create schema gauntlet;
set local search_path = gauntlet, public;

create table egg (id int primary key, hen_id int not null, name text not null);
create table hen (id int primary key, egg_id int not null references egg, name text not null);
alter table egg add foreign key (hen_id) references hen;
