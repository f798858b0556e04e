-- All rows of a table in a fixed order.
select {columns}
from {source} as stored
order by {order}
