select * from (values
    ('comments on all three',
     (select count(post_id) > 5 and count(photo_id) > 5 and count(event_id) > 5 from comment)),
    ('favourites of both',
     (select count(post_id) > 5 and count(photo_id) > 5 from favourite))
) as expected (name, ok);
