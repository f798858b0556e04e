select input_usd, output_usd
from synthgen.llm_price_stored
where pg_catalog.starts_with($1, model)
   or pg_catalog.starts_with(pg_catalog.regexp_replace($1, '^.*/', ''), model)
order by pg_catalog.length(model) desc
limit 1
