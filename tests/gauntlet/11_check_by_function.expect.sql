select * from (values
    ('names vary',
     (select count(distinct name) > 5 from release)),
    ('documents are documents',
     (select count(*) > 50 and bool_and(is_json(meta)) from release)),
    ('days are days of the week',
     (select count(*) > 50 and count(distinct days) > 1 from release))
) as expected (name, ok);
