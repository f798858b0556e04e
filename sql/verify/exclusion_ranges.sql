-- Rows whose range overlaps that of another row with equal other parts, each counted once. In the order of their
-- beginnings a range can only overlap an earlier one that reaches beyond its beginning, or the very next one; the
-- few rows that pass this test are compared with all others.
with entry as materialized (
    select row_number() over () as number, {named}
    from {scanned}
    where ({predicate}) and num_nulls({expressions}) = 0
), placed as (
    select *,
           row_number() over ordered > 1 and lower_inf({range}) as both_endless,
           max(upper({range})) over earlier as reached,
           bool_or(upper_inf({range})) over earlier as endless,
           bool_or(upper_inc({range})) over earlier as closed,
           lead({range}) over ordered as next
    from entry
    where not isempty({range})
    window ordered as (partition by {partition} order by lower({range}) nulls first, lower_inc({range}) desc),
           earlier as (ordered rows between unbounded preceding and 1 preceding)
), suspected as materialized (
    select *
    from placed
    where both_endless or endless or reached > lower({range})
       or (reached = lower({range}) and closed and lower_inc({range})) or next && {range}
)
select (select count(*) from entry), count(*), false, null, null
from suspected
where exists (select from entry as other where other.number <> suspected.number and {conflict})
