-- The reference rows stored for a target or a part of it, in the order of the file: a JSON array of rows.
-- $1 JSON array of the target's schemas
select coalesce(jsonb_agg(jsonb_build_object('section', section, 'line', line, 'heading', heading, 'cells', cells,
                                             'weight', weight)
                          order by cardinality(schemas), schemas, section, line), '[]')
from synthgen.reference_row_stored
where schemas <@ array(select jsonb_array_elements_text($1::text::jsonb))
