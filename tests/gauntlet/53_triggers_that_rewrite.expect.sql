select * from (values
    ('what the trigger makes is there',
     (select count(*) > 50 and bool_and(folded = upper(text)) and count(distinct text) > 5 from word)),
    ('pages of authors whom the trigger stamped',
     (select count(*) > 50 and count(distinct p.created_at) > 20 and count(distinct a.created_at) = 1
        from page p join author a on a.id = p.author_id))
) as expected (name, ok);
