select * from (values
    ('zones are zones',
     (select count(*) > 50 and bool_and((now() at time zone zone) is not null) and count(distinct name) > 5 from traveller))
) as expected (name, ok);
