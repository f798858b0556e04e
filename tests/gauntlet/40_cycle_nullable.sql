create schema gauntlet;
set local search_path = gauntlet, public;

create table department (id serial primary key, name text not null, manager_id int);
create table employee (id serial primary key, name text not null, department_id int not null references department);
alter table department add foreign key (manager_id) references employee;
