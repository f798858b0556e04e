-- What of a target is filled without any rule: used by tests/gauntlet/measure.
\set QUIET on
\pset footer off
create extension synthgen;
set search_path = :path;
set client_min_messages = warning;
\timing on
create temporary table outcome as
select * from synthgen.generate(:'target', seed => :seed, as_of => '2026-01-01 00:00:00+00');
\timing off
\pset format unaligned
\pset tuples_only on
select verdict || ' ' || table_name || ' (' || inserted || '): ' || detail from outcome where verdict not in ('filled', 'existing') order by verdict, step;
select 'violated ' || kind || ' ' || object || ': ' || violations || ' ' || coalesce(detail, '') from synthgen.verify(:'target') where verdict = 'violated';
select count(*) || ' tables: ' || count(*) filter (where verdict = 'filled') || ' filled, '
       || count(*) filter (where verdict = 'short') || ' short, ' || count(*) filter (where verdict = 'refused') || ' refused, '
       || count(*) filter (where verdict not in ('filled', 'short', 'refused')) || ' others; ' || sum(inserted) || ' rows'
  from outcome;
select 'constraints: ' || string_agg(verdict || ' ' || number, ', ' order by verdict)
  from (select verdict, count(*) as number from synthgen.plan(:'target') where kind = 'constraint' group by verdict) as counted;
