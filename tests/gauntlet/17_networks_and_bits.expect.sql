select * from (values
    ('each varies',
     (select least(count(distinct address), count(distinct net), count(distinct mac), count(distinct long_mac), count(distinct flags), count(distinct mask)) > 5 and count(distinct one) = 2 from network_kinds))
) as expected (name, ok);
