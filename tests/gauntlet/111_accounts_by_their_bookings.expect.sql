select * from (values
    ('an account holds what came in less what went out, and is not overdrawn',
     (select count(distinct balance) > 20 and bool_and(balance >= 0 and balance = (select coalesce(sum(case when type in ('withdrawal', 'fee', 'transfer_out') then -amount else amount end), 0)
         from purse_booking b where b.purse_id = purse.id)) from purse)),
    ('its bookings go both ways', (select count(distinct type) > 2 and count(distinct amount) > 50 and count(*) filter (where type in ('deposit', 'transfer_in')) < count(*) from purse_booking)),
    ('an account of points does so too',
     (select count(distinct balance) > 10 and bool_and(balance >= 0 and balance = (select coalesce(sum(case direction when 'out' then -points else points end), 0)
         from bonus_entry e where e.bonus_account_id = a.id)) from bonus_account a))
) as expected (name, ok);
