-- One document: every table of the schemas named in $1 (a JSON array of names, in the target's order),
-- the tables outside that their foreign keys refer to, and the types of all their columns.
--
-- Run under a pinned search_path: then what is printed from expression trees names everything that is
-- not built in with its schema. One text serves PostgreSQL 13 to 18: a column that only some of them
-- have is read as to_jsonb(row) ->> 'name'. Set-based throughout: no look-up per row but by oid.
with recursive
wanted as materialized (
    select n.oid, s.place
      from pg_catalog.json_array_elements_text($1::text::json) with ordinality as s (name, place)
      join pg_catalog.pg_namespace n on n.nspname = s.name
),
own as materialized (
    select c.oid, w.place
      from wanted w
      join pg_catalog.pg_class c on c.relnamespace = w.oid
     where c.relkind in ('r', 'p', 'f')
       and not c.relispartition
),
related as materialized (
    select o.oid
      from own o
     union
    select k.confrelid
      from own o
      join pg_catalog.pg_constraint k on k.conrelid = o.oid
     where k.contype = 'f'
       and k.conparentid = 0
),
relation as materialized (
    select c.oid, o.place, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relowner,
           pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') as reachable
      from related r
      join pg_catalog.pg_class c on c.oid = r.oid
      left join own o on o.oid = r.oid
),
attribute as materialized (
    select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity,
           a.attgenerated, a.attcollation
      from relation r
      join pg_catalog.pg_attribute a on a.attrelid = r.oid
     where a.attnum > 0
       and not a.attisdropped
),

-- Types: those of columns, and all that lies beneath them (domain -> base, array -> element, range -> bound,
-- composite -> fields).
-- The inner DISTINCT keeps the planner's estimate small: a large one would start the JIT compiler.
needed_type (oid) as (
    select a.atttypid
      from (select distinct atttypid from attribute) as a
     union
    select beneath.oid
      from needed_type n
      join pg_catalog.pg_type t on t.oid = n.oid
     cross join lateral (
           select t.typbasetype
            union all
           select case when t.typlen = -1 then t.typelem else 0 end
            union all
           select g.rngsubtype
             from pg_catalog.pg_range g
            where t.typtype in ('r', 'm')
              and t.oid in (g.rngtypid, (pg_catalog.to_jsonb(g) ->> 'rngmultitypid')::oid)
            union all
           select a.atttypid
             from pg_catalog.pg_attribute a
            where t.typtype = 'c'
              and a.attrelid = t.typrelid
              and a.attnum > 0
              and not a.attisdropped) as beneath (oid)
     where beneath.oid <> 0
),
domain_check as (
    select k.contypid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object('name', k.conname, 'expression', pg_catalog.pg_get_expr(k.conbin, 0))
               order by k.conname) as checks
      from needed_type n
      join pg_catalog.pg_constraint k on k.contypid = n.oid
     where k.contype = 'c'
     group by k.contypid
),
label as (
    select e.enumtypid, pg_catalog.json_agg(e.enumlabel order by e.enumsortorder) as labels
      from needed_type n
      join pg_catalog.pg_enum e on e.enumtypid = n.oid
     group by e.enumtypid
),
type_list as (
    select pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'oid', t.oid::int8,
                   'name', pg_catalog.format_type(t.oid, null),
                   'bare_name', t.typname,
                   'typtype', t.typtype,
                   'base', t.typbasetype::int8,
                   'modifier', t.typtypmod,
                   'element', case when t.typlen = -1 then t.typelem::int8 else 0 end,
                   'not_null', t.typnotnull,
                   'default', case when t.typtype = 'd' then pg_catalog.pg_get_expr(t.typdefaultbin, 0) end,
                   'labels', l.labels,
                   'subtype', (
                       select g.rngsubtype::int8
                         from pg_catalog.pg_range g
                        where t.typtype in ('r', 'm')
                          and t.oid in (g.rngtypid, (pg_catalog.to_jsonb(g) ->> 'rngmultitypid')::oid)),
                   'fields', case when t.typtype = 'c' then (
                       select pg_catalog.json_agg(
                                  pg_catalog.json_build_object('type', a.atttypid::int8, 'modifier', a.atttypmod) order by a.attnum)
                         from pg_catalog.pg_attribute a
                        where a.attrelid = t.typrelid
                          and a.attnum > 0
                          and not a.attisdropped) end,
                   'checks', d.checks)
               order by t.oid) as types
      from needed_type n
      join pg_catalog.pg_type t on t.oid = n.oid
      left join domain_check d on d.contypid = t.oid
      left join label l on l.enumtypid = t.oid
),

