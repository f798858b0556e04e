select * from (values
    ('all three are filled with varying keys',
     (select (select count(distinct b_id) from a) > 5 and (select count(distinct c_id) from b) > 5 and (select count(distinct a_id) from c) > 5))
) as expected (name, ok);
