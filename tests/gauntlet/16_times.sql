create schema gauntlet;
set local search_path = gauntlet, public;

create table time_kinds (
    id int generated always as identity primary key,
    day date not null, clock time not null, zoned_clock timetz not null, at timestamp(0) not null, zoned timestamptz(3) not null,
    span interval not null, years interval year to month not null, seconds interval second(0) not null);
