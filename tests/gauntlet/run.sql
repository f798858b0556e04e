-- One feature in three transactions that are rolled back; used by tests/gauntlet/run. Prints nothing but a line that
-- begins with "ok" and a line for each thing that is not as it should be.
\set QUIET on
\pset tuples_only on
\pset format unaligned
set client_min_messages = error;
set timezone = 'UTC';
\set expect `cat :'expectations'`

-- A feature may set these: the path under which its functions find their tables, the tables that are to be refused.
\set path public
\set refused '{}'

-- Seed 42; then what the expectations say of a hollow load.
begin;
\i :feature
set local search_path = gauntlet, public;
create temporary table seen_empty (name, ok) as
:expect
set local search_path = :path;
create temporary table outcome as select * from synthgen.generate('gauntlet', as_of => '2026-01-01 00:00:00+00');
select 'not filled: ' || table_name || ' is ' || verdict || ' (' || inserted || '): ' || detail
  from outcome
 where verdict not in ('filled', 'by trigger', 'existing') and not (verdict = 'short' and detail ~ '(found no more different values|a trigger dropped the others|rows above them are missing|rows above its rows are missing)$')
   and not (verdict = 'refused' and table_name = any (:'refused'::text[]));
select 'not refused: ' || name from unnest(:'refused'::text[]) as name where not exists (select from outcome where table_name = name and verdict = 'refused' and detail <> '');
select 'violated: ' || kind || ' ' || object || ': ' || violations from synthgen.verify('gauntlet') where verdict = 'violated';
select 'no verdict: ' || coalesce(constraint_name, '?') from synthgen.plan('gauntlet', existing => 'append')
 where kind = 'constraint' and verdict not in ('proved', 'sampled', 'refused');
set local search_path = gauntlet, public;
create temporary table seen_filled (name, ok) as
:expect
select 'seed 42: ' || name from seen_filled where ok is not true;
set local search_path = :path;
create temporary table broken as select * from public.break_each('gauntlet');
select outcome || ': ' || kind || ' ' || name from broken where outcome = 'not reported';
select public.make_hollow('gauntlet') \g /dev/null
set local search_path = gauntlet, public;
create temporary table seen_hollow (name, ok) as
:expect
select 'passes on empty tables: ' || string_agg(name, ', ') from seen_empty having bool_and(coalesce(ok, false));
select 'passes on a hollow load: ' || string_agg(name, ', ') from seen_hollow having bool_and(coalesce(ok, false));
select 'no expectations' from seen_filled having count(*) = 0;
select 'ok ' || (select sum(inserted) from outcome) || ' rows, ' || count(*) || ' expectations, '
       || (select count(*) from seen_empty where ok is not true) || ' report empty tables, '
       || (select count(*) from seen_hollow where ok is not true) || ' a hollow load, '
       || (select count(*) filter (where outcome = 'reported') || ' of ' || count(*) || ' constraints broken and reported' from broken)
  from seen_filled;
rollback;

-- Another seed, then more rows beside the first: the expectations hold for all of them.
begin;
\i :feature
set local search_path = :path;
create temporary table outcome as select * from synthgen.generate('gauntlet', seed => 7, as_of => '2026-01-01 00:00:00+00');
select 'seed 7, not filled: ' || table_name || ' is ' || verdict || ': ' || detail
  from outcome
 where verdict not in ('filled', 'by trigger', 'existing') and not (verdict = 'short' and detail ~ '(found no more different values|a trigger dropped the others|rows above them are missing|rows above its rows are missing)$')
   and not (verdict = 'refused' and table_name = any (:'refused'::text[]));
set local search_path = gauntlet, public;
create temporary table seen_filled (name, ok) as
:expect
select 'seed 7: ' || name from seen_filled where ok is not true;
set local search_path = :path;
create temporary table appended as
select * from synthgen.generate('gauntlet', seed => 7, rows_default => 20, existing => 'append', as_of => '2026-01-01 00:00:00+00');
set local search_path = gauntlet, public;
create temporary table seen_appended (name, ok) as
:expect
select 'after appending: ' || name from seen_appended where ok is not true;
set local search_path = :path;
select 'violated after appending: ' || kind || ' ' || object || ': ' || violations from synthgen.verify('gauntlet') where verdict = 'violated';
rollback;
