create schema gauntlet;
set local search_path = gauntlet, public;

create table reading (id int not null, sensor int not null, at date not null, value real not null, primary key (id, at, sensor)) partition by range (at);
create table reading_old partition of reading for values from (minvalue) to ('2020-01-01');
create table reading_2020 partition of reading for values from ('2020-01-01') to ('2021-01-01') partition by hash (sensor);
create table reading_2020_0 partition of reading_2020 for values with (modulus 2, remainder 0);
create table reading_2020_1 partition of reading_2020 for values with (modulus 2, remainder 1);
create table reading_rest partition of reading default;
create table remark (id serial primary key, reading_id int not null, reading_at date not null, sensor int not null, text text not null,
    foreign key (reading_id, reading_at, sensor) references reading (id, at, sensor));
