select * from (values
    ('both are filled',
     (select (select count(*) from egg) > 50 and (select count(*) from hen) > 50)),
    ('keys vary on both sides',
     (select (select count(distinct hen_id) from egg) > 5 and (select count(distinct egg_id) from hen) > 5))
) as expected (name, ok);
