-- The row number behind the last that any run planned for a table, 0 if there was none.
-- $1 OID of the table
select coalesce(max(row_base + requested), 0)
from synthgen.run_table_stored
where table_oid = $1::text::oid
