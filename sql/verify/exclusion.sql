-- Rows that conflict with another row, each counted once; a row with a NULL conflicts with none.
with entry as materialized (
    select row_number() over () as number, {named}
    from {scanned}
    where ({predicate}) and num_nulls({expressions}) = 0
)
select (select count(*) from entry), count(*), false, null, null
from entry
where exists (select from entry as other where other.number <> entry.number and {conflict})
