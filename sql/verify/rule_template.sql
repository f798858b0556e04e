-- Values that a template cannot have made.
select n, case when {hard} then strays else 0 end, n > 0 and strays::float8 / nullif(n, 0) > {tolerance}, null,
       case when strays > 0 then format('%s rows do not match, such as %s', strays, example) end
from (
    select count(*) as n, count(*) filter (where value !~ {pattern}) as strays,
           min(value) filter (where value !~ {pattern}) as example
    from (select subject.{column}::text as value
          from {rows}
          where {applies} and num_nulls(subject.{column}) = 0) as drawn
) as counted
