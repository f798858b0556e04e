create schema gauntlet;
set local search_path = gauntlet, public;

create table firm (id int primary key, name text not null);
insert into firm select number, 'Firm ' || number from generate_series(1, 10) as number;
create table clerk (id serial primary key, firm_id int not null references firm, role text not null check (role in ('head', 'clerk', 'guest')));
create unique index one_head on clerk (firm_id) where role = 'head';
create table lease (id serial primary key, firm_id int not null references firm, began_at timestamptz not null, ended_at timestamptz);
create unique index one_running on lease (firm_id) where ended_at is null;
