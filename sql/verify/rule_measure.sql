-- Bounds and centre of a number or a moment. The centre is judged by the share of rows below it, ties counted
-- half: that is the same measure for every distribution, and rounding does not move it.
with drawn as materialized (
    select subject.{column} as value
    from {rows}
    where {applies} and num_nulls(subject.{column}) = 0
), measured as (
    select count(*) as n, count(*) filter (where {outside}) as stray, min(value) as least, max(value) as greatest,
           avg({below}) as below, {middle} as middle
    from drawn
)
select n, case when {hard} then stray else 0 end,
       n > 0 and (stray::float8 / nullif(n, 0) > {tolerance} or coalesce(abs(below - 0.5) > {allowance}, false)),
       case when n > 0 then format('%s to %s', least, greatest) || coalesce(', median ' || middle, '') end,
       case when stray > 0 then format('%s rows lie outside', stray) end
from measured
