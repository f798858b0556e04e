select * from (values
    ('what can be is filled',
     (select count(*) > 50 and count(distinct name) > 5 and count(impossible_id) = 0 from beside)),
    ('the others are empty',
     (select (select count(*) from stream) + (select count(*) from impossible) + (select count(*) from below_impossible) = 0 and (select count(*) from beside) > 0))
) as expected (name, ok);
