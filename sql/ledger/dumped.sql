-- What pg_dump carries from one database to another. None of the tables has a sequence, and none holds an OID.
select pg_catalog.pg_extension_config_dump('synthgen.rule_document_stored', '');
select pg_catalog.pg_extension_config_dump('synthgen.reference_row_stored', '');
select pg_catalog.pg_extension_config_dump('synthgen.llm_reply_stored', '');
select pg_catalog.pg_extension_config_dump('synthgen.llm_price_stored', 'where not built_in');
select pg_catalog.pg_extension_config_dump('synthgen.vocabulary_stored', '');
select pg_catalog.pg_extension_config_dump('synthgen.prompt_template_stored', '');
