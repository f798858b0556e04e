create schema gauntlet;
set local search_path = gauntlet, public;

create table word (id serial primary key, text text not null, folded text);
create function fold() returns trigger language plpgsql as
$$ begin new.folded := upper(new.text); return new; end $$;
create trigger fold before insert on word for each row execute function fold();
