create schema gauntlet;
set local search_path = gauntlet, public;

create table geometry_kinds (
    id serial primary key,
    spot point not null, edge lseg not null, frame box not null, way path not null, area polygon not null, ring circle not null, straight line not null);
