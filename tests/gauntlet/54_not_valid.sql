create schema gauntlet;
set local search_path = gauntlet, public;

create table stock (id serial primary key, pieces int not null, code text not null);
alter table stock add constraint some_pieces check (pieces > 0) not valid;
create table move (id serial primary key, stock_id int not null);
alter table move add constraint of_stock foreign key (stock_id) references stock not valid;
