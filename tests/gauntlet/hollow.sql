-- Makes what is loaded hollow: NULL where a column may be NULL, one value everywhere else, every foreign key to the first
-- row. Its constraints and unique indexes are dropped first; a column whose type keeps it from it stays as it is.
create function public.make_hollow(target text) returns void language plpgsql as $$
declare
    cell record;
begin
    perform set_config('session_replication_role', 'replica', true);
    for cell in
        select k.conrelid::regclass as relation, quote_ident(k.conname) as name
          from pg_constraint k
         where k.connamespace = target::regnamespace and k.conrelid <> 0
         order by k.contype <> 'f', k.conname
    loop
        begin
            execute format('alter table %s drop constraint %s cascade', cell.relation, cell.name);
        exception when others then null;
        end;
    end loop;
    for cell in
        select i.indexrelid::regclass as name from pg_index i join pg_class c on c.oid = i.indrelid
         where c.relnamespace = target::regnamespace and i.indisunique
    loop
        begin
            execute format('drop index %s', cell.name);
        exception when others then null;
        end;
    end loop;
    for cell in
        select c.oid::regclass as relation, quote_ident(a.attname) as name
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         where c.relnamespace = target::regnamespace
           and c.relkind in ('r', 'p')
           and not c.relispartition
         order by c.relname, a.attnum
    loop
        begin
            execute format('update %s set %s = null', cell.relation, cell.name);
        exception when others then
            begin
                execute format('update %1$s set %2$s = (select first.%2$s from %1$s as first order by first::text limit 1)',
                               cell.relation, cell.name);
            exception when others then
                null;
            end;
        end;
    end loop;
    perform set_config('session_replication_role', 'origin', true);
end
$$;
