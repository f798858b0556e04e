select * from (values
    ('roots name themselves, others do not',
     (select count(*) filter (where parent_id = id) between 1 and count(*) / 2 from node)),
    ('several levels',
     (select count(*) > 0 from node c join node p on p.id = c.parent_id and p.id <> c.id join node g on g.id = p.parent_id and g.id <> p.id))
) as expected (name, ok);
