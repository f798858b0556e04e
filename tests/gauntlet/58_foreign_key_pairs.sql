create schema gauntlet;
set local search_path = gauntlet, public;

create table team (id serial primary key, name text not null unique);
create table match (
    id serial primary key,
    home_id int not null references team,
    away_id int not null references team,
    played_on date not null,
    check (home_id <> away_id));
create table friendship (a int not null references team, b int not null references team, primary key (a, b), check (a < b));
