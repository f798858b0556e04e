select * from (values
    ('both partitions get rows',
     (select (select count(*) from measurement_2019) > 10 and (select count(*) from measurement_2020) > 10)),
    ('times vary',
     (select count(distinct taken_at) > 50 from measurement))
) as expected (name, ok);
