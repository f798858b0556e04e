create schema gauntlet;
set local search_path = gauntlet, public;

create table artist (id serial primary key, name text not null);
create table artist_meta (id int primary key references artist, rating int);
create table history (id serial primary key, artist_id int not null, what text not null);
create function note_artist() returns trigger language plpgsql as
$$ begin insert into gauntlet.artist_meta (id) values (new.id); insert into gauntlet.history (artist_id, what) values (new.id, 'made'); return null; end $$;
create trigger note_artist after insert on artist for each row execute function note_artist();
