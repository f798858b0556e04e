-- One table of eight columns with a primary key and nothing else: what making and loading a row costs at the least.
create extension synthgen;
create schema bare;

create table bare.measurement (
    measurement_id bigint primary key,
    device_number  integer not null,
    measured_at    timestamptz not null,
    temperature    numeric(6,2) not null,
    pressure       double precision not null,
    is_valid       boolean not null,
    batch_code     varchar(20) not null,
    quality        smallint not null
);
