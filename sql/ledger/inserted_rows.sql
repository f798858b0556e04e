-- How many rows runs inserted into a table: all that is known where it has no primary key.
-- $1 OID of the table
select coalesce(sum(inserted), 0)::bigint
from synthgen.run_table_stored
where table_oid = $1::text::oid
