select * from (values
    ('every table is full',
     (select (select count(distinct name) from tag) >= 100 and (select count(distinct name) from currency) >= 100
             and (select count(distinct name) from department) >= 100 and (select count(distinct name) from genre) >= 10
             and (select count(distinct iso) from country) >= 100)),
    ('names are words, not numbers',
     (select count(*) filter (where name ~ '[0-9]') * 10 < count(*)
        from (select name from tag union all select name from department union all select name from genre union all select name from currency) as named)),
    ('codes are codes',
     (select count(*) > 50 and bool_and(code ~ '^[A-Z]{3}$') from currency))
) as expected (name, ok);
