create schema gauntlet;
set local search_path = gauntlet, public;

create table purse (id serial primary key, holder text not null, balance numeric(12,2) not null, opened_at timestamptz not null);
create table purse_booking (
    id serial primary key, purse_id int not null references purse, type text not null check (type in ('withdrawal', 'deposit', 'fee', 'transfer_in', 'transfer_out')),
    amount numeric(12,2) not null check (amount > 0), booked_at timestamptz not null);
create table bonus_account (id serial primary key, holder text not null, balance int not null check (balance >= 0));
create table bonus_entry (id serial primary key, bonus_account_id int not null references bonus_account, direction text not null check (direction in ('in', 'out')), points int not null);
