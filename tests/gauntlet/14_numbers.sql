create schema gauntlet;
set local search_path = gauntlet, public;

create table number_kinds (
    id bigint generated always as identity primary key,
    small smallint not null, whole int not null, large bigint not null,
    exact numeric not null, narrow numeric(3,1) not null, coarse numeric(3,-2) not null,
    single real not null, wide double precision not null, price money not null);
