create schema gauntlet;
set local search_path = gauntlet, public;

create table a (id serial primary key, b_id int not null, note text);
create table b (id serial primary key, c_id int not null, note text);
create table c (id serial primary key, a_id int not null references a deferrable initially deferred, note text);
alter table a add foreign key (b_id) references b deferrable initially deferred;
alter table b add foreign key (c_id) references c deferrable;
