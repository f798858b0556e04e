create schema gauntlet;
set local search_path = gauntlet, public;

create type float_range as range (subtype = float8);
create table range_kinds (
    id serial primary key,
    numbers int4range not null, large int8range not null, exact numrange not null, days daterange not null,
    moments tsrange not null, zoned tstzrange not null, own float_range not null, many int4multirange not null, day_sets datemultirange);
