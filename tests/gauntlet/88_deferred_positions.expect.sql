select * from (values
    ('entries of many lists',
     (select count(*) > 50 and count(distinct list_id) > 10 from entry)),
    ('texts vary',
     (select count(distinct text) > 10 from entry))
) as expected (name, ok);
