select * from (values
    ('nicks differ',
     (select count(distinct nick) > 50 from item)),
    ('sizes are there',
     (select count(*) > 50 and bool_and(attributes ? 'size') from item)),
    ('marks are there',
     (select bool_and(icount(marks) > 0) and count(*) > 50 from item))
) as expected (name, ok);
