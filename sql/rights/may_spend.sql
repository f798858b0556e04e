-- Whether the caller may spend: a superuser, or a member of the role $1, which may be missing.
select coalesce(
           (select caller.rolsuper from pg_catalog.pg_roles as caller where caller.rolname = current_user)
           or exists (
               select
               from pg_catalog.pg_roles as spender
               where spender.rolname = $1
                 and pg_catalog.pg_has_role(current_user, spender.oid, 'MEMBER')),
           false)
