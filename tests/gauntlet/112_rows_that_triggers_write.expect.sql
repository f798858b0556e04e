select * from (values
    ('each account has the profile its trigger wrote', (select count(*) > 50 and count(*) = (select count(*) from account) from account_profile)),
    ('rows name profiles that are there', (select count(*) > 50 and count(distinct profile_id) > 20 from account_post)),
    ('rows name what a trigger listed', (select count(*) > 50 and count(distinct attribute_id) > 20 from credit))
) as expected (name, ok);
