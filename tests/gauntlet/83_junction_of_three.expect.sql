select * from (values
    ('castings',
     (select count(*) > 50 and count(distinct actor_id) > 20 and count(distinct film_id) > 20 and count(distinct role_code) = 3 from casting)),
    ('awards',
     (select count(*) > 50 and count(actor_id) > 20 from award))
) as expected (name, ok);
