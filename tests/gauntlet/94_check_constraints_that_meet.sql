create schema gauntlet;
set local search_path = gauntlet, public;

create table machine (
    id serial primary key,
    mode text not null, speed int, target int, locked boolean not null, code text, started_at timestamptz, stopped_at timestamptz,
    check (mode in ('idle', 'run', 'stop')),
    check ((mode = 'run') = (speed is not null)),
    check (speed is null or speed between 10 and 90),
    check (target is null or speed is null or target >= speed),
    check (not locked or mode <> 'run'),
    check (code is null or (length(code) = 4 and code = upper(code))),
    check ((mode = 'idle' and started_at is null and stopped_at is null) or (mode = 'run' and started_at is not null and stopped_at is null)
        or (mode = 'stop' and started_at < stopped_at)));