-- Sequences: an identity's or a serial's own, and whatever sequence a default names.
sequence_use (attrelid, attnum, seqrelid) as (
    select d.refobjid, d.refobjsubid, d.objid
      from relation r
      join pg_catalog.pg_depend d
        on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjid = r.oid
     where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjsubid > 0
       and d.deptype = 'i'
     union
    select f.adrelid, f.adnum, d.refobjid
      from relation r
      join pg_catalog.pg_attrdef f on f.adrelid = r.oid
      join pg_catalog.pg_depend d
        on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
       and d.objid = f.oid
     where d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjid <> f.adrelid
),
sequence as (
    select distinct on (u.attrelid, u.attnum)
           u.attrelid, u.attnum,
           pg_catalog.json_build_object(
               'name', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
               'oid', c.oid::int8,
               'increment', s.seqincrement,
               'minimum', s.seqmin,
               'maximum', s.seqmax,
               'start', s.seqstart) as facts
      from sequence_use u
      join pg_catalog.pg_sequence s on s.seqrelid = u.seqrelid
      join pg_catalog.pg_class c on c.oid = s.seqrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     order by u.attrelid, u.attnum, c.oid
),

column_list as (
    select a.attrelid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'number', a.attnum,
                   'name', a.attname,
                   'type_oid', a.atttypid::int8,
                   'type_name', pg_catalog.format_type(a.atttypid, a.atttypmod),
                   'modifier', a.atttypmod,
                   'not_null', a.attnotnull,
                   'default', pg_catalog.pg_get_expr(f.adbin, f.adrelid),
                   'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
                   'sequence', s.facts,
                   'generated', a.attgenerated <> '',
                   'collation', pg_catalog.quote_ident(l_schema.nspname) || '.' || pg_catalog.quote_ident(l.collname),
                   'comment', c.description)
               order by a.attnum) as columns
      from attribute a
      left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
      left join sequence s on s.attrelid = a.attrelid and s.attnum = a.attnum
      -- 100 is the collation "default"; the type name has its own, "C", by nature.
      left join pg_catalog.pg_collation l on l.oid = a.attcollation and l.oid <> 100 and a.atttypid <> 'pg_catalog.name'::pg_catalog.regtype
      left join pg_catalog.pg_namespace l_schema on l_schema.oid = l.collnamespace
      left join pg_catalog.pg_description c
        on c.objoid = a.attrelid and c.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.objsubid = a.attnum
     group by a.attrelid
),

