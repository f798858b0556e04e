create schema gauntlet;
set local search_path = gauntlet, public;

create table abode (id serial primary key, storeys int not null check (storeys between 1 and 12), has_lift boolean not null);
create table abode_flat (
    id serial primary key, abode_id int not null references abode, floor int not null, bedrooms int not null check (bedrooms between 0 and 6), square_feet int not null check (square_feet > 0),
    market_rent numeric(10,2) not null check (market_rent > 0));
create table tenancy (
    id serial primary key, abode_flat_id int not null references abode_flat, monthly_rent numeric(10,2) not null, security_deposit numeric(10,2) not null,
    begin_date date not null, end_date date not null check (end_date > begin_date));
create table fee_type (id serial primary key, code text not null unique check (code in ('RENT', 'LATE_FEE', 'PARKING', 'WATER')));
create table tenancy_charge (
    id serial primary key, tenancy_id int not null references tenancy, fee_type_id int not null references fee_type, due_date date not null, amount numeric(10,2) not null,
    amount_paid numeric(10,2) not null, balance numeric(10,2) not null, created_at timestamptz not null,
    status text not null check (status in ('open', 'partially_paid', 'paid', 'overdue')));
create table charge_payment (
    id serial primary key, tenancy_charge_id int not null references tenancy_charge, amount numeric(10,2) not null check (amount > 0),
    method text not null check (method in ('card', 'check', 'transfer')), check_number text, received_at timestamptz not null);
create table cover_policy (id serial primary key, annual_premium numeric(8,2) not null);
create table cover_bill (
    id serial primary key, cover_policy_id int not null references cover_policy, due_on date not null, net_amount numeric(8,2) not null, vat_rate numeric(4,2) not null,
    vat_amount numeric(8,2) not null, gross_amount numeric(8,2) not null);
create table artisan (id serial primary key, hourly_rate numeric(8,2) check (hourly_rate > 0));
create table repair_job (
    id serial primary key, artisan_id int references artisan, labor_hours numeric(6,2) not null, labor_cost numeric(10,2) not null, material_cost numeric(10,2) not null,
    total_cost numeric(10,2) not null);
create table bore_check (
    id serial primary key, nominal_value numeric(10,3) not null, tolerance numeric(10,3) not null, measured_value numeric(10,3) not null,
    result text not null check (result in ('pass', 'fail', 'conditional')));
create table goods_lot (
    id serial primary key, quantity_received numeric(12,2) not null check (quantity_received > 0), quantity_on_hand numeric(12,2) not null check (quantity_on_hand >= 0),
    received_at timestamptz not null, check (quantity_on_hand <= quantity_received));
create table goods_movement (
    id serial primary key, goods_lot_id int not null references goods_lot, movement_type text not null check (movement_type in ('receipt', 'issue', 'transfer', 'adjustment', 'return')),
    quantity numeric(12,2) not null check (quantity <> 0), moved_at timestamptz not null);
create table cash_box (id serial primary key, opened_at timestamptz not null);
create table cash_entry (
    id serial primary key, cash_box_id int not null references cash_box, entry_type text not null check (entry_type in ('deposit', 'withdrawal', 'fee')),
    amount numeric(10,2) not null check (amount > 0), balance_after numeric(12,2) not null, booked_at timestamptz not null);
create table rebate (id serial primary key, code text not null unique, times_used int not null check (times_used >= 0));
create table cart_order (id serial primary key, rebate_id int references rebate, total_amount numeric(10,2) not null check (total_amount > 0), ordered_at timestamptz not null);
