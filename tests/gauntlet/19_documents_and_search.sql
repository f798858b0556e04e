create schema gauntlet;
set local search_path = gauntlet, public;

create table document_kinds (
    id serial primary key,
    plain json not null, binary_form jsonb not null, markup xml not null, words tsvector not null, query tsquery not null, way jsonpath not null);
