-- Forgets the rule document of a target.
-- $1 JSON array of the target's schemas
delete from synthgen.rule_document_stored
where schemas = array(select distinct jsonb_array_elements_text($1::text::jsonb) order by 1)
