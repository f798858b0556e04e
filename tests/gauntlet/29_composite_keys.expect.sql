select * from (values
    ('offices are in many cities',
     (select count(distinct (country, city)) > 10 from office)),
    ('twins are mostly set',
     (select count(*) filter (where twin_city is not null) > count(*) / 3 from office)),
    ('bookings name rooms',
     (select count(*) >= 100 and count(number) = count(*) and count(distinct (floor, number)) > 20 from booking))
) as expected (name, ok);
