-- The rows of a table whose keys one of the caller's runs noted, in a fixed order. Blocks are of integer keys.
with block as materialized (
    select distinct least(first_key, last_key) as first_key, greatest(first_key, last_key) as last_key,
           abs(key_increment) as step
    from synthgen.run_key
    where run_id = {run} and table_oid = {oid} and first_key is not null
), listed as materialized (
    select distinct {typed}
    from synthgen.run_key as noted, pg_catalog.jsonb_array_elements(noted.key_values) as listed (parts)
    where noted.run_id = {run} and noted.table_oid = {oid} and noted.key_values is not null
)
select {columns}
from {scanned} as stored
where {in_block} ({key}) in (select {parts} from listed)
order by {sorted_by}
