select * from (values
    ('legs of many stations',
     (select count(*) > 50 and count(distinct from_id) > 20 from leg)),
    ('some go by way of another',
     (select count(via_id) > 5 from leg)),
    ('pairs',
     (select count(*) > 50 and bool_and(low_id < high_id) from pair))
) as expected (name, ok);
