-- The primary key's columns in order: quoted name, type. Reads only the catalog; run it as the caller.
-- $1 OID of the table
select quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
       a.atttypid in ('pg_catalog.int2'::regtype, 'pg_catalog.int4'::regtype, 'pg_catalog.int8'::regtype)
from pg_catalog.pg_index as i
cross join lateral unnest(i.indkey::smallint[]) with ordinality as part (number, place)
join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = part.number
where i.indrelid = $1::text::oid and i.indisprimary and part.place <= i.indnkeyatts
order by part.place
