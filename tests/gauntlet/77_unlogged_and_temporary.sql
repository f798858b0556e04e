create schema gauntlet;
set local search_path = gauntlet, public;

create unlogged table session (id uuid primary key default gen_random_uuid(), login text not null, at timestamptz not null default now());
create unlogged table page (id bigserial primary key, session_id uuid not null references session, path text not null check (path like '/%'));
