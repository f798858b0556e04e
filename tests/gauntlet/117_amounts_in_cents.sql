create schema gauntlet;
set local search_path = gauntlet, public;

create table voucher (id serial primary key, code text not null unique, discount_type text not null check (discount_type in ('percentage', 'fixed_amount')), discount_value int not null);
create table seat_kind (id serial primary key, name text not null, price_cents int not null);
create table sale (
    id serial primary key, voucher_id int references voucher, placed_at timestamptz not null,
    subtotal_cents int not null, discount_cents int not null, fee_cents int not null, total_cents int not null);
create table sale_item (
    id serial primary key, sale_id int not null references sale, seat_kind_id int not null references seat_kind,
    quantity int not null, unit_price_cents int not null, total_cents int not null);
create table settlement (id serial primary key, gross_cents bigint not null, fee_cents bigint not null, net_cents bigint not null);
