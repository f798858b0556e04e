select * from (values
    ('logins are small and differ',
     (select bool_and(login = lower(login)) and count(distinct login) = count(*) and count(*) > 50 from account)),
    ('countries vary',
     (select count(distinct country) > 3 from account)),
    ('titles vary',
     (select count(distinct title) > 5 from account)),
    ('minutes are whole and vary',
     (select bool_and(extract(second from opened) = 0) and count(distinct opened) > 20 from account))
) as expected (name, ok);
