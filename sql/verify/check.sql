-- Rows for which a CHECK is false. The condition stands in a FILTER: as a WHERE clause the planner could refute it.
-- The table has no alias, so that the names inside mean what they mean in the constraint.
select count(*), count(*) filter (where ({expression}) is false), false, null, null
from {scanned}