-- Partitions: rows sent to a partitioned table land in the leaves, whose row triggers then fire.
partition (root, oid) as (
    select r.oid, h.inhrelid
      from relation r
      join pg_catalog.pg_inherits h on h.inhparent = r.oid
     where r.relkind = 'p'
     union all
    select p.root, h.inhrelid
      from partition p
      join pg_catalog.pg_inherits h on h.inhparent = p.oid
),
-- Unique indexes, those of constraints among them; an invalid one guarantees nothing. A leaf's own ones, which its root
-- does not have, hold for the rows that land there: kept for all of the root's rows, by the root's numbers.
leaf_key as (
    select distinct on (p.root, numbers.of_root)
           p.root, i.indexrelid, numbers.of_root
      from partition p
      join pg_catalog.pg_index i on i.indrelid = p.oid
     cross join lateral (
               select pg_catalog.array_agg(ours.attnum order by part.place) as of_root
                 from pg_catalog.unnest(i.indkey::int2[]) with ordinality as part (number, place)
                 join pg_catalog.pg_attribute theirs on theirs.attrelid = i.indrelid and theirs.attnum = part.number
                 join pg_catalog.pg_attribute ours on ours.attrelid = p.root and ours.attname = theirs.attname
                where part.place <= i.indnkeyatts) as numbers
     where i.indisunique
       and i.indisvalid
       and i.indislive
       and i.indexprs is null
       and i.indpred is null
       and not exists (select from pg_catalog.pg_inherits h where h.inhrelid = i.indexrelid)
     order by p.root, numbers.of_root, i.indexrelid
),
unique_index as (
    select i.indrelid, i.indexrelid, i.indisprimary as is_primary, i.indkey[0 : i.indnkeyatts - 1]::int2[] as numbers
      from relation r
      join pg_catalog.pg_index i on i.indrelid = r.oid
     where i.indisunique
       and i.indisvalid
       and i.indislive
     union all
    select root, indexrelid, false, of_root
      from leaf_key
),
key_list as (
    select u.indrelid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'name', c.relname,
                   'primary', u.is_primary,
                   'numbers', u.numbers,
                   'expressions', case when i.indexprs is not null then (
                       select pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, part.place::int4, false) order by part.place)
                         from pg_catalog.unnest(i.indkey::int2[]) with ordinality as part (number, place)
                        where part.place <= i.indnkeyatts) end,
                   'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid),
                   'nulls_not_distinct', coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false),
                   'deferrable', not i.indimmediate)
               order by c.relname) as keys
      from unique_index u
      join pg_catalog.pg_index i on i.indexrelid = u.indexrelid
      join pg_catalog.pg_class c on c.oid = u.indexrelid
     group by u.indrelid
),
foreign_key_list as (
    select k.conrelid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'name', k.conname,
                   'numbers', k.conkey,
                   'referenced', k.confrelid::int8,
                   'referenced_numbers', k.confkey,
                   'match_full', k.confmatchtype = 'f',
                   'deferrable', k.condeferrable)
               order by k.conname) as foreign_keys
      from relation r
      join pg_catalog.pg_constraint k on k.conrelid = r.oid
      join relation p on p.oid = k.confrelid
     where k.contype = 'f'
       and k.conparentid = 0
     group by k.conrelid
),
-- NOT VALID and NOT ENFORCED ones count too: new rows are to satisfy what the schema declares.
check_list as (
    select k.conrelid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'name', k.conname,
                   'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid),
                   'numbers', k.conkey)
               order by k.conname) as checks
      from relation r
      join pg_catalog.pg_constraint k on k.conrelid = r.oid
     where k.contype = 'c'
     group by k.conrelid
),
-- A key WITHOUT OVERLAPS (18) is an exclusion in all but name.
exclusion_list as (
    select k.conrelid,
           pg_catalog.json_agg(
               pg_catalog.json_build_object('name', k.conname, 'definition', pg_catalog.pg_get_constraintdef(k.oid))
               order by k.conname) as exclusions
      from relation r
      join pg_catalog.pg_constraint k on k.conrelid = r.oid
     where k.contype = 'x'
        or (k.contype in ('p', 'u') and (pg_catalog.to_jsonb(k) ->> 'conperiod')::bool)
     group by k.conrelid
),

partition_list as (
    select p.root,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'name', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
                   'oid', c.oid::int8,
                   'bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid),
                   'condition', pg_catalog.pg_get_partition_constraintdef(c.oid))
               order by n.nspname, c.relname) as partitions
      from partition p
      join pg_catalog.pg_class c on c.oid = p.oid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind <> 'p'
     group by p.root
),
partition_key as (
    select r.oid,
           pg_catalog.json_build_object(
               'key', pg_catalog.pg_get_partkeydef(r.oid),
               'numbers', t.partattrs::int2[],
               'strategy', case t.partstrat when 'l' then 'list' when 'r' then 'range' when 'h' then 'hash' end,
               'partitions', coalesce(l.partitions, '[]'::json)) as facts
      from relation r
      join pg_catalog.pg_partitioned_table t on t.partrelid = r.oid
      left join partition_list l on l.root = r.oid
),
trigger_list as (
    select fires.root,
           pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'name', t.tgname,
                   'definition', pg_catalog.pg_get_triggerdef(t.oid),
                   'before', t.tgtype & 2 <> 0,
                   'each_row', t.tgtype & 1 <> 0)
               order by t.tgname, t.tgrelid <> fires.root, pg_catalog.pg_get_triggerdef(t.oid)) as triggers
      from (select r.oid as root, r.oid, true as statements from relation r
             union all
            select p.root, p.oid, false from partition p) as fires
      join pg_catalog.pg_trigger t on t.tgrelid = fires.oid
     where not t.tgisinternal
       and t.tgparentid = 0
       and t.tgenabled in ('O', 'A')
       and t.tgtype & 4 <> 0
       and (fires.statements or t.tgtype & 1 <> 0)
     group by fires.root
),

