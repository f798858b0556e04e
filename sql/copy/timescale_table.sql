-- One row where the table ($1: its OID) is a hypertable of Timescale.
select 1
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join _timescaledb_catalog.hypertable as h on h.schema_name = n.nspname and h.table_name = c.relname
where c.oid = $1::pg_catalog.oid
