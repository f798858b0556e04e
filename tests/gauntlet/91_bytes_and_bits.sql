create schema gauntlet;
set local search_path = gauntlet, public;

create table key (
    id serial primary key,
    digest bytea not null check (octet_length(digest) = 16),
    salt bytea not null check (length(salt) >= 8),
    flags bit(4) not null check (flags <> b'0000'),
    mask varbit(8) check (length(mask) > 0),
    hex text not null check (hex ~ '^[0-9a-f]{32}$'));
