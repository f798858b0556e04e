create schema gauntlet;
set local search_path = gauntlet, public;

create table task (
    id serial primary key,
    state text not null check (state = any (array['new', 'open', 'done'])),
    priority int not null check (priority <> all (array[0, 13])),
    days int[] not null check (days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(days) > 0),
    tags text[] check (array_position(tags, null) is null),
    owner text not null check ('x' <> any (array[owner, 'y'])));
