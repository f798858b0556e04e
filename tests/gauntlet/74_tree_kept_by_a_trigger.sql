create schema gauntlet;
set local search_path = gauntlet, public;

create table folder (id serial primary key, parent_id int references folder, name text not null, owner text not null);
create function no_ring() returns trigger language plpgsql as
$$
declare at int := new.parent_id;
begin
    while at is not null loop
        if at = new.id then raise exception 'folder % is in itself', new.id; end if;
        select parent_id into at from gauntlet.folder where id = at;
    end loop;
    return new;
end
$$;
create trigger no_ring before insert or update on folder for each row execute function no_ring();
