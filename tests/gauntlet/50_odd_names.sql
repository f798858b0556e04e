create schema gauntlet;
set local search_path = gauntlet, public;

create table "Odd "" Table" (
    "Id" serial primary key,
    "the name" text not null,
    "größe" int not null,
    "select" boolean not null,
    "a_name_that_is_as_long_as_a_name_may_be_in_postgresql_sixtythree" text not null);
create table "child of odd" ("Odd Id" int not null references "Odd "" Table", "when" date not null, primary key ("Odd Id", "when"));
