select * from (values
    ('spots of many places',
     (select count(*) > 50 and count(distinct place) > 10 from spot)),
    ('devices in networks',
     (select count(*) > 50 and count(distinct net) > 10 from device)),
    ('tariffs',
     (select count(*) > 50 from tariff))
) as expected (name, ok);
