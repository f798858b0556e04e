\set path 'gauntlet, public'
create schema gauntlet;
set local search_path = gauntlet, public;

create table rate (code text primary key check (code in ('low', 'mid', 'top')), percent int not null);
insert into rate values ('low', 5), ('mid', 10), ('top', 20);
create function percent_of(code text) returns int language sql stable as $$ select percent from rate where rate.code = percent_of.code $$;
create function first_rate() returns text language sql stable as $$ select code from rate order by percent limit 1 $$;
create table bill (id serial primary key, rate text not null default first_rate() references rate, amount int not null check (amount > 0 and percent_of('low') = 5), tax int);
create function tax() returns trigger language plpgsql as $$ begin new.tax := new.amount * percent_of(new.rate) / 100; return new; end $$;
create trigger tax before insert on bill for each row execute function tax();
