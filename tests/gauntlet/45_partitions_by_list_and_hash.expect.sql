select * from (values
    ('all regions occur',
     (select count(distinct region) = 3 from sale)),
    ('both hash partitions get rows',
     (select (select count(*) from click_0) > 10 and (select count(*) from click_1) > 10))
) as expected (name, ok);
