-- Children per parent: bounds, and the share of parents with each number of children.
with family as materialized (
    select {children}, count(*) as n
    from {scanned} as child
    where num_nulls({keys}) = 0
    group by {keys}
), parent as materialized (
    select coalesce(family.n, 0) as n
    from {referenced} as parent left join family on {equal}
), wanted (children, share) as (
    values {wanted}
), compared as (
    select wanted.children, wanted.share, count(parent.n) as n
    from wanted left join parent on parent.n = wanted.children
    group by wanted.children, wanted.share
), total as (
    select count(*) as n, count(*) filter (where n not between {least} and {most}) as stray, min(n) as least,
           max(n) as most, avg(n) as mean
    from parent
)
select n, case when {hard} then stray else 0 end,
       n > 0 and (stray::float8 / nullif(n, 0) > {tolerance}
                  or coalesce((select bool_or(abs(compared.n::float8 / nullif(total.n, 0) - share) > {allowance})
                               from compared where share is not null), false)),
       case when n > 0 then format('%s to %s children, %s on average', least, most, round(mean, 2)) end,
       case when stray > 0 then format('%s parents have fewer than %s or more than %s', stray, {least}, {most}) end
from total
