-- What synthgen remembers: runs with the keys they wrote, stored rules, stored reference rows.
-- The tables are granted to nobody; callers read the views of views.sql. Columns named *_oid hold OIDs of
-- this database and are therefore not dumped; what a dump must carry is named in dumped.sql.

create table synthgen.run_stored (
    run_id            bigint generated always as identity primary key,
    target            text not null,
    seed              bigint not null,
    as_of             timestamptz not null,
    arguments         jsonb not null,
    status            text not null default 'running' check (status in ('running', 'done', 'failed', 'cancelled')),
    algorithm_version integer not null,
    started_by        oid not null,
    started_at        timestamptz not null default clock_timestamp(),
    finished_at       timestamptz,
    error             text,
    check ((status = 'running') = (finished_at is null))
);
comment on table synthgen.run_stored is 'A call that filled tables; read it through the view run';
comment on column synthgen.run_stored.run_id is 'Number of the run';
comment on column synthgen.run_stored.target is 'Target as the call gave it';
comment on column synthgen.run_stored.seed is 'Seed of all chance';
comment on column synthgen.run_stored.as_of is 'The moment at which the data pretend to end';
comment on column synthgen.run_stored.arguments is 'All arguments of the call';
comment on column synthgen.run_stored.status is 'running, done, failed or cancelled';
comment on column synthgen.run_stored.algorithm_version is 'Version of the algorithms that made the rows';
comment on column synthgen.run_stored.started_by is 'OID of the role that called';
comment on column synthgen.run_stored.started_at is 'When the run began, by the server''s clock';
comment on column synthgen.run_stored.finished_at is 'When the run ended, NULL while it runs';
comment on column synthgen.run_stored.error is 'Message of the error that ended the run';

create table synthgen.run_table_stored (
    run_id           bigint not null references synthgen.run_stored on delete cascade,
    step             integer not null,
    table_name       text not null,
    table_oid        oid not null,
    requested        bigint not null,
    inserted         bigint not null,
    llm_rows         bigint not null,
    reference_rows   bigint not null,
    algorithmic_rows bigint not null,
    row_base         bigint not null,
    verdict          text not null check (verdict in ('filled', 'short', 'by trigger', 'existing', 'skipped', 'refused')),
    detail           text not null default '',
    elapsed_ms       double precision not null,
    primary key (run_id, table_name)
);
create index on synthgen.run_table_stored (table_oid);
comment on table synthgen.run_table_stored is 'What a run did to a table; read it through the view run_table';
comment on column synthgen.run_table_stored.run_id is 'The run';
comment on column synthgen.run_table_stored.step is 'Order of loading, from 1';
comment on column synthgen.run_table_stored.table_name is 'Table, schema-qualified and quoted where SQL needs it';
comment on column synthgen.run_table_stored.table_oid is 'OID of the table';
comment on column synthgen.run_table_stored.requested is 'Rows asked for or planned';
comment on column synthgen.run_table_stored.inserted is 'Rows inserted';
comment on column synthgen.run_table_stored.llm_rows is 'Inserted rows that a model wrote';
comment on column synthgen.run_table_stored.reference_rows is 'Inserted rows that reference data gave';
comment on column synthgen.run_table_stored.algorithmic_rows is 'Inserted rows that algorithms made';
comment on column synthgen.run_table_stored.row_base is 'Row number at which the run''s rows begin';
comment on column synthgen.run_table_stored.verdict is 'filled, short, by trigger, existing, skipped or refused';
comment on column synthgen.run_table_stored.detail is 'Why, or what is worth knowing';
comment on column synthgen.run_table_stored.elapsed_ms is 'Milliseconds spent on the table';

create table synthgen.run_document_stored (
    run_id   bigint not null references synthgen.run_stored on delete cascade,
    name     text not null,
    document jsonb not null,
    primary key (run_id, name)
);
comment on table synthgen.run_document_stored is 'Documents of a run; read them through the view run_document';
comment on column synthgen.run_document_stored.run_id is 'The run';
comment on column synthgen.run_document_stored.name is 'schema_ir, ref_data_ir, rules_ir, plan, input_schema or output_schema';
comment on column synthgen.run_document_stored.document is 'The document';

