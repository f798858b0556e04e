create schema gauntlet;
set local search_path = gauntlet, public;

create table text_kinds (
    id int generated always as identity primary key,
    free text not null, bounded varchar(7) not null, padded char(4) not null, letter "char" not null, named name not null, bytes bytea not null,
    one varchar(1) not null);
