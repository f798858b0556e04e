-- What a target's names are looked up in: every schema, and what stands behind "$user" and pg_temp.
select pg_catalog.json_build_object(
    'user', current_user,
    'temporary', (select n.nspname from pg_catalog.pg_namespace n where n.oid = pg_catalog.pg_my_temp_schema()),
    'schemas', (
        select pg_catalog.json_agg(
                   pg_catalog.json_build_object(
                       'name', n.nspname,
                       'usable', pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
                       'owner', pg_catalog.pg_get_userbyid(n.nspowner))
                   order by n.nspname)
          from pg_catalog.pg_namespace n))
