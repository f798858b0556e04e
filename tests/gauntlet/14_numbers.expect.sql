select * from (values
    ('each number varies',
     (select least(count(distinct small), count(distinct whole), count(distinct large), count(distinct exact), count(distinct narrow), count(distinct single), count(distinct wide), count(distinct price)) > 5 from number_kinds))
) as expected (name, ok);
