select * from (values
    ('each artist has one',
     (select count(*) = (select count(*) from artist) and count(*) > 50 from artist_meta)),
    ('artists have names',
     (select count(distinct name) > 5 from artist))
) as expected (name, ok);
