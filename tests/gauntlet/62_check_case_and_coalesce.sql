create schema gauntlet;
set local search_path = gauntlet, public;

create table parcel (
    id serial primary key,
    size text not null check (size in ('S', 'M', 'L')),
    grams int not null, limit_grams int, fee numeric(6,2),
    check (grams > 0 and grams <= case size when 'S' then 500 when 'M' then 2000 else 10000 end),
    check (grams <= coalesce(limit_grams, 9000)),
    check (coalesce(fee, 0) >= case when size = 'L' then 5 else 0 end),
    check (greatest(grams, 100) <= 10000 and least(grams, 20000) > 0),
    check (nullif(fee, 0) is distinct from 1));
