create schema gauntlet;
set local search_path = gauntlet, public;

create schema elsewhere;
create table elsewhere.currency (code char(3) primary key, name text not null);
insert into elsewhere.currency values ('EUR', 'Euro'), ('CHF', 'Swiss franc'), ('DKK', 'Danish krone');
create table elsewhere.nobody (id int primary key);
create table account (id serial primary key, currency char(3) not null references elsewhere.currency, patron int references elsewhere.nobody, name text not null);
