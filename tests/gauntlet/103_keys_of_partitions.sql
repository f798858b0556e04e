create schema gauntlet;
set local search_path = gauntlet, public;

-- Each partition has a key of its own, which the table does not have.
create table membership (club int not null, member int not null, paid boolean not null, since date not null) partition by list (paid);
create table membership_paid partition of membership for values in (true);
create table membership_open partition of membership for values in (false);
create unique index on membership_paid (club, member);
create unique index on membership_open (club, member);
create table ledger (account int not null, day date not null, amount numeric(9,2) not null) partition by range (day);
create table ledger_old partition of ledger (primary key (account, day)) for values from ('2020-01-01') to ('2025-01-01');
create table ledger_new partition of ledger (primary key (account, day)) for values from ('2025-01-01') to ('2030-01-01');
