create schema gauntlet;
set local search_path = gauntlet, public;

-- What the columns may be together only the function knows.
create function consistent(kind text, unit text, mode text, low int, high int, step int) returns boolean language plpgsql immutable as
$$ begin
    return unit = case kind when 'gauge' then 'celsius' when 'counter' then 'pieces' else 'percent' end
       and (mode = 'push') = (kind = 'counter')
       and low < high and (high - low) % step = 0;
end $$;
create table sensor (
    id serial primary key,
    name text not null,
    kind text not null,
    unit text not null,
    mode text not null,
    low int not null,
    high int not null,
    step int not null check (step between 1 and 9),
    check (kind in ('gauge', 'counter', 'ratio') and unit in ('celsius', 'pieces', 'percent') and mode in ('push', 'pull', 'both')
           and low between 0 and 500 and high between 0 and 1000 and consistent(kind, unit, mode, low, high, step)));
