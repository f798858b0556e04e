-- Breaks each constraint of a target by an UPDATE of one row, one at a time, and says whether `verify` reports it:
-- `reported`, `not reported`, or `not broken` where no UPDATE tried here breaks it. Everything is put back.
-- The table's CHECKs (a domain's too) are dropped for the UPDATE and come back NOT VALID; NOT NULL, the uniqueness of
-- indexes and identities are switched off in the catalog meanwhile, as no statement does; foreign keys do not fire in a
-- session that replicates.
-- `columns` are what an UPDATE changes, `scope` is what stands after FROM and UPDATE, `condition` a CHECK's expression or a
-- partial key's predicate.
create type public.breakable as (kind text, name text, relation regclass, scope text, object oid, columns text[], condition text);

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
    with recursive filled as (
        select r.oid, case r.relkind when 'p' then r.oid::regclass::text else 'only ' || r.oid::regclass end as scope
          from pg_class r
         where r.relnamespace = target::regnamespace and r.relkind in ('r', 'p') and not r.relispartition
    ),
    -- A column's domain, and those that it is over.
    domain_of (relation, number, domain) as (
        select a.attrelid, a.attnum, a.atttypid
          from filled f join pg_attribute a on a.attrelid = f.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          join pg_type t on t.oid = a.atttypid and t.typtype = 'd'
        union all
        select d.relation, d.number, t.typbasetype
          from domain_of d join pg_type t on t.oid = d.domain join pg_type b on b.oid = t.typbasetype and b.typtype = 'd'
    )
    select case k.contype when 'c' then 'check' when 'f' then 'foreign key' when 'x' then 'exclusion' when 'p' then 'primary key' else 'unique' end,
           k.conname, k.conrelid::regclass, f.scope, case when k.contype in ('p', 'u', 'x') then k.conindid else k.oid end,
           array(select quote_ident(a.attname) from pg_attribute a
                  where a.attrelid = k.conrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                    and case when k.contype = 'x' then pg_get_constraintdef(k.oid) ~ ('\m' || a.attname || '\M')
                             -- What a generated column says is changed by the columns that it is made of.
                             when exists (select from pg_attribute g where g.attrelid = k.conrelid and g.attnum = any (k.conkey) and g.attgenerated <> '') then true
                             else a.attnum = any (k.conkey) end
                  order by coalesce(array_position(k.conkey, a.attnum), 0)),
           case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid)
                when k.contype = 'x' then (select pg_get_expr(i.indpred, i.indrelid) from pg_index i where i.indexrelid = k.conindid) end
      from pg_constraint k join filled f on f.oid = k.conrelid
     where k.contype in ('c', 'f', 'x', 'p', 'u') and k.conparentid = 0 and k.coninhcount = 0
    union all
    select 'domain', k.conname, d.relation::regclass, f.scope, k.oid,
           array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = d.relation and a.attnum = d.number),
           regexp_replace(substr(pg_get_constraintdef(k.oid), 7), '\mVALUE\M', (select quote_ident(a.attname) from pg_attribute a where a.attrelid = d.relation and a.attnum = d.number), 'g')
      from (select distinct on (domain) * from domain_of order by domain, relation, number) as d
      join filled f on f.oid = d.relation
      join pg_constraint k on k.contypid = d.domain and k.contype = 'c'
    union all
    select 'unique', i.indexrelid::regclass::text, i.indrelid::regclass, f.scope, i.indexrelid,
           array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                    and (a.attnum = any (i.indkey) or substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), '(')) ~ ('\m' || a.attname || '\M'))),
           pg_get_expr(i.indpred, i.indrelid)
      from pg_index i join filled f on f.oid = i.indrelid
     where i.indisunique
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select 'not null', a.attname, a.attrelid::regclass, f.scope, null, array[quote_ident(a.attname)], a.attname
      from pg_attribute a join filled f on f.oid = a.attrelid
     where a.attnum > 0 and not a.attisdropped and a.attnotnull and a.attgenerated = '' and a.attidentity = ''
       and not exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey))
       and not exists (select from pg_inherits h join pg_class c on c.oid = h.inhrelid
                        where (h.inhrelid = a.attrelid or h.inhparent = a.attrelid) and not c.relispartition)
     order by 1, 2
$$;

create function public.break_one(target text, it public.breakable) returns text language plpgsql as $$
declare
    candidate text;
    done boolean := false;
