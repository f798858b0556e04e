select * from (values
    ('taxes are there',
     (select count(tax) = count(*) and count(*) > 50 and count(distinct tax) > 3 from bill)),
    ('rates vary',
     (select count(distinct rate) > 1 from bill))
) as expected (name, ok);
