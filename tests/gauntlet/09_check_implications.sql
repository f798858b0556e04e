create schema gauntlet;
set local search_path = gauntlet, public;

create table job (
    id int generated always as identity primary key,
    done boolean not null,
    finished_at timestamptz,
    failed boolean not null default false,
    reason text,
    check (done or finished_at is null),
    check (not failed or reason is not null),
    check (case when done then finished_at is not null else true end),
    check (coalesce(failed, false) = false or not done));
