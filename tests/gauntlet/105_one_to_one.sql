create schema gauntlet;
set local search_path = gauntlet, public;

create table tenant (id serial primary key, name text not null, billing_email text not null);
create table person_at_tenant (id serial primary key, tenant_id int not null references tenant, full_name text not null, email text not null);
create table deposit (id serial primary key, tenant_id int not null references tenant, amount numeric(10,2) not null);
create table slip (id serial primary key, tenant_id int not null references tenant, deposit_id int not null unique references deposit, printed_at timestamptz not null);
