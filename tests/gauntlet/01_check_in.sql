create schema gauntlet;
set local search_path = gauntlet, public;

create table ticket (
    id int generated always as identity primary key,
    priority text not null check (priority in ('low', 'normal', 'high')),
    channel varchar(10) check (channel = any (array['mail', 'phone', 'web'])),
    level smallint not null check (level = 1 or level = 2 or level = 3));
