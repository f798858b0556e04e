create schema gauntlet;
set local search_path = gauntlet, public;

create table guest (id serial primary key, first_name text not null, last_name text not null, email text not null unique, phone text);
create table promoter (id serial primary key, company_name text not null);
create table concert (
    id serial primary key, promoter_id int not null references promoter, title text not null, starts_at timestamptz not null, ends_at timestamptz not null,
    average_rating numeric(3,2), critiques_count int not null, created_at timestamptz not null, check (ends_at > starts_at));
create table tier (
    id serial primary key, concert_id int not null references concert, name text not null, price_cents int not null check (price_cents > 0),
    sales_end_at timestamptz, created_at timestamptz not null);
create table booking (
    id serial primary key, guest_id int not null references guest, concert_id int not null references concert, email text not null, contact_phone text,
    subtotal_cents int not null, total_cents int not null, status text not null check (status in ('pending', 'paid', 'cancelled', 'refunded')),
    paid_at timestamptz, refunded_at timestamptz, expires_at timestamptz not null, created_at timestamptz not null);
create table booking_line (
    id serial primary key, booking_id int not null references booking, tier_id int not null references tier, quantity int not null check (quantity > 0),
    unit_price_cents int not null, total_cents int not null);
-- What was booked, piece by piece.
create table pass (
    id serial primary key, booking_line_id int not null references booking_line, tier_id int not null references tier, concert_id int not null references concert,
    barcode text not null unique, created_at timestamptz not null);
create table check_in (
    id serial primary key, pass_id int not null references pass, concert_id int not null references concert, scanned_at timestamptz not null);
create table refund (id serial primary key, booking_id int not null references booking, amount_cents int not null, created_at timestamptz not null);
create table payout (
    id serial primary key, promoter_id int not null references promoter, concert_id int not null references concert, gross_cents int not null, created_at timestamptz not null);
create table critique (
    id serial primary key, guest_id int not null references guest, concert_id int not null references concert, rating int not null check (rating between 1 and 5),
    created_at timestamptz not null, unique (guest_id, concert_id));
