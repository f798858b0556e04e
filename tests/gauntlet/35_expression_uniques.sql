create schema gauntlet;
set local search_path = gauntlet, public;

create table site (id serial primary key, name text not null);
create table device (
    id serial primary key,
    site_id int not null references site,
    tenant_id int,
    name text not null,
    kind text);
create unique index name_per_site on device (lower(name), site_id) where tenant_id is null;
create unique index name_per_tenant on device (lower(name), site_id, tenant_id) where tenant_id is not null;
create unique index kind_name on device (coalesce(kind, ''), md5(name), site_id);