begin
    perform set_config('session_replication_role', 'replica', true);
    -- What waits for the end of the transaction would stand in the way of ALTER TABLE.
    set constraints all immediate;
    perform public.loosen(it);
    if it.kind = 'not null' then
        execute format('update %1$s set %2$s = null where (tableoid, ctid) = (select tableoid, ctid from %1$s limit 1)', it.scope, it.columns[1]);
        get diagnostics done = row_count;
    elsif it.kind in ('check', 'domain') then
        done := public.break_condition(it);
    elsif it.kind = 'foreign key' then
        foreach candidate in array array['-77', '77777777', 'QQQ', 'QQ', '00000000-0000-0000-0000-00000000000f', '1900-01-01', '203.0.113.0/24', 'Z'] loop
            begin
                execute format('update %1$s set %2$s = %3$L where (tableoid, ctid) = (select tableoid, ctid from %1$s order by (%4$s) is null limit 1)',
                               it.scope, it.columns[cardinality(it.columns)], candidate, it.columns[1]);
                get diagnostics done = row_count;
                exit when done;
            exception when others then null;
            end;
        end loop;
    else
        done := public.break_key(it);
    end if;
    perform public.tighten(it);
    perform set_config('session_replication_role', 'origin', true);
    if not done then
        return 'not broken: nothing tried breaks it';
    end if;
    -- Of this very constraint.
    if exists (select from synthgen.verify(target) as found
                where found.verdict = 'violated' and found.kind = it.kind
                  and strpos(replace(found.object, '"', ''), replace(regexp_replace(it.name, '^.*\.', ''), '"', '')) > 0) then
        return 'reported';
    end if;
    return 'not reported';
end
$$;

-- Switches off what might stand in the way of an UPDATE of a table: its CHECKs (a domain's own one where that is to be
-- broken), NOT NULL, what its indexes ask for, identities.
create function public.loosen(it public.breakable) returns void language plpgsql as $$
declare
    statement text;
begin
    create temporary table held on commit drop as
    select format('alter table %s add constraint %I %s%s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid),
                  case when pg_get_constraintdef(k.oid) ~ 'NOT VALID$' then '' else ' not valid' end) as again,
           format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as away
      from pg_constraint k
     where k.conrelid = it.relation and k.contype = 'c' and k.coninhcount = 0 and (it.kind = 'check' or k.conname <> it.name)
    union all
    select format('alter domain %s add constraint %I %s%s', k.contypid::regtype, k.conname, pg_get_constraintdef(k.oid),
                  case when pg_get_constraintdef(k.oid) ~ 'NOT VALID$' then '' else ' not valid' end),
           format('alter domain %s drop constraint %I', k.contypid::regtype, k.conname)
      from pg_constraint k
     where it.kind = 'domain' and k.oid = it.object;
    for statement in select away from held loop
        execute statement;
    end loop;
    create temporary table parts on commit drop as select relid as part from pg_partition_tree(it.relation) union select it.relation;
    create temporary table asked on commit drop as
    select indexrelid, indisunique, indisprimary, indisexclusion from pg_index where indrelid in (select part from parts);
    update pg_index set indisunique = false, indisprimary = false, indisexclusion = false where indexrelid in (select indexrelid from asked);
    create temporary table attribute on commit drop as
    select attrelid, attnum, attnotnull, attidentity from pg_attribute where attrelid in (select part from parts) and attnum > 0;
    update pg_attribute set attidentity = '', attnotnull = attnotnull and (it.kind <> 'not null' or attname <> it.condition)
     where attrelid in (select part from parts) and attnum > 0;
end
$$;

create function public.tighten(it public.breakable) returns void language plpgsql as $$
declare
    statement text;
begin
    update pg_index i set indisunique = a.indisunique, indisprimary = a.indisprimary, indisexclusion = a.indisexclusion
      from asked a where a.indexrelid = i.indexrelid;
    update pg_attribute p set attidentity = a.attidentity, attnotnull = a.attnotnull
      from attribute a where a.attrelid = p.attrelid and a.attnum = p.attnum;
    for statement in select again from held loop
        execute statement;
    end loop;
end
$$;

-- Gives a row the key of another one, and what of it a partial key's predicate asks for.
create function public.break_key(it public.breakable) returns boolean language plpgsql as $$
declare
    filled text;
    pair text;
    rows integer;
