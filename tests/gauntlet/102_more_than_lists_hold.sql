create schema gauntlet;
set local search_path = gauntlet, public;

create table tag (id serial primary key, name text not null unique);
create table currency (code char(3) primary key, name varchar(40) not null unique);
create table department (id serial primary key, name varchar(50) not null unique);
create table genre (id serial primary key, name text not null, unique (name));
create table country (iso char(2) primary key check (iso = upper(iso)), name text not null unique);
