-- A retail bank as its core system might keep it: for looking at rows of a schema that no rule speaks of.
create schema bank;

create table bank.branch (
    branch_id    integer generated always as identity primary key,
    branch_name  varchar(80) not null,
    street       varchar(120) not null,
    city         varchar(80) not null,
    postal_code  varchar(12) not null,
    country_code char(2) not null,
    phone        varchar(30),
    opened_on    date not null
);

create table bank.customer (
    customer_id       bigint generated always as identity primary key,
    customer_number   varchar(12) not null unique,
    first_name        varchar(60) not null,
    last_name         varchar(60) not null,
    date_of_birth     date not null,
    email             varchar(120) unique,
    mobile_phone      varchar(30),
    address           varchar(120) not null,
    city              varchar(80) not null,
    zip               varchar(12) not null,
    country_code      char(2) not null,
    occupation        varchar(80),
    marital_status    varchar(20),
    annual_income     numeric(12,2),
    kyc_status        varchar(12) not null check (kyc_status in ('pending', 'verified', 'expired')),
    risk_profile      text,
    branch_id         integer not null references bank.branch,
    created_at        timestamptz not null,
    closed_at         timestamptz
);

create table bank.account (
    account_id     bigint generated always as identity primary key,
    customer_id    bigint not null references bank.customer,
    iban           varchar(34) not null unique,
    account_type   varchar(20) not null check (account_type in ('current', 'savings', 'deposit')),
    currency       char(3) not null,
    balance        numeric(14,2) not null,
    overdraft_limit numeric(10,2) not null default 0 check (overdraft_limit >= 0),
    interest_rate  numeric(5,3),
    status         varchar(10) not null check (status in ('active', 'dormant', 'blocked', 'closed')),
    opened_at      timestamptz not null
);

create table bank.card (
    card_id      bigint generated always as identity primary key,
    account_id   bigint not null references bank.account,
    card_brand   varchar(20) not null,
    last_four    char(4) not null,
    holder_name  varchar(80) not null,
    expiry_month smallint not null check (expiry_month between 1 and 12),
    expiry_year  smallint not null,
    is_blocked   boolean not null default false,
    issued_at    timestamptz not null
);

create table bank.transaction (
    transaction_id  bigint generated always as identity primary key,
    account_id      bigint not null references bank.account,
    booked_at       timestamptz not null,
    value_date      date not null,
    amount          numeric(12,2) not null,
    direction       varchar(6) not null check (direction in ('debit', 'credit')),
    counterparty    varchar(120),
    counterparty_iban varchar(34),
    purpose         varchar(140),
    reference       varchar(35) not null unique,
    category        varchar(40)
);

create table bank.loan (
    loan_id        bigint generated always as identity primary key,
    customer_id    bigint not null references bank.customer,
    loan_number    varchar(20) not null unique,
    principal      numeric(12,2) not null check (principal > 0),
    interest_rate  numeric(5,3) not null check (interest_rate between 0 and 20),
    term_months    integer not null check (term_months between 6 and 480),
    purpose        varchar(60),
    collateral     text,
    status         varchar(12) not null check (status in ('applied', 'approved', 'active', 'repaid', 'defaulted')),
    approved_by    varchar(80),
    applied_at     timestamptz not null,
    remarks        text
);
