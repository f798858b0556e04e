-- Breaks each constraint of a target by an UPDATE of one row, one at a time, and says whether `verify` reports it:
-- `reported`, `not reported`, or `not broken` where no UPDATE tried here breaks it. Everything is put back.
-- A CHECK is dropped for the UPDATE and comes back NOT VALID; NOT NULL and the uniqueness of an index are switched off in
-- the catalog meanwhile, as no statement does; foreign keys do not fire in a session that replicates.
create type public.breakable as (kind text, name text, relation regclass, object oid, columns text[], expression text);

create function public.break_each(target text) returns table (kind text, name text, outcome text) language plpgsql as $$
declare
    it public.breakable;
begin
    perform set_config('allow_system_table_mods', 'on', true);
    for it in select * from public.breakable(target) loop
        kind := it.kind;
        name := it.name;
        begin
            outcome := public.break_one(target, it);
            raise exception using errcode = 'ZZ999', message = outcome;
        exception when sqlstate 'ZZ999' then
            outcome := sqlerrm;
        when others then
            outcome := 'not broken: ' || sqlerrm;
        end;
        return next;
    end loop;
end
$$;

create function public.breakable(target text) returns setof public.breakable language sql as $$
    select case k.contype when 'c' then 'check' when 'f' then 'foreign key' when 'x' then 'exclusion' when 'p' then 'primary key' else 'unique' end,
           k.conname, k.conrelid::regclass, case when k.contype in ('p', 'u', 'x') then k.conindid else k.oid end,
           array(select quote_ident(a.attname) from pg_attribute a
                  where a.attrelid = k.conrelid and a.attnum > 0
                    and case when k.contype = 'x' then pg_get_constraintdef(k.oid) ~ ('\m' || a.attname || '\M') else a.attnum = any (k.conkey) end
                  order by coalesce(array_position(k.conkey, a.attnum), 0)),
           case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end
      from pg_constraint k join pg_class r on r.oid = k.conrelid
     where k.connamespace = target::regnamespace and k.contype in ('c', 'f', 'x', 'p', 'u') and k.conparentid = 0
       and r.relkind = 'r' and not r.relispartition
    union all
    select 'unique', i.indexrelid::regclass::text, i.indrelid::regclass, i.indexrelid,
           array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                    and (a.attnum = any (i.indkey) or 0 = any (i.indkey))), null
      from pg_index i join pg_class r on r.oid = i.indrelid
     where r.relnamespace = target::regnamespace and i.indisunique and r.relkind = 'r' and not r.relispartition
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select 'not null', a.attname, a.attrelid::regclass, null, array[quote_ident(a.attname)], a.attname
      from pg_attribute a join pg_class r on r.oid = a.attrelid
     where r.relnamespace = target::regnamespace and r.relkind = 'r' and not r.relispartition and a.attnum > 0 and not a.attisdropped and a.attnotnull
       and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
       and not exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey))
       and not exists (select from pg_inherits h where h.inhrelid = a.attrelid or h.inhparent = a.attrelid)
     order by 1, 2
$$;

create function public.break_one(target text, it public.breakable) returns text language plpgsql as $$
declare
    first_row tid;
    candidate text;
    done boolean := false;
    pair text;
