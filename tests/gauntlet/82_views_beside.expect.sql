select * from (values
    ('sales',
     (select count(*) > 50 and count(distinct amount) > 10 from sale)),
    ('seen through a view',
     (select count(*) > 0 from sale_by_region))
) as expected (name, ok);
