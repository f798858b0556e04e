create schema gauntlet;
set local search_path = gauntlet, public;

create table department (id serial primary key, name text not null, head_id int, deputy_id int);
create table employee (id serial primary key, department_id int not null references department, boss_id int references employee, name text not null);
alter table department add foreign key (head_id) references employee, add foreign key (deputy_id) references employee;
create table hen (id int primary key, egg_id int not null);
create table egg (id int primary key, hen_id int not null references hen deferrable initially deferred);
alter table hen add foreign key (egg_id) references egg deferrable initially deferred;
