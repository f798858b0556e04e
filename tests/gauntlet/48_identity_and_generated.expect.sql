select * from (values
    ('keys follow their sequence',
     (select min(id) >= 1000 and bool_and(id % 10 = 0) and count(*) > 50 from line)),
    ('totals are there and vary',
     (select count(distinct total) > 20 from line))
) as expected (name, ok);
