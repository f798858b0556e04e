create schema gauntlet;
set local search_path = gauntlet, public;

create table network_kinds (
    id serial primary key,
    address inet not null, net cidr not null, mac macaddr not null, long_mac macaddr8 not null,
    flags bit(8) not null, mask bit varying(12) not null, one bit not null);
