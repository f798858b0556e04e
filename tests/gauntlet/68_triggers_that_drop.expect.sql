select * from (values
    ('most are kept',
     (select count(*) > 40 and bool_and(seconds % 4 <> 0) from visit)),
    ('hits hang under those that are there',
     (select count(*) > 20 and count(distinct visit_id) > 5 from hit))
) as expected (name, ok);
