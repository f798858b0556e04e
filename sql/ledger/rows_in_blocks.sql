-- Rows whose key stands on a lattice and in one of its sorted, disjoint blocks.
-- $1 step, $2 residue, $3 first keys, $4 last keys
select count(*)
from {table} as stored
where (stored.tableoid = {oid} or (select c.relkind = 'p' from pg_catalog.pg_class as c where c.oid = {oid}))
  and mod(mod(stored.{key}::bigint, $1::text::bigint) + $1::text::bigint, $1::text::bigint) = $2::text::bigint
  and stored.{key}::bigint <= ($4::text::bigint[])[width_bucket(stored.{key}::bigint, $3::text::bigint[])]
