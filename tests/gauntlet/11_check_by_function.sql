create schema gauntlet;
set local search_path = gauntlet, public;

create function clean(value text) returns boolean language sql immutable as
$$ select value is null or (value <> '' and value = btrim(value) and value !~ '  ') $$;
create function is_json(value text) returns boolean language plpgsql immutable as
$$ begin perform value::json; return true; exception when others then return false; end $$;
create function differ(days int[]) returns boolean language sql immutable as
$$ select count(distinct day) = count(*) from unnest(days) as day $$;
create table release (
    id serial primary key,
    name text not null check (clean(name)),
    meta text not null check (is_json(meta)),
    days int[] not null check (differ(days) and days <@ array[1, 2, 3, 4, 5, 6, 7]));
