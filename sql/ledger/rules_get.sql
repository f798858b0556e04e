-- The rule documents stored for a target or a part of it, the most special one last: a JSON array.
-- $1 JSON array of the target's schemas
select coalesce(jsonb_agg(document order by cardinality(schemas), schemas), '[]')
from synthgen.rule_document_stored
where schemas <@ array(select jsonb_array_elements_text($1::text::jsonb))
