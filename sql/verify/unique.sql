-- Rows beyond the first of each group of equal keys. {named} are the keys as {parts}, numbered in {places}; num_nulls()
-- is asked because the planner may take IS NOT NULL of a NOT NULL column for granted.
select coalesce(sum(n), 0)::bigint, coalesce(sum(n - 1), 0)::bigint, false, null,
       min(format('%s rows have the key (%s)', n, concat_ws(', ', {parts}))) filter (where n > 1)
from (
    select count(*) as n, {named}
    from {scanned}
    where {predicate}
    group by {places}
) as same
