create schema gauntlet;
set local search_path = gauntlet, public;

create table a (id int primary key, b_id int not null, name text not null);
create table b (id int primary key, c_id int not null, name text not null);
create table c (id int primary key, a_id int not null references a, name text not null);
alter table a add foreign key (b_id) references b;
alter table b add foreign key (c_id) references c;
create table d (id serial primary key, a_id int not null references a, b_id int references b, c_id int not null references c);
