-- Rows that conflict with another row, each counted once.
with entry as materialized (
    select row_number() over () as number, {named}
    from {source}
    where {predicate}
)
select (select count(*) from entry), count(*), false, null, null
from entry
where exists (select from entry as other where other.number <> entry.number and {conflict})
