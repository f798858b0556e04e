select * from (values
    ('lines cost what the kind costs, so many times',
     (select count(*) > 50 and bool_and(unit_price_cents = price_cents and total_cents = quantity * unit_price_cents) from sale_item i join seat_kind k on k.id = i.seat_kind_id)),
    ('sales come to the sum of their lines', (select count(*) > 50 and bool_and(subtotal_cents = (select coalesce(sum(total_cents), 0) from sale_item i where i.sale_id = s.id)) from sale s)),
    ('less what is taken off, and the fee', (select count(*) > 50 and count(distinct fee_cents) > 20 and bool_and(total_cents = subtotal_cents - discount_cents + fee_cents and discount_cents <= subtotal_cents) from sale)),
    ('only vouchers take off', (select bool_and(discount_cents = 0) filter (where voucher_id is null) and count(*) filter (where discount_cents > 0) between 8 and 60 from sale)),
    ('a fee is a small share of what was taken', (select count(*) > 50 and bool_and(net_cents = gross_cents - fee_cents and fee_cents between gross_cents * 0.01 and gross_cents * 0.1) from settlement))
) as expected (name, ok);
