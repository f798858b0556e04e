create schema gauntlet;
set local search_path = gauntlet, public;

create table site (id serial primary key, name text not null);
create table page (
    id serial primary key,
    site_id int not null references site,
    position int not null,
    slug text not null,
    unique (site_id, position),
    unique (site_id, slug));
