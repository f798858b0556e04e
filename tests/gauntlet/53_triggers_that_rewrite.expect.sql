select * from (values
    ('what the trigger makes is there',
     (select count(*) > 50 and bool_and(folded = upper(text)) and count(distinct text) > 5 from word))
) as expected (name, ok);
