-- Rows of a table without those of its inheritance children; a partitioned table's rows are its partitions'.
select count(*)
from {table} as stored
where stored.tableoid = {oid}
   or (select c.relkind = 'p' from pg_catalog.pg_class as c where c.oid = {oid})
