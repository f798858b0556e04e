select * from (values
    ('words vary',
     (select count(*) > 50 and count(distinct word) > 5 from term)),
    ('codes differ',
     (select count(distinct code) > 50 from term))
) as expected (name, ok);
