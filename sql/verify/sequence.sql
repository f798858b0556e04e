-- Whether the sequence's next value is one that the column has passed.
select 1, coalesce(next_value {passed} reached, false)::integer, false, null,
       case when next_value {passed} reached then format('next value %s, but %s is stored', next_value, reached) end
from (select case when is_called then last_value::numeric + {increment} else last_value::numeric end from {sequence})
         as sequence (next_value)
cross join (select {extreme}({column})::numeric from {scanned}) as stored (reached)
