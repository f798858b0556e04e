-- An invariant of some runs counts the rows t that those runs made: other rows owe it nothing.
with block as materialized (
    select distinct least(first_key, last_key) as first_key, greatest(first_key, last_key) as last_key,
           abs(key_increment) as step
    from synthgen.run_key
    where run_id = any ('{runs}') and table_oid = {oid} and first_key is not null
), listed as materialized (
    select distinct {typed}
    from synthgen.run_key as noted
    cross join jsonb_array_elements(noted.key_values) as listed (parts)
    where noted.run_id = any ('{runs}') and noted.table_oid = {oid} and noted.key_values is not null
)
select stated.checked, stated.violations, false, null, null
from ({statement}
      where {in_block}({key}) in (select {parts} from listed)) as stated (checked, violations)
