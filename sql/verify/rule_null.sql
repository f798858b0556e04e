-- The share of NULLs among the rows that a rule is about.
select n, case when {hard} then strays else 0 end, n > 0 and abs(share - {share}) > {allowance},
       case when n > 0 then format('%s%% NULL', round((100 * share)::numeric, 1)) end, null
from (
    select count(*) as n, avg(num_nulls(subject.{column}))::float8 as share,
           count(*) filter (where num_nulls(subject.{column}) = {kept}) as strays
    from {rows}
    where {applies}
) as counted
