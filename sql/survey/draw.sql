-- Draws $2 values from the sequence of OID $1, for a role that may use but not set it.
-- A block is theirs who drew it if it has no gap: first, last and the number of values tell.
select pg_catalog.min(d.value), pg_catalog.max(d.value)
  from (select pg_catalog.nextval($1::text::pg_catalog.oid::pg_catalog.regclass) as value
          from pg_catalog.generate_series(1, $2::text::int8)) as d
