-- Rows whose key is listed. The list is made distinct as typed values: two spellings may be one key.
-- $1 JSON array of arrays of text
select count(*)
from {table} as stored
join (select distinct {typed} from pg_catalog.jsonb_array_elements($1::text::jsonb) as listed (parts)) as listed
  on {equal}
where stored.tableoid = {oid}
   or (select c.relkind = 'p' from pg_catalog.pg_class as c where c.oid = {oid})
