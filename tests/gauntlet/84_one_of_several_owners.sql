create schema gauntlet;
set local search_path = gauntlet, public;

create table post (id serial primary key, title text not null);
create table photo (id serial primary key, file text not null);
create table event (id serial primary key, name text not null);
create table comment (
    id serial primary key, post_id int references post, photo_id int references photo, event_id int references event, text text not null,
    check (num_nonnulls(post_id, photo_id, event_id) = 1));
create table favourite (id serial primary key, post_id int references post, photo_id int references photo,
    check ((post_id is null) <> (photo_id is null)), unique (post_id), unique (photo_id));
