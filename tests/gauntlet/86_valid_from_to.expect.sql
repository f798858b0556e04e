select * from (values
    ('salaries',
     (select count(*) > 50 and count(distinct amount) > 20 and count(distinct person_id) > 10 from salary)),
    ('tenures',
     (select count(*) > 50 and count(until) >= 3 and count(*) filter (where until is null) > 2 from tenure))
) as expected (name, ok);
