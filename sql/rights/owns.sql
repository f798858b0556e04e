-- Whether the caller owns all of the schemas or all of the tables.
-- $1 JSON array of schema names, $2 JSON array of OIDs of tables
select coalesce((select bool_and(pg_has_role(n.nspowner, 'USAGE'))
                 from jsonb_array_elements_text($1::text::jsonb) as named (name)
                 join pg_catalog.pg_namespace as n on n.nspname = named.name), false)
    or coalesce((select bool_and(pg_has_role(c.relowner, 'USAGE'))
                 from jsonb_array_elements_text($2::text::jsonb) as bound (oid)
                 join pg_catalog.pg_class as c on c.oid = bound.oid::oid), false)
