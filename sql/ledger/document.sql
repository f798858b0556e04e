-- Keeps a document of a run.
-- $1 run, $2 name, $3 document
insert into synthgen.run_document_stored (run_id, name, document)
values ($1::text::bigint, $2::text, $3::text::jsonb)
on conflict (run_id, name) do update set document = excluded.document
