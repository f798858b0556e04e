-- Shares of values among the rows that a rule is about and that are not NULL.
with drawn as materialized (
    select subject.{column} as value, count(*) as n
    from {rows}
    where {applies} and num_nulls(subject.{column}) = 0
    group by subject.{column}
), wanted (place, label, value, share) as (
    values {wanted}
), total as (
    select coalesce(sum(n), 0)::bigint as n from drawn
), compared as (
    select wanted.place, wanted.label, wanted.share, coalesce(drawn.n, 0) as n
    from wanted left join drawn on drawn.value = wanted.value
), stray as (
    select coalesce(sum(n), 0)::bigint as n, min(value::text) as example
    from drawn
    where not exists (select from wanted where wanted.value = drawn.value)
)
select total.n, case when {hard} then stray.n else 0 end,
       total.n > 0 and (stray.n::float8 / nullif(total.n, 0) > {tolerance}
                        or (select bool_or(abs(n::float8 / nullif(total.n, 0) - share) > {allowance}) from compared)),
       (select string_agg(format('%s: %s%%', label, round(100.0 * n / total.n, 1)), ', ' order by place)
        from compared
        where total.n > 0),
       case when stray.n > 0 then format('%s rows have other values, such as %s', stray.n, stray.example) end
from total, stray
