-- Five hundred tables of usual kinds, each with up to three references to tables before it.
create extension synthgen;
create schema wide;

do $$
declare
    parent int;
    seen int[];
    keys text;
begin
    for number in 0..499 loop
        keys := '';
        seen := '{}';
        foreach parent in array array[number / 2, number - 7, number * 3 / 4] loop
            if parent >= 0 and parent < number and parent <> all (seen) and cardinality(seen) < number % 4 then
                seen := seen || parent;
                keys := keys || format(', entity_%s_id bigint %s references wide.entity_%s', to_char(parent, 'FM000'),
                    case when parent % 3 > 0 then 'not null' else '' end, to_char(parent, 'FM000'));
            end if;
        end loop;
        execute format($ddl$
            create table wide.entity_%s (
                entity_id  bigint generated always as identity primary key,
                code       varchar(20) not null unique,
                name       varchar(80) not null,
                quantity   integer not null check (quantity > 0),
                amount     numeric(10,2),
                is_active  boolean not null,
                state      varchar(10) not null check (state in ('open', 'done', 'void')),
                created_at timestamptz not null
                %s)$ddl$, to_char(number, 'FM000'), keys);
    end loop;
end $$;
