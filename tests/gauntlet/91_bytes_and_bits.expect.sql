select * from (values
    ('digests differ',
     (select count(*) > 50 and count(distinct digest) > 50 from key)),
    ('hex differs',
     (select count(distinct hex) > 50 from key))
) as expected (name, ok);
