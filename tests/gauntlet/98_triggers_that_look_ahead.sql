create schema gauntlet;
set local search_path = gauntlet, public;

create table alpha (id serial primary key, name text not null);
create table beta (id serial primary key, label text not null);
create table gamma (id serial primary key, alpha_id int not null references alpha, note text not null);
create function look_ahead() returns trigger language plpgsql as
$$ begin if not exists (select from gauntlet.beta where id = 14) then raise exception 'no beta 14'; end if; return new; end $$;
create trigger look_ahead before insert on alpha for each row execute function look_ahead();
