create schema gauntlet;
set local search_path = gauntlet, public;

-- Rows under some parents are refused: they hang under others, and what names rows names those that are there.
create table editor (id serial primary key, name text not null, confirmed_at timestamptz);
create table edit (id serial primary key, editor_id int not null references editor, kind int not null check (kind between 1 and 9));
create table area (id serial primary key, name text not null);
create table edit_area (edit_id int not null references edit, area_id int not null references area, primary key (edit_id, area_id));
create table edit_data (edit_id int primary key references edit, body jsonb not null);
create table vote (id serial primary key, editor_id int not null references editor, edit_id int not null references edit, value smallint not null);
create function confirmed() returns trigger language plpgsql as
$$ begin
    if not exists (select from gauntlet.editor where id = new.editor_id and confirmed_at is not null) then
        raise exception 'editor % is not confirmed', new.editor_id;
    end if;
    return new;
end $$;
create trigger confirmed before insert on edit for each row execute function confirmed();
