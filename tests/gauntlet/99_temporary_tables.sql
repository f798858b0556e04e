create schema gauntlet;
set local search_path = gauntlet, public;

-- A session's own table stands before the permanent one of its name; a trigger keeps its notes in another.
create table item (id serial primary key, name text not null, price numeric(8,2) not null check (price > 0));
create table item_label (item_id int not null references item, label text not null check (label <> ''), primary key (item_id, label));
create temporary table item (id int, name boolean) on commit drop;
create temporary table batch (item_id int primary key, seen timestamptz not null default now()) on commit drop;
create function note() returns trigger language plpgsql as
$$ begin insert into pg_temp.batch (item_id) values (new.id); return new; end $$;
create trigger note before insert on gauntlet.item for each row execute function note();
