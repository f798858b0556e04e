select * from (values
    ('items and their labels',
     (select count(*) > 50 and count(distinct name) > 20 and count(distinct price) > 10
             and (select count(distinct item_id) > 20 from gauntlet.item_label) from gauntlet.item)),
    ('each item was noted in the session',
     (select count(*) > 50 and count(*) = (select count(*) from gauntlet.item) from pg_temp.batch)),
    ('the session''s own table of the name stays empty',
     (select count(*) = 0 from pg_temp.item))
) as expected (name, ok);
