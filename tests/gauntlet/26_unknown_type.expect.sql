select * from (values
    ('tones are there and differ',
     (select count(distinct tone::text) > 1 from paint))
) as expected (name, ok);