begin
    -- Of a key only rows without NULL stand in the way of others.
    filled := (select coalesce(string_agg(key || ' is not null', ' and ') , 'true') from unnest(it.columns) as key where it.condition is null or it.condition !~ ('\m' || key || '\M'))
              || case when it.condition is null then '' else format(' and (%s)', it.condition) end;
    execute format('create temporary table model on commit drop as select tableoid as its_table, ctid as its_place, * from %s where %s limit 1', it.scope, filled);
    get diagnostics rows = row_count;
    if rows = 0 then
        return false;
    end if;
    pair := (select string_agg(format('%1$s = (select model.%1$s from model)', key), ', ') from unnest(it.columns) as key);
    execute format('update %1$s set %2$s where (tableoid, ctid) = (select o.tableoid, o.ctid from %1$s as o where (o.tableoid, o.ctid) <> (select its_table, its_place from model) order by o.ctid desc limit 1)',
                   it.scope, pair);
    get diagnostics rows = row_count;
    return rows > 0;
end
$$;

-- Whether some value in some of its columns, or two of them in two, breaks a condition that nothing keeps any more.
create function public.break_condition(it public.breakable) returns boolean language plpgsql as $$
declare
    key text;
    other text;
    candidate text;
    second text;
    few text[] := array['null', '0', '1', '-1', '99999', quote_literal(''), quote_literal('Qq'), quote_literal('2999-12-31'), quote_literal('1700-01-01'), 'true', 'false'];
    many text[];
begin
    -- The condition's own constants, and numbers beside them.
    few := few || array(select distinct quote_literal(hit[1]) from regexp_matches(it.condition, '''([^'']{1,40})''', 'g') as f (hit) limit 12)
               || array(select distinct unnest(array[hit[1], (hit[1]::numeric + 1)::text, (hit[1]::numeric - 1)::text])
                          from regexp_matches(it.condition, '(?:^|[^\w''.])(\d{1,9}(?:\.\d{1,6})?)(?![\w''])', 'g') as f (hit) limit 18);
    many := few || array[quote_literal(' x '), quote_literal('!'), '-100000', '0.007', '2', '3', '1e9',
        quote_literal('2999-12-31 11:22:33.456'), quote_literal('{}'), quote_literal('[]'),
        quote_literal('{99}'), quote_literal('{99,99,99,99,99,99,99,99,99}'), quote_literal('0'), quote_literal('empty'), quote_literal('{NULL}'),
        quote_literal(repeat('y', 300)), quote_literal('yyyyyyyyyyyyyyyyyyyyyyyyy'), quote_literal('{"secret": 1}'), quote_literal('\x00'),
        quote_literal('{a,a}'), quote_literal('(,)'), quote_literal('1 mon -5 days'), quote_literal('00:00:01'), quote_literal('(1,2)'), quote_literal('(2,1)'), quote_literal('(2999-12-31,1700-01-01)'), quote_literal('{Qq,Qq}'), quote_literal('[1,2)')];
    foreach key in array it.columns loop
        foreach candidate in array many loop
            if public.breaks(it, format('%s = %s', key, candidate), candidate) then
                return true;
            end if;
        end loop;
        -- Another row's value, for what only compares columns.
        foreach candidate in array array['1', '2', '3'] loop
            if public.breaks(it, format('%1$s = (select o.%1$s from %2$s as o where o.%1$s is not null order by md5(o.ctid::text || %3$L) limit 1)', key, it.scope, candidate), candidate) then
                return true;
            end if;
        end loop;
        -- Its own value changed.
        foreach candidate in array array['%1$s + 1', '%1$s - 1', '- %1$s', '%1$s || %1$s', 'upper(%1$s)', '%1$s * 3', '%1$s + interval ''500 days''', '%1$s - interval ''500 days''', 'not %1$s'] loop
            if public.breaks(it, format('%1$s = ' || candidate, key), candidate) then
                return true;
            end if;
        end loop;
    end loop;
    foreach key in array it.columns loop
        foreach other in array it.columns loop
            continue when key >= other;
            foreach candidate in array few loop
                foreach second in array few loop
                    if public.breaks(it, format('%s = %s, %s = %s', key, candidate, other, second), candidate || second) then
                        return true;
                    end if;
                end loop;
            end loop;
        end loop;
    end loop;
    return false;
end
$$;

-- Whether an assignment makes a row, chosen by a text, fail the condition.
create function public.breaks(it public.breakable, assignment text, chosen text) returns boolean language plpgsql as $$
declare
    broken boolean;
begin
    execute format('update %1$s set %2$s where (tableoid, ctid) = (select o.tableoid, o.ctid from %1$s as o order by md5(o.ctid::text || %3$L) limit 1) returning (%4$s) is false',
                   it.scope, assignment, chosen, it.condition) into broken;
    return coalesce(broken, false);
exception when others then
    return false;
end
$$;
