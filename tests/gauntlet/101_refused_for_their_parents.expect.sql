select * from (values
    ('all edits are there, under many editors',
     (select count(*) >= 100 and count(distinct editor_id) > 15 and count(distinct kind) > 1 from edit)),
    ('what hangs under edits is there too',
     (select count(*) >= 100 and count(distinct edit_id) > 20 and (select count(*) >= 100 from edit_data) from edit_area)),
    ('votes name edits',
     (select count(*) >= 100 and count(distinct edit_id) > 15 from vote))
) as expected (name, ok);
