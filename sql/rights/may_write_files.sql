select pg_catalog.pg_has_role(current_user, 'pg_write_server_files', 'USAGE')
