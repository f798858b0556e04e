-- Stores the rule document of a target in the place of the one before.
-- $1 JSON array of the target's schemas, $2 document, $3 role
insert into synthgen.rule_document_stored (schemas, document, stored_by)
values (array(select distinct jsonb_array_elements_text($1::text::jsonb) order by 1), $2::text::jsonb, $3::text)
on conflict (schemas) do update
set document = excluded.document, stored_by = excluded.stored_by, stored_at = clock_timestamp()
