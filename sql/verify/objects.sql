-- What there is to verify, in the catalog's own words: one JSON document. Run under search_path pg_catalog,
-- pg_temp: then whatever is not built in is printed with its schema and means the same under every path.
-- It trusts no flag that says a constraint holds (indisready, indisvalid, convalidated); one that is NOT ENFORCED
-- promises nothing. Columns that not every major has are asked for by way of JSON.
-- $1 JSON array of schema names
with target as (
    select n.oid, n.nspname, named.place
    from jsonb_array_elements_text($1::text::jsonb) with ordinality as named (name, place)
    join pg_namespace as n on n.nspname = named.name
), relation as (
    select c.oid, t.place, t.nspname, c.relname, c.relkind,
           format('%I.%I', t.nspname, c.relname) as qualified,
           -- A partitioned table's constraints speak of all its partitions; an inheritance parent's keys do not.
           case c.relkind when 'p' then '' else 'only ' end || format('%I.%I', t.nspname, c.relname) as source,
           -- What a partition shares with its root is counted at the root.
           c.relispartition and exists (select from pg_inherits as i
                                        join pg_class as p on p.oid = i.inhparent
                                        join target as pt on pt.oid = p.relnamespace
                                        where i.inhrelid = c.oid) as derived
    from pg_class as c
    join target as t on t.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and not exists (select from pg_depend as d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select jsonb_build_object(
    'schemas', (select coalesce(jsonb_agg(nspname order by place), '[]') from target),
    'tables', coalesce(jsonb_agg(jsonb_build_object(
        'oid', r.oid::bigint,
        'schema', r.nspname,
        'name', r.relname,
        'qualified', r.qualified,
        'source', r.source,
        'derived', r.derived,
        'columns', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', a.attname,
                'quoted', quote_ident(a.attname),
                'type', format_type(a.atttypid, a.atttypmod),
                'category', ty.typcategory,
                'not_null', not (r.derived and a.attinhcount > 0)
                            and (a.attnotnull or exists (select from pg_index as i
                                                         where i.indrelid = r.oid and i.indisprimary
                                                           and a.attnum = any (i.indkey::smallint[]))),
                'domains', case when r.derived then '[]' else (
                    with recursive layer as (
                        select d.oid, d.typbasetype, d.typtypmod, d.typnotnull, d.typtype, 1 as depth
                        from pg_type as d where d.oid = a.atttypid and d.typtype = 'd'
                      union all
                        select b.oid, b.typbasetype, b.typtypmod, b.typnotnull, b.typtype, l.depth + 1
                        from layer as l join pg_type as b on b.oid = l.typbasetype
                        where b.typtype = 'd'
                    )
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'name', format_type(l.oid, null),
                        'not_null', l.typnotnull,
                        'base', format_type(l.typbasetype, -1),
                        'checks', (select coalesce(jsonb_agg(jsonb_build_object(
                                        'name', k.conname, 'expression', pg_get_expr(k.conbin, 0)) order by k.conname), '[]')
                                   from pg_constraint as k
                                   where k.contypid = l.oid and k.contype = 'c')
                    ) order by l.depth), '[]')
                    from layer as l) end
            ) order by a.attnum), '[]')
            from pg_attribute as a
            join pg_type as ty on ty.oid = a.atttypid
            where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped),
        'keys', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', ic.relname,
                'primary', i.indisprimary,
                'nulls_not_distinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
                'predicate', pg_get_expr(i.indpred, i.indrelid),
                'parts', (select jsonb_agg(jsonb_build_object(
                              'expression', pg_get_indexdef(i.indexrelid, place, false),
                              'collation', (select format('%I.%I', cn.nspname, co.collname)
                                            from pg_collation as co
                                            join pg_namespace as cn on cn.oid = co.collnamespace
                                            where co.oid = (i.indcollation::oid[])[place - 1]))
                              order by place)
                          from generate_series(1, i.indnkeyatts::integer) as place)
            ) order by not i.indisprimary, ic.relname), '[]')
            from pg_index as i
            join pg_class as ic on ic.oid = i.indexrelid
            where i.indrelid = r.oid and i.indisunique and not (r.derived and ic.relispartition)
              -- WITHOUT OVERLAPS excludes; it is listed there.
              and not exists (select from pg_constraint as k
                              where k.conindid = i.indexrelid and (to_jsonb(k) ->> 'conperiod')::boolean
                                and k.contype in ('p', 'u'))),
        'foreign_keys', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', k.conname,
                'full', k.confmatchtype = 'f',
                'period', coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false),
                'referenced_oid', k.confrelid::bigint,
                'referenced', case p.relkind when 'p' then '' else 'only ' end || format('%I.%I', pn.nspname, p.relname),
                'pairs', (select jsonb_agg(jsonb_build_object(
                              'child', quote_ident(ca.attname),
                              'parent', quote_ident(pa.attname),
                              'operator', (select format('operator(%I.%s)', opn.nspname, op.oprname)
                                           from pg_operator as op
                                           join pg_namespace as opn on opn.oid = op.oprnamespace
                                           where op.oid = pair.operator)) order by pair.place)
                          from unnest(k.conkey, k.confkey, k.conpfeqop)
                               with ordinality as pair (child, parent, operator, place)
                          join pg_attribute as ca on ca.attrelid = k.conrelid and ca.attnum = pair.child
                          join pg_attribute as pa on pa.attrelid = k.confrelid and pa.attnum = pair.parent)
            ) order by k.conname), '[]')
            from pg_constraint as k
            join pg_class as p on p.oid = k.confrelid
            join pg_namespace as pn on pn.oid = p.relnamespace
            -- A clone at a partition, of the child or of the parent, is counted with its original.
            where k.conrelid = r.oid and k.contype = 'f' and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
              and not (k.conparentid <> 0
                       and (r.derived or exists (select from pg_constraint as o
                                                 where o.oid = k.conparentid and o.conrelid = k.conrelid)))),
        'checks', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', k.conname,
                'expression', pg_get_expr(k.conbin, k.conrelid)) order by k.conname), '[]')
            from pg_constraint as k
            where k.conrelid = r.oid and k.contype = 'c' and (k.conislocal or not r.derived)
              and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)),
        'partition_bound', case when r.derived then pg_get_partition_constraintdef(r.oid) end,
        'exclusions', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', k.conname,
                'predicate', pg_get_expr(i.indpred, i.indrelid),
                'parts', (select jsonb_agg(jsonb_build_object(
                              'expression', pg_get_indexdef(k.conindid, part.place::integer, false),
                              'range', (select rt.typtype = 'r'
                                        from pg_attribute as ra join pg_type as rt on rt.oid = ra.atttypid
                                        where ra.attrelid = k.conindid and ra.attnum = part.place),
                              'operator', (select format('operator(%I.%s)', opn.nspname, op.oprname)
                                           from pg_operator as op
                                           join pg_namespace as opn on opn.oid = op.oprnamespace
                                           where op.oid = part.operator)) order by part.place)
                          from unnest(k.conexclop) with ordinality as part (operator, place))
            ) order by k.conname), '[]')
            from pg_constraint as k
            join pg_index as i on i.indexrelid = k.conindid
            where k.conrelid = r.oid and not (r.derived and k.conparentid <> 0)
              and (k.contype = 'x' or (k.contype in ('p', 'u') and (to_jsonb(k) ->> 'conperiod')::boolean))),
        'sequences', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', sequence.qualified,
                'column', quote_ident(a.attname),
                'increment', s.seqincrement,
                'cycles', s.seqcycle) order by a.attnum, sequence.qualified), '[]')
            from (
                -- The column's identity, or called in its default; one that is only owned gives no value by itself.
                select d.objid as oid, d.refobjsubid as number
                from pg_depend as d
                where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                  and d.refobjid = r.oid and d.refobjsubid > 0 and d.deptype = 'i'
              union
                select d.refobjid, f.adnum
                from pg_attrdef as f
                join pg_depend as d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
                                   and d.refclassid = 'pg_class'::regclass
                where f.adrelid = r.oid
            ) as used
            join pg_sequence as s on s.seqrelid = used.oid
            cross join lateral (
                select format('%I.%I', sn.nspname, sc.relname) as qualified
                from pg_class as sc join pg_namespace as sn on sn.oid = sc.relnamespace
                where sc.oid = used.oid) as sequence
            join pg_attribute as a on a.attrelid = r.oid and a.attnum = used.number
            join pg_type as ty on ty.oid = a.atttypid
            where not r.derived and not a.attisdropped and ty.typcategory = 'N')
    ) order by r.place, r.relname), '[]'))
from relation as r
