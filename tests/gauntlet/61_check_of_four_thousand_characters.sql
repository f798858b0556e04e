create schema gauntlet;
set local search_path = gauntlet, public;

do $make$
declare
    branches text := '';
begin
    for kind in 1..26 loop
        branches := branches || case when kind > 1 then ' or ' else '' end || format(
            '(kind = %L and num_nonnulls(name, amount, happened_on, remark) = %s and (amount is null or amount > %s) and (remark is null or remark like %L) and num_nulls(name, code) = %s)',
            chr(64 + kind), 1 + kind % 3, kind * 10, 'r%', case when kind % 2 = 0 then 0 else 1 end);
    end loop;
    execute format('create table record (id serial primary key, kind char(1) not null, name text, code text, amount int, happened_on date, remark text,
        constraint branches check (%s))', branches);
end
$make$;
