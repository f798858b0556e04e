select * from (values
    ('sessions',
     (select count(*) > 50 and count(distinct login) > 5 from session)),
    ('pages of sessions',
     (select count(*) > 50 and count(distinct session_id) > 10 and bool_and(path like '/%') from page))
) as expected (name, ok);