-- A role may hold INSERT on the columns alone; generated columns are never named.
column_insert as (
    select a.attrelid, pg_catalog.bool_and(pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'INSERT')) as granted
      from relation r
      join attribute a on a.attrelid = r.oid
     where not pg_catalog.has_table_privilege(r.oid, 'INSERT')
       and a.attgenerated = ''
     group by a.attrelid
),
table_list as (
    select pg_catalog.json_agg(
               pg_catalog.json_build_object(
                   'oid', r.oid::int8,
                   'schema', n.nspname,
                   'name', r.relname,
                   'qualified', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname),
                   'kind', r.relkind,
                   'comment', d.description,
                   'in_target', r.place is not null,
                   'extension', e.extname,
                   'persistence', r.relpersistence,
                   'row_security', pg_catalog.row_security_active(r.oid),
                   'may_insert', r.reachable and coalesce(i.granted, pg_catalog.has_table_privilege(r.oid, 'INSERT')),
                   'may_select', r.reachable and pg_catalog.has_table_privilege(r.oid, 'SELECT'),
                   'is_owner', pg_catalog.pg_has_role(r.relowner, 'USAGE'),
                   'columns', coalesce(c.columns, '[]'::json),
                   'keys', coalesce(k.keys, '[]'::json),
                   'foreign_keys', coalesce(f.foreign_keys, '[]'::json),
                   'checks', coalesce(x.checks, '[]'::json),
                   'exclusions', coalesce(v.exclusions, '[]'::json),
                   'triggers', coalesce(t.triggers, '[]'::json),
                   'partitioning', p.facts)
               order by r.place nulls last, n.nspname, r.relname) as tables
      from relation r
      join pg_catalog.pg_namespace n on n.oid = r.relnamespace
      left join pg_catalog.pg_description d
        on d.objoid = r.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
      left join pg_catalog.pg_depend m
        on m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and m.objid = r.oid and m.objsubid = 0
       and m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and m.deptype = 'e'
      left join pg_catalog.pg_extension e on e.oid = m.refobjid
      left join column_insert i on i.attrelid = r.oid
      left join column_list c on c.attrelid = r.oid
      left join key_list k on k.indrelid = r.oid
      left join foreign_key_list f on f.conrelid = r.oid
      left join check_list x on x.conrelid = r.oid
      left join exclusion_list v on v.conrelid = r.oid
      left join trigger_list t on t.root = r.oid
      left join partition_key p on p.oid = r.oid
)
select pg_catalog.json_build_object(
    'server_version', pg_catalog.current_setting('server_version_num')::int4,
    'encoding', pg_catalog.pg_encoding_to_char(b.encoding),
    'collation', case pg_catalog.to_jsonb(b) ->> 'datlocprovider'
        when 'i' then 'icu:' || coalesce(pg_catalog.to_jsonb(b) ->> 'datlocale', pg_catalog.to_jsonb(b) ->> 'daticulocale')
        when 'b' then 'builtin:' || (pg_catalog.to_jsonb(b) ->> 'datlocale')
        else b.datcollate end,
    'types', coalesce((select t.types from type_list t), '[]'::json),
    'tables', coalesce((select t.tables from table_list t), '[]'::json))
  from pg_catalog.pg_database b
 where b.datname = pg_catalog.current_database()
