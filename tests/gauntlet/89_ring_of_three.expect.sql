select * from (values
    ('the ring goes round',
     (select (select count(*) > 20 and count(distinct b_id) > 5 from a) and (select count(distinct c_id) > 5 from b) and (select count(distinct a_id) > 5 from c))),
    ('others hang on it',
     (select count(*) > 50 and count(distinct a_id) > 5 and count(b_id) > 5 from d))
) as expected (name, ok);
