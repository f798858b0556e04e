select * from (values
    ('both kinds are used',
     (select count(distinct kind_id) = 2 and count(*) > 50 and count(distinct name) > 5 from thing))
) as expected (name, ok);
