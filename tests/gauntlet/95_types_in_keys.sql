create schema gauntlet;
set local search_path = gauntlet, public;

create table place (code uuid primary key, name text not null);
create table spot (place uuid not null references place, day date not null, hour time not null, primary key (place, day, hour));
create table network (net cidr primary key, label text not null);
create table device (mac macaddr primary key, net cidr not null references network, amount money not null);
create table tariff (code numeric(6,2) primary key, valid int4range not null unique);
create table mood (name "char" primary key, at timestamptz not null unique);
