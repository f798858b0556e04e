create schema gauntlet;
set local search_path = gauntlet, public;

create table batch (id serial primary key, name text not null, pieces int not null);
create table piece (id serial primary key, batch_id int not null references batch, grams int not null);
create function weighs_something() returns trigger language plpgsql as
$$ begin if new.grams <= 10 then raise exception 'piece % weighs %', new.id, new.grams; end if; return null; end $$;
create constraint trigger weighs_something after insert on piece deferrable initially deferred for each row execute function weighs_something();
create function is_named() returns trigger language plpgsql as
$$ begin if length(new.name) < 4 then raise exception 'batch % has no proper name', new.id using errcode = 'check_violation'; end if; return null; end $$;
create constraint trigger is_named after insert on batch not deferrable for each row execute function is_named();
