select * from (values
    ('every leaf gets rows',
     (select (select count(*) from log_web_old) > 5 and (select count(*) from log_web_new) > 5 and (select count(*) from log_mail) > 5))
) as expected (name, ok);
