select * from (values
    ('all kinds occur',
     (select count(distinct kind) = 4 from payment)),
    ('each kind has its own detail',
     (select count(iban) > 3 and count(card) > 3 and count(cash_desk) > 3 and count(voucher) > 3 from payment))
) as expected (name, ok);
