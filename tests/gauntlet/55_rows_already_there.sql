create schema gauntlet;
set local search_path = gauntlet, public;

create table kind (id serial primary key, name text not null unique);
insert into kind (name) values ('first'), ('second'), ('third');
delete from kind where name = 'second';
create table thing (id serial primary key, kind_id int not null references kind, name text not null);
