select * from (values
    ('each way occurs',
     (select count(email) > 5 and count(phone) > 5 and count(fax) > 5 from contact)),
    ('some have an address, some none',
     (select count(street) between 1 and count(*) - 1 from contact))
) as expected (name, ok);
