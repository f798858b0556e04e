-- Of the rows of the first call: those that are added beside stored ones find theirs among the stored ones by chance.
select * from (values
    ('what a line is of is sold for what was booked',
     (select count(*) > 50 and count(distinct k.id) > 20 and bool_and(k.concert_id = b.concert_id) from booking_line l join booking b on b.id = l.booking_id join tier k on k.id = l.tier_id where l.id <= 100)),
    ('a piece of a line is of what the line is of',
     (select count(*) > 50 and count(distinct l.id) > 20 and bool_and(a.tier_id = l.tier_id and a.concert_id = b.concert_id)
         from pass a join booking_line l on l.id = a.booking_line_id join booking b on b.id = l.booking_id where l.id <= 100)),
    ('all of it before that begins',
     (select count(*) > 50 and bool_and(b.created_at between c.created_at and c.starts_at) from booking b join concert c on c.id = b.concert_id where b.id <= 100)
     and (select bool_and(a.created_at between b.created_at and c.starts_at)
         from pass a join concert c on c.id = a.concert_id join booking_line l on l.id = a.booking_line_id join booking b on b.id = l.booking_id where l.id <= 100)),
    ('who comes has a ticket for it', (select count(*) > 50 and bool_and(c.concert_id = a.concert_id) from check_in c join pass a on a.id = c.pass_id where c.id <= 100)),
    ('the sale ends before, too', (select count(sales_end_at) > 20 and bool_and(k.sales_end_at between c.created_at and c.starts_at) from tier k join concert c on c.id = k.concert_id where k.id <= 100)),
    ('most bookings say how to reach whoever booked',
     (select count(*) > 50 and avg((b.email = p.email)::int) between 0.8 and 0.99 from booking b join guest p on p.id = b.guest_id)
     and (select avg((b.contact_phone is not distinct from p.phone)::int) between 0.8 and 0.99 from booking b join guest p on p.id = b.guest_id)),
    ('a booking is held for hours, not days', (select count(*) > 50 and bool_and(expires_at between created_at and created_at + interval '1 day') from booking)),
    ('what was refunded was paid, and all of it is given back',
     (select count(*) > 0 and bool_and(b.status = 'refunded' and b.paid_at is not null and r.created_at >= b.paid_at) from refund r join booking b on b.id = r.booking_id)
     and (select count(*) > 0 and bool_and(b.total_cents = (select sum(amount_cents) from refund r where r.booking_id = b.id)) from booking b where status = 'refunded')),
    ('money is paid out when it is over, but for what has not ended yet',
     (select count(*) > 50 and avg((p.created_at >= c.ends_at)::int) > 0.97 from payout p join concert c on c.id = p.concert_id)),
    ('marks are counted and averaged where they are given',
     (select count(*) > 50 and count(average_rating) > 20 and bool_and(critiques_count = (select count(*) from critique r where r.concert_id = c.id)
             and average_rating is not distinct from (select round(avg(rating), 2) from critique r where r.concert_id = c.id)) from concert c))
) as expected (name, ok);
