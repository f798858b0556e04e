select * from (values
    ('servers in racks',
     (select count(*) > 50 and count(distinct rack_id) > 10 from server)),
    ('no rack is too full',
     (select max(sum) <= 44 from (select sum(units) from server group by rack_id) as rack))
) as expected (name, ok);
