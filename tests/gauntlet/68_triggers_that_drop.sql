create schema gauntlet;
set local search_path = gauntlet, public;

create table visit (id serial primary key, page text not null, seconds int not null);
create table hit (id serial primary key, visit_id int not null references visit, at timestamptz not null);
create function drop_short() returns trigger language plpgsql as
$$ begin if new.seconds % 4 = 0 then return null; end if; return new; end $$;
create trigger drop_short before insert on visit for each row execute function drop_short();
