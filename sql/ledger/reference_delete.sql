-- Forgets the reference rows of a target, before others take their place.
-- $1 JSON array of the target's schemas
delete from synthgen.reference_row_stored
where schemas = array(select distinct jsonb_array_elements_text($1::text::jsonb) order by 1)
