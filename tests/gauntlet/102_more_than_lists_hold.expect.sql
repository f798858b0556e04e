select * from (values
    ('what has no end is full', (select count(distinct name) >= 100 from tag)),
    ('a closed list ends with its words',
     (select (select count(distinct name) from currency) between 15 and 99 and (select count(distinct name) from department) between 15 and 100
             and (select count(distinct name) from genre) between 10 and 100 and (select count(distinct iso) from country) between 15 and 99)),
    ('and has no others', (select count(*) > 10 and bool_and(name !~ '(North|South|East|West)ern|(New|Red|Old|Silver|Main|Classic) (France|Germany|United|US|Pound)') from (select name from country union all select name from currency) named)),
    ('names are words, not numbers',
     (select count(*) filter (where name ~ '[0-9]') * 10 < count(*)
        from (select name from tag union all select name from department union all select name from genre union all select name from currency) as named)),
    ('codes are codes',
     (select count(*) > 10 and bool_and(code ~ '^[A-Z]{3}$') from currency))
) as expected (name, ok);