begin
    perform set_config('session_replication_role', 'replica', true);
    -- Of a key only rows without NULL stand in the way of others.
    pair := (select string_agg(key || ' is not null', ' and ') from unnest(it.columns) as key where it.kind in ('unique', 'primary key', 'exclusion'));
    execute format('select ctid from only %s where %s order by ctid limit 1', it.relation, coalesce(pair, 'true')) into first_row;
    if first_row is null then
        return 'not broken: no row';
    end if;
    if it.kind = 'not null' then
        update pg_attribute set attnotnull = false where attrelid = it.relation and attname = it.expression;
        execute format('update only %s set %s = null where ctid = %L', it.relation, it.columns[1], first_row);
        update pg_attribute set attnotnull = true where attrelid = it.relation and attname = it.expression;
        done := true;
    elsif it.kind = 'check' then
        execute format('alter table %s drop constraint %I', it.relation, it.name);
        done := public.break_check(it, first_row);
        execute format('alter table %s add constraint %I check (%s) not valid', it.relation, it.name, it.expression);
    elsif it.kind = 'foreign key' then
        foreach candidate in array array['-77', '77777777', 'QQQ', 'QQ', '00000000-0000-0000-0000-00000000000f', '1900-01-01', '203.0.113.0/24', 'Z'] loop
            begin
                execute format('update only %s set %s = %L where ctid = %L', it.relation, it.columns[cardinality(it.columns)], candidate, first_row);
                done := true;
                exit;
            exception when others then null;
            end;
        end loop;
    else
        update pg_index set indisunique = false, indisprimary = false, indisexclusion = false where indexrelid = it.object;
        pair := (select string_agg(format('%1$s = (select other.%1$s from only %2$s as other where other.ctid = %3$L)', key, it.relation, first_row), ', ')
                   from unnest(it.columns) as key);
        execute format('update only %1$s set %2$s where ctid = (select max(ctid) from only %1$s)', it.relation, pair);
        update pg_index set indisunique = it.kind <> 'exclusion', indisprimary = it.kind = 'primary key', indisexclusion = it.kind = 'exclusion'
         where indexrelid = it.object;
        done := (select count(*) from pg_index where indexrelid = it.object) = 1;
    end if;
    perform set_config('session_replication_role', 'origin', true);
    if not done then
        return 'not broken: nothing tried breaks it';
    end if;
    if exists (select from synthgen.verify(target) as found where found.verdict = 'violated' and found.kind in (it.kind, 'domain')) then
        return 'reported';
    end if;
    return 'not reported';
end
$$;

-- Whether some value in some of its columns breaks a CHECK that is not there any more.
create function public.break_check(it public.breakable, first_row tid) returns boolean language plpgsql as $$
declare
    key text;
    candidate text;
    broken boolean;
    at tid;
begin
    foreach key in array it.columns loop
        foreach candidate in array array['null', quote_literal(''), quote_literal(' x '), quote_literal('!'), quote_literal('Qq'), '0', '-1', '-100000', '99999', '0.007',
            quote_literal('1700-01-01'), quote_literal('2999-12-31'), quote_literal('2999-12-31 11:22:33.456'), 'true', 'false', quote_literal('{}'), quote_literal('[]'),
            quote_literal('{99}'), quote_literal('{99,99,99,99,99,99,99,99,99}'), quote_literal('0'), quote_literal('empty'), quote_literal('{NULL}'),
            quote_literal(repeat('y', 300)), quote_literal('yyyyyyyyyyyyyyyyyyyyyyyyy'), quote_literal('{"secret": 1}'), quote_literal('\x00'), '1', '2', '3'] loop
            begin
                execute format('select ctid from only %s where (%s) is not false order by md5(ctid::text || %L) limit 1', it.relation, it.expression, candidate) into at;
                execute format('update only %s set %s = %s where ctid = %L returning (%s) is false', it.relation, key, candidate, at, it.expression) into broken;
                if broken then
                    return true;
                end if;
            exception when others then null;
            end;
        end loop;
    end loop;
    -- Other rows' values, for what only compares columns.
    foreach key in array it.columns loop
        begin
            execute format('update only %1$s as t set %2$s = (select o.%2$s from only %1$s as o where o.ctid <> t.ctid order by md5(o.ctid::text || t.ctid::text) limit 1)',
                           it.relation, key);
            execute format('select bool_or((%2$s) is false) from only %1$s', it.relation, it.expression) into broken;
            if broken then
                return true;
            end if;
        exception when others then null;
        end;
    end loop;
    return false;
end
$$;
