-- Rows beyond the first of each group of equal keys. {keys} are named by {named} and numbered in {places}; num_nulls() is asked
-- because the planner may take IS NOT NULL of a NOT NULL column for granted.
select coalesce(sum(n), 0)::bigint, coalesce(sum(n - 1), 0)::bigint, false, null,
       min(format('%s rows have the key (%s)', n, key)) filter (where n > 1)
from (
    select count(*) as n, concat_ws(', ', {keys}) as key, {named}
    from {source}
    where {predicate}
    group by {places}
) as same
