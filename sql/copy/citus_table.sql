-- One row where the table ($1: its OID) is distributed or a reference table of Citus.
select 1
from pg_catalog.pg_dist_partition as d
where d.logicalrelid = $1::pg_catalog.oid
