create schema gauntlet;
set local search_path = gauntlet, public;

create table shape (
    id serial primary key,
    form text not null,
    radius int, width int, height int, side int,
    check (form = 'circle' and radius is not null and num_nonnulls(width, height, side) = 0
        or form = 'box' and num_nonnulls(width, height) = 2 and radius is null and side is null
        or form = 'square' and side > 0 and num_nonnulls(width, height, radius) = 0));
