select * from (values
    ('some are deleted, most are not',
     (select count(deleted_at) between 1 and 60 and count(*) > 50 from customer)),
    ('mails differ',
     (select count(distinct mail) > 50 from customer))
) as expected (name, ok);
