create schema gauntlet;
set local search_path = gauntlet, public;

create table tenant (id serial primary key, name text not null);
create table unit (tenant_id int not null references tenant, id int not null, parent_id int, name text not null,
    primary key (tenant_id, id), foreign key (tenant_id, parent_id) references unit (tenant_id, id));
