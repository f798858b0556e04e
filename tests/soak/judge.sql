-- Stops with an error if synthgen's own judgement of the shop finds anything broken.

create temporary table broken as
select kind, object, violations, detail from synthgen.verify('ecommerce') where verdict = 'violated';
select * from broken;
select count(*) > 0 as found from broken \gset
\if :found
    do $$ begin raise 'the filled schema is broken'; end $$;
\endif
