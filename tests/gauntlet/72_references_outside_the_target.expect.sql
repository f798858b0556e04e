select * from (values
    ('all currencies are used',
     (select count(distinct currency) = 3 from account)),
    ('nobody is named',
     (select count(*) > 50 and count(patron) = 0 from account))
) as expected (name, ok);
