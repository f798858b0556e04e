-- The lists of words of a role, as a JSON array of name and CSV text. $1 role
select coalesce(jsonb_agg(jsonb_build_array(name, csv) order by name), '[]')
from synthgen.vocabulary_stored
where loaded_by = $1::text
