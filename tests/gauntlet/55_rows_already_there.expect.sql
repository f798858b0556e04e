select * from (values
    ('both kinds are used',
     (select count(distinct kind_id) filter (where kind_id in (1, 3)) = 2 and count(*) > 50 and count(distinct name) > 5 from thing))
) as expected (name, ok);
