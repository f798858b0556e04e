select * from (values
    ('a lift where there are many floors, and no flat above the roof',
     (select bool_and(has_lift = (storeys >= 5)) from abode) and (select bool_and(f.floor between 0 and a.storeys) and count(distinct f.floor) > 3 from abode_flat f join abode a on a.id = f.abode_id)),
    ('a flat is as large as its bedrooms', (select corr(square_feet, bedrooms) > 0.8 and corr(market_rent, square_feet) > 0.8 from abode_flat)),
    ('what is let is let at about what is asked, and a month of it is the deposit',
     (select bool_and(t.monthly_rent between f.market_rent * 0.94 - 5 and f.market_rent * 1.05 + 5 and t.security_deposit = t.monthly_rent) from tenancy t join abode_flat f on f.id = t.abode_flat_id)),
    ('the rent is charged, and other things cost a part of it',
     (select bool_and(case k.code when 'RENT' then c.amount = t.monthly_rent else c.amount < t.monthly_rent * 0.1 end) and count(distinct k.code) > 2
         from tenancy_charge c join tenancy t on t.id = c.tenancy_id join fee_type k on k.id = c.fee_type_id)),
    ('what is open is what was not paid',
     (select bool_and(balance = amount - amount_paid and (status = 'paid') = (balance = 0) and (amount_paid = 0) = (status in ('open', 'overdue'))) and count(distinct status) > 2 from tenancy_charge)),
    ('what was paid was received',
     (select bool_and(c.amount_paid = p.amount) and count(*) > 20 from tenancy_charge c join (select tenancy_charge_id, sum(amount) as amount from charge_payment group by 1) p on p.tenancy_charge_id = c.id)
     and (select bool_and((check_number is not null) = (method = 'check')) from charge_payment)),
    ('a bill is of the premium, its tax within it',
     (select bool_and(b.gross_amount = p.annual_premium and b.net_amount + b.vat_amount = b.gross_amount and abs(b.vat_amount - b.net_amount * b.vat_rate / 100) < 0.02)
         from cover_bill b join cover_policy p on p.id = b.cover_policy_id)),
    ('work costs its hours', (select bool_and(j.labor_cost = round(j.labor_hours * coalesce(a.hourly_rate, 45), 2) and j.total_cost = j.labor_cost + j.material_cost) and count(distinct j.labor_hours) > 3
         from repair_job j left join artisan a on a.id = j.artisan_id)),
    ('what passes is within the tolerance', (select bool_and((abs(measured_value - nominal_value) <= tolerance + 0.001) = (result <> 'fail')) and count(*) filter (where result = 'fail') > 3 from bore_check)),
    ('a lot holds what its movements left', (select bool_and(l.quantity_on_hand = m.sum and l.quantity_received = m.received) and count(*) > 20 from goods_lot l
         join (select goods_lot_id, sum(quantity) as sum, sum(quantity) filter (where quantity > 0) as received from goods_movement group by 1) m on m.goods_lot_id = l.id)),
    ('what leaves is taken off', (select bool_and(case movement_type when 'issue' then quantity < 0 when 'transfer' then quantity < 0 when 'adjustment' then true else quantity > 0 end)
         and count(*) filter (where quantity < 0) > 10 and bool_and(quantity = floor(quantity)) from goods_movement)),
    ('each entry says what is in the box afterwards, never less than nothing', (select bool_and(balance_after = held and balance_after >= 0) and count(distinct balance_after) > 20 from (
         select balance_after, sum(case entry_type when 'deposit' then amount else -amount end) over (partition by cash_box_id order by booked_at, id) as held from cash_entry) e)),
    ('a rebate was used as often as orders name it', (select bool_and(times_used = (select count(*) from cart_order o where o.rebate_id = r.id)) and max(times_used) > 1 from rebate r))
) as expected (name, ok);
