-- What callers see of the ledger: runs that were started by a role whose rights they have.
-- pg_has_role() looks at the caller, not at the view's owner, and is false for a role dropped since.

create view synthgen.run with (security_barrier) as
    select run_id, target, seed, as_of, arguments, status, algorithm_version,
           pg_catalog.pg_get_userbyid(started_by) as started_by, started_at, finished_at, error
    from synthgen.run_stored
    where pg_catalog.pg_has_role(started_by, 'USAGE');
comment on view synthgen.run is 'Calls that filled tables, started by roles whose rights you have';
comment on column synthgen.run.run_id is 'Number of the run';
comment on column synthgen.run.target is 'Target as the call gave it';
comment on column synthgen.run.seed is 'Seed of all chance';
comment on column synthgen.run.as_of is 'The moment at which the data pretend to end';
comment on column synthgen.run.arguments is 'All arguments of the call';
comment on column synthgen.run.status is 'running, done, failed or cancelled';
comment on column synthgen.run.algorithm_version is 'Version of the algorithms that made the rows';
comment on column synthgen.run.started_by is 'Role that called';
comment on column synthgen.run.started_at is 'When the run began, by the server''s clock';
comment on column synthgen.run.finished_at is 'When the run ended, NULL while it runs';
comment on column synthgen.run.error is 'Message of the error that ended the run';

create view synthgen.run_table with (security_barrier) as
    select t.run_id, t.step, t.table_name, t.requested, t.inserted, t.llm_rows, t.reference_rows, t.algorithmic_rows,
           t.row_base, t.verdict, t.detail, t.elapsed_ms, t.table_oid
    from synthgen.run_table_stored as t
    join synthgen.run_stored as r using (run_id)
    where pg_catalog.pg_has_role(r.started_by, 'USAGE');
comment on view synthgen.run_table is 'What your runs did to each table';
comment on column synthgen.run_table.run_id is 'The run';
comment on column synthgen.run_table.step is 'Order of loading, from 1';
comment on column synthgen.run_table.table_name is 'Table, schema-qualified and quoted where SQL needs it';
comment on column synthgen.run_table.requested is 'Rows asked for or planned';
comment on column synthgen.run_table.inserted is 'Rows inserted';
comment on column synthgen.run_table.llm_rows is 'Inserted rows that a model wrote';
comment on column synthgen.run_table.reference_rows is 'Inserted rows that reference data gave';
comment on column synthgen.run_table.algorithmic_rows is 'Inserted rows that algorithms made';
comment on column synthgen.run_table.row_base is 'Row number at which the run''s rows begin';
comment on column synthgen.run_table.verdict is 'filled, short, by trigger, existing, skipped or refused';
comment on column synthgen.run_table.detail is 'Why, or what is worth knowing';
comment on column synthgen.run_table.elapsed_ms is 'Milliseconds spent on the table';
comment on column synthgen.run_table.table_oid is 'OID of the table';

create view synthgen.run_document with (security_barrier) as
    select d.run_id, d.name, d.document
    from synthgen.run_document_stored as d
    join synthgen.run_stored as r using (run_id)
    where pg_catalog.pg_has_role(r.started_by, 'USAGE');
comment on view synthgen.run_document is 'Documents of your runs: what was read, decided and done';
comment on column synthgen.run_document.run_id is 'The run';
comment on column synthgen.run_document.name is 'schema_ir, ref_data_ir, rules_ir, plan, input_schema or output_schema';
comment on column synthgen.run_document.document is 'The document';

create view synthgen.run_key with (security_barrier) as
    select k.run_id, k.table_name, k.first_key, k.last_key, k.key_increment, k.key_values, k.chunk, k.table_oid
    from synthgen.run_key_stored as k
    join synthgen.run_stored as r using (run_id)
    where pg_catalog.pg_has_role(r.started_by, 'USAGE');
comment on view synthgen.run_key is 'Primary keys that your runs wrote: blocks of a sequence, or the keys themselves';
comment on column synthgen.run_key.run_id is 'The run';
comment on column synthgen.run_key.table_name is 'Table, schema-qualified and quoted where SQL needs it';
comment on column synthgen.run_key.first_key is 'First key of a block taken from a sequence';
comment on column synthgen.run_key.last_key is 'Last key of the block';
comment on column synthgen.run_key.key_increment is 'Distance between two keys of the block';
comment on column synthgen.run_key.key_values is 'Keys as stored: an array of arrays of text, in the order of the key''s columns';
comment on column synthgen.run_key.chunk is 'Order in which the keys were noted';
comment on column synthgen.run_key.table_oid is 'OID of the table';

-- Rules and reference rows say something about schemas, so whoever may use all of the schemas may read them.
create view synthgen.rule_document with (security_barrier) as
    select d.schemas, d.document, d.stored_by, d.stored_at
    from synthgen.rule_document_stored as d
    where not exists (
        select from pg_catalog.unnest(d.schemas) as named (schema_name)
        where coalesce(not pg_catalog.has_schema_privilege(
            (select n.oid from pg_catalog.pg_namespace as n where n.nspname = named.schema_name), 'USAGE'), true));
comment on view synthgen.rule_document is 'Rules stored for schemas that you may use';
comment on column synthgen.rule_document.schemas is 'Schemas of the target, sorted';
comment on column synthgen.rule_document.document is 'The rule document as it was loaded';
comment on column synthgen.rule_document.stored_by is 'Role that stored it';
comment on column synthgen.rule_document.stored_at is 'When, by the server''s clock';

create view synthgen.reference_row with (security_barrier) as
    select r.schemas, r.section, r.line, r.heading, r.cells, r.weight
    from synthgen.reference_row_stored as r
    where not exists (
        select from pg_catalog.unnest(r.schemas) as named (schema_name)
        where coalesce(not pg_catalog.has_schema_privilege(
            (select n.oid from pg_catalog.pg_namespace as n where n.nspname = named.schema_name), 'USAGE'), true));
comment on view synthgen.reference_row is 'Reference rows stored for schemas that you may use';
comment on column synthgen.reference_row.schemas is 'Schemas of the target, sorted';
comment on column synthgen.reference_row.section is 'Order of the section in the file, from 1';
comment on column synthgen.reference_row.line is 'Line of the row in the file, from 1';
comment on column synthgen.reference_row.heading is 'The section: its table and how its headers map to columns';
comment on column synthgen.reference_row.cells is 'The row as it was read';
comment on column synthgen.reference_row.weight is 'Relative weight: 1 unless given, 0 = inserted but never drawn';

-- Words are a caller's own: nobody changes what another's calls write.
create view synthgen.vocabulary with (security_barrier) as
    select v.name, v.csv, v.loaded_at
    from synthgen.vocabulary_stored as v
    where v.loaded_by = current_user;
comment on view synthgen.vocabulary is 'Lists of words that you loaded';
comment on column synthgen.vocabulary.name is 'Name by which rules and templates draw from it';
comment on column synthgen.vocabulary.csv is 'The list as it was loaded';
comment on column synthgen.vocabulary.loaded_at is 'When, by the server''s clock';

grant select on synthgen.run, synthgen.run_table, synthgen.run_document, synthgen.run_key,
                synthgen.rule_document, synthgen.reference_row, synthgen.vocabulary to public;
