-- Values for which a domain's CHECK is false. Cast to the base type: a cast to the domain would raise.
select count(*), count(*) filter (where ({expression}) is false), false, null, null
from (select ({column})::{base} as value from {scanned}) as stored
