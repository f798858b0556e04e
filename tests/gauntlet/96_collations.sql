create schema gauntlet;
set local search_path = gauntlet, public;

create table term (
    id serial primary key,
    word text collate "C" not null check (word > 'b' collate "C" and word < 'y' collate "C"),
    german text collate "de-x-icu" unique,
    code varchar(8) collate "C" not null unique check (code >= 'A' and code < 'a'));
