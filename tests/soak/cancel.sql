-- Tables under CHECKs that only the database can judge, and takes its time over.
create schema judged;
create function judged.is_fine(value text) returns boolean language plpgsql volatile as
$$ begin perform pg_sleep(0.001); return length(value) % 3 <> 1; end $$;
create table judged.first (id serial primary key, value text not null check (judged.is_fine(value)));
create table judged.second (id serial primary key, first_id int not null references judged.first, value text not null check (judged.is_fine(value)));
