select * from (values
    ('all three forms occur',
     (select count(distinct form) = 3 from shape)),
    ('boxes have both measures',
     (select count(*) > 3 from shape where width is not null and height is not null)),
    ('sides are positive',
     (select coalesce(bool_and(side > 0), false) from shape where side is not null))
) as expected (name, ok);
