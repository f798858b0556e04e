select * from (values
    ('amounts are large enough and vary',
     (select min(amount) >= 20 and count(distinct amount) > 10 and count(*) > 50 from invoice))
) as expected (name, ok);
