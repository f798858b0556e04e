create schema gauntlet;
set local search_path = gauntlet, public;

-- A row of its own numbers for each account, as an application's sign-up does it.
create table account (id serial primary key, email text not null unique);
create table account_profile (id serial primary key, account_id int not null unique references account, nickname text);
create table account_post (id serial primary key, profile_id int not null references account_profile, title text not null);
create function sign_up() returns trigger language plpgsql as
$$ begin perform nextval('gauntlet.account_profile_id_seq'); insert into gauntlet.account_profile (account_id) values (new.id); return new; end $$;
create trigger sign_up after insert on account for each row execute function sign_up();

-- Rows of two tables for each tool, whose keys come from the first.
create table attribute (id serial primary key, name text not null);
create table creditable_attribute (attribute_id int primary key references attribute);
create table tool (id serial primary key, name text not null);
create table credit (id serial primary key, attribute_id int not null references creditable_attribute, credited_as text not null);
create function list_tool() returns trigger language plpgsql as
$$ begin
    with listed as (insert into gauntlet.attribute (name) values (new.name) returning id)
    insert into gauntlet.creditable_attribute (attribute_id) select id from listed;
    return new;
end $$;
create trigger list_tool after insert on tool for each row execute function list_tool();
