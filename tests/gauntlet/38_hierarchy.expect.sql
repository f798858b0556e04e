select * from (values
    ('roots and children',
     (select count(*) filter (where parent_id is null) between 1 and count(*) / 2 and count(parent_id) > count(*) / 2 from category)),
    ('nobody is his own parent',
     (select count(*) > 30 and coalesce(bool_and(parent_id <> id), true) from category)),
    ('three levels at least',
     (select count(*) > 0 from category c join category p on p.id = c.parent_id join category g on g.id = p.parent_id))
) as expected (name, ok);
