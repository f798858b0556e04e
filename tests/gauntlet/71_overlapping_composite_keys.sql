create schema gauntlet;
set local search_path = gauntlet, public;

create table tenant (id serial primary key, name text not null);
create table product (tenant_id int not null references tenant, sku int not null, name text not null, primary key (tenant_id, sku));
create table basket (tenant_id int not null references tenant, id int not null, opened_on date not null, primary key (tenant_id, id));
create table line (
    tenant_id int not null, basket_id int not null, number int not null, sku int, pieces int not null check (pieces > 0),
    primary key (tenant_id, basket_id, number),
    foreign key (tenant_id, basket_id) references basket (tenant_id, id),
    foreign key (tenant_id, sku) references product (tenant_id, sku));
