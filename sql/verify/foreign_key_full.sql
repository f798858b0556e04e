-- MATCH FULL: children whose key is complete and has no parent, or is NULL in part.
select (select count(*) from {scanned} as child where num_nulls({children}) < {width}),
       count(*) + (select count(*) from {scanned} as child where num_nulls({children}) not in (0, {width})),
       false, null, min(format('no parent has the key (%s)', concat_ws(', ', {children})))
from {scanned} as child
where num_nulls({children}) = 0
  and not exists (select from {referenced} as parent where {equal})
