-- Stores reference rows of a target.
-- $1 JSON array of the target's schemas, $2 JSON array of rows, as reference_get.sql gives them
insert into synthgen.reference_row_stored (schemas, section, line, heading, cells, weight)
select array(select distinct jsonb_array_elements_text($1::text::jsonb) order by 1),
       stored.section, stored.line, stored.heading, stored.cells, stored.weight
from jsonb_to_recordset($2::text::jsonb) as stored (section integer, line integer, heading jsonb, cells jsonb,
                                                    weight double precision)
