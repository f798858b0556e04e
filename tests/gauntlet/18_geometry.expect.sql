select * from (values
    ('each varies',
     (select least(count(distinct spot::text), count(distinct edge::text), count(distinct frame::text), count(distinct way::text), count(distinct area::text), count(distinct ring::text), count(distinct straight::text)) > 5 from geometry_kinds))
) as expected (name, ok);
