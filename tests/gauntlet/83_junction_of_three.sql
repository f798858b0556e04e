create schema gauntlet;
set local search_path = gauntlet, public;

create table actor (id serial primary key, name text not null);
create table film (id serial primary key, title text not null);
create table role (code text primary key check (code in ('lead', 'support', 'extra')));
create table casting (actor_id int references actor, film_id int references film, role_code text references role, fee int, primary key (actor_id, film_id, role_code));
create table award (film_id int not null references film, year int not null check (year between 2000 and 2025), actor_id int references actor, unique (film_id, year), unique (actor_id, year));
