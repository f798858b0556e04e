-- NULLs where none may be. num_nulls() is asked because the planner may fold IS NULL of a NOT NULL column.
select count(*), count(*) filter (where num_nulls({column}) > 0), false, null, null
from {scanned}
