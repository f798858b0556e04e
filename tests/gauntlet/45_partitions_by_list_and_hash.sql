create schema gauntlet;
set local search_path = gauntlet, public;

create table sale (id int generated always as identity, region text not null, amount numeric(8,2) not null, primary key (id, region)) partition by list (region);
create table sale_north partition of sale for values in ('north', 'east');
create table sale_south partition of sale for values in ('south');
create table click (id uuid not null primary key, url text not null) partition by hash (id);
create table click_0 partition of click for values with (modulus 2, remainder 0);
create table click_1 partition of click for values with (modulus 2, remainder 1);
