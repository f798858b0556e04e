select * from (values
    ('bookings of many rooms',
     (select count(*) > 80 and count(distinct room_id) > 20 and count(distinct during) > 50 from booking)),
    ('periods do not overlap',
     (select count(*) > 5 and count(distinct from_day) = count(*) from period))
) as expected (name, ok);
