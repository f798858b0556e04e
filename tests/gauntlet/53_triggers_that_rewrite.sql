create schema gauntlet;
set local search_path = gauntlet, public;

create table word (id serial primary key, text text not null, folded text);
create function fold() returns trigger language plpgsql as
$$ begin new.folded := upper(new.text); return new; end $$;
create trigger fold before insert on word for each row execute function fold();

-- A trigger that sets when a row came to be, as many applications have it.
create table author (id serial primary key, name text not null, created_at timestamptz not null);
create table page (id serial primary key, author_id int not null references author, title text not null, created_at timestamptz not null);
create function stamp() returns trigger language plpgsql as
$$ begin new.created_at := now(); return new; end $$;
create trigger stamp before insert on author for each row execute function stamp();