create table synthgen.run_key_stored (
    run_id        bigint not null references synthgen.run_stored on delete cascade,
    chunk         bigint generated always as identity,
    table_oid     oid not null,
    table_name    text not null,
    first_key     bigint,
    last_key      bigint,
    key_increment bigint check (key_increment <> 0),
    key_values    jsonb check (jsonb_typeof(key_values) = 'array'),
    primary key (run_id, chunk),
    check (num_nulls(first_key, last_key, key_increment) in (0, 3)),
    check ((first_key is null) <> (key_values is null))
);
create index on synthgen.run_key_stored (table_oid);
comment on table synthgen.run_key_stored is 'Primary keys that a run wrote; read them through the view run_key';
comment on column synthgen.run_key_stored.run_id is 'The run';
comment on column synthgen.run_key_stored.chunk is 'Order in which the keys were noted';
comment on column synthgen.run_key_stored.table_oid is 'OID of the table';
comment on column synthgen.run_key_stored.table_name is 'Table, schema-qualified and quoted where SQL needs it';
comment on column synthgen.run_key_stored.first_key is 'First key of a block taken from a sequence';
comment on column synthgen.run_key_stored.last_key is 'Last key of the block';
comment on column synthgen.run_key_stored.key_increment is 'Distance between two keys of the block';
comment on column synthgen.run_key_stored.key_values is 'Keys as stored: an array of arrays of text, in the order of the key''s columns';

create table synthgen.run_state_stored (
    run_id   bigint primary key references synthgen.run_stored on delete cascade,
    call     jsonb not null,
    begun    text not null,
    progress text not null default '',
    steps    bigint not null default 0
);
comment on table synthgen.run_state_stored is 'How far a run of generate_in_steps is that has not come to its end; it holds rows that were there when the run began, and goes with the end of the run';
comment on column synthgen.run_state_stored.run_id is 'The run';
comment on column synthgen.run_state_stored.call is 'The arguments by which the same call is known';
comment on column synthgen.run_state_stored.begun is 'What the run was planned from';
comment on column synthgen.run_state_stored.progress is 'How far it is';
comment on column synthgen.run_state_stored.steps is 'How often it was saved';

create table synthgen.rule_document_stored (
    schemas   text[] primary key,
    document  jsonb not null,
    stored_by text not null,
    stored_at timestamptz not null default clock_timestamp()
);
comment on table synthgen.rule_document_stored is 'Rules stored by load_rules; read them through the view rule_document';
comment on column synthgen.rule_document_stored.schemas is 'Schemas of the target, sorted';
comment on column synthgen.rule_document_stored.document is 'The rule document as it was loaded';
comment on column synthgen.rule_document_stored.stored_by is 'Role that stored it';
comment on column synthgen.rule_document_stored.stored_at is 'When, by the server''s clock';

create table synthgen.reference_row_stored (
    schemas    text[] not null,
    section    integer not null,
    line       integer not null,
    heading    jsonb not null,
    cells      jsonb not null,
    weight     double precision not null default 1 check (weight >= 0),
    primary key (schemas, section, line)
);
comment on table synthgen.reference_row_stored is 'Rows stored by load_reference; read them through the view reference_row';
comment on column synthgen.reference_row_stored.schemas is 'Schemas of the target, sorted';
comment on column synthgen.reference_row_stored.section is 'Order of the section in the file, from 1';
comment on column synthgen.reference_row_stored.line is 'Line of the row in the file, from 1';
comment on column synthgen.reference_row_stored.heading is 'The section: its table and how its headers map to columns';
comment on column synthgen.reference_row_stored.cells is 'The row as it was read';
comment on column synthgen.reference_row_stored.weight is 'Relative weight: 1 unless given, 0 = inserted but never drawn';

create table synthgen.vocabulary_stored (
    loaded_by text not null,
    name      text not null,
    csv       text not null,
    loaded_at timestamptz not null default clock_timestamp(),
    primary key (loaded_by, name)
);
comment on table synthgen.vocabulary_stored is 'Lists of words loaded by load_vocabulary; read yours through the view vocabulary';
comment on column synthgen.vocabulary_stored.loaded_by is 'Role that loaded it, and whose calls draw from it';
comment on column synthgen.vocabulary_stored.name is 'Name by which rules and templates draw from it';
comment on column synthgen.vocabulary_stored.csv is 'The list as it was loaded';
comment on column synthgen.vocabulary_stored.loaded_at is 'When, by the server''s clock';
