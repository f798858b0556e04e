select * from (values
    ('homes vary',
     (select count(distinct home) > 20 from customer)),
    ('fields are set',
     (select count(*) > 50 and bool_and((home).street is not null and (home).number is not null) from customer))
) as expected (name, ok);
