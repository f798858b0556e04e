-- All rows of a table in a fixed order.
select {columns}
from {scanned} as stored
order by {sorted_by}
