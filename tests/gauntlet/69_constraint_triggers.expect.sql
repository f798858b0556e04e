select * from (values
    ('pieces weigh something',
     (select count(*) > 50 and min(grams) > 10 and count(distinct grams) > 5 from piece)),
    ('batches have names',
     (select count(*) > 50 and min(length(name)) >= 4 from batch))
) as expected (name, ok);
