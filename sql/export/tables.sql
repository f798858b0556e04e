-- The tables that export writes, with their columns and primary keys: one JSON array by schema and name.
-- Partitions are left out where their root is written. Run under search_path pg_catalog, pg_temp.
-- $1 JSON array of schema names
with target as (
    select n.oid, n.nspname, named.place
    from jsonb_array_elements_text($1::text::jsonb) with ordinality as named (name, place)
    join pg_namespace as n on n.nspname = named.name
)
select coalesce(jsonb_agg(jsonb_build_object(
    'oid', c.oid::bigint,
    'schema', t.nspname,
    'name', c.relname,
    'qualified', format('%I.%I', t.nspname, c.relname),
    'partitioned', c.relkind = 'p',
    'columns', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', a.attname,
            'type', format_type(a.atttypid, a.atttypmod),
            'textual', a.attcollation <> 0,
            'integer', a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)) order by a.attnum), '[]')
        from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    'key', (
        select coalesce(jsonb_agg(k.attname order by part.place), '[]')
        from pg_index as i
        cross join lateral unnest(i.indkey::smallint[]) with ordinality as part (number, place)
        join pg_attribute as k on k.attrelid = c.oid and k.attnum = part.number
        where i.indrelid = c.oid and i.indisprimary and part.place <= i.indnkeyatts)
) order by t.place, c.relname), '[]')
from pg_class as c
join target as t on t.oid = c.relnamespace
where c.relkind in ('r', 'p')
  and not (c.relispartition and exists (select from pg_inherits as i
                                        join pg_class as p on p.oid = i.inhparent
                                        join target as pt on pt.oid = p.relnamespace
                                        where i.inhrelid = c.oid))
  and not exists (select from pg_depend as d
                  where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
