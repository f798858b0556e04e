create schema gauntlet;
set local search_path = gauntlet, public;

create table sale (id serial primary key, region text not null, amount int not null);
create view sale_by_region as select region, sum(amount) as amount from sale group by region;
create materialized view sale_count as select count(*) from sale;
create view open_sale as select * from sale where amount > 10;
create rule no_delete as on delete to sale do instead nothing;
