select * from (values
    ('what the trigger asks for came first',
     (select count(*) > 50 and count(distinct name) > 5 from alpha)),
    ('rows below are there too',
     (select count(*) > 50 and count(distinct alpha_id) > 10 from gamma))
) as expected (name, ok);
