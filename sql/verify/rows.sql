-- How many rows there are.
select count(*), 0, false, null, null
from {scanned}
