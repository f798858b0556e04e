create schema gauntlet;
set local search_path = gauntlet, public;

create type colour;
create function colour_in(cstring) returns colour language internal immutable strict as 'textin';
create function colour_out(colour) returns cstring language internal immutable strict as 'textout';
create type colour (input = colour_in, output = colour_out, like = text);
create table paint (id serial primary key, tone colour not null);
