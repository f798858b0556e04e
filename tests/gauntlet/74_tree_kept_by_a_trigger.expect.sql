select * from (values
    ('roots and children',
     (select count(*) filter (where parent_id is null) between 1 and 60 and count(parent_id) > 20 from folder)),
    ('parents differ',
     (select count(distinct parent_id) > 5 from folder))
) as expected (name, ok);
