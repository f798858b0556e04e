create schema gauntlet;
set local search_path = gauntlet, public;

create table rack (id serial primary key, name text not null);
create table server (id serial primary key, rack_id int not null references rack, units int not null check (units between 1 and 4));
create function units_in(rack int) returns bigint language sql stable as $$ select coalesce(sum(units), 0) from gauntlet.server where rack_id = rack $$;
create function is_valid_units(units int, rack int) returns boolean language plpgsql stable as
$$ begin return units + gauntlet.units_in(rack) <= 40; end $$;
alter table server add check (is_valid_units(units, rack_id));
