create schema gauntlet;
set local search_path = gauntlet, public;

create domain tag_list as text[] check (cardinality(value) between 1 and 4);
create type span as (low int, high int);
create domain proper_span as span check ((value).low < (value).high);
create domain sorted_span as proper_span check ((value).low >= 0);
create domain email as text check (value ~ '^[a-z.]+@[a-z]+\.[a-z]{2,3}$');
create table probe (id serial primary key, tags tag_list not null, within proper_span not null, above sorted_span, mail email unique, others email[] not null);
