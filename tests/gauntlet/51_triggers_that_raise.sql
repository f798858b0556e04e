create schema gauntlet;
set local search_path = gauntlet, public;

create table invoice (id serial primary key, amount int not null, status text not null);
create function refuse_small() returns trigger language plpgsql as
$$ begin if new.amount < 20 then raise exception 'too small: %', new.amount; end if; return new; end $$;
create trigger refuse_small before insert on invoice for each row execute function refuse_small();
create function refuse_late() returns trigger language plpgsql as
$$ begin if new.amount % 13 = 0 then raise exception 'unlucky'; end if; return null; end $$;
create trigger refuse_late after insert on invoice for each row execute function refuse_late();
