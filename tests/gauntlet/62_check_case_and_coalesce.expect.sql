select * from (values
    ('all sizes',
     (select count(distinct size) = 3 from parcel)),
    ('weights vary',
     (select count(distinct grams) > 20 from parcel)),
    ('large ones have a fee',
     (select bool_and(fee >= 5) from parcel where size = 'L'))
) as expected (name, ok);
