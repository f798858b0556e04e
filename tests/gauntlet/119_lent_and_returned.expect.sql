select * from (values
    ('everybody has an address', (select count(distinct street_address_id) > 0.95 * least(count(*), (select count(*) from street_address)) from tape_customer)
     and (select count(distinct street_address_id) > 0.95 * least(count(*), (select count(*) from street_address)) from tape_clerk)
     and (select count(distinct street_address_id) > 0.95 * least(count(*), (select count(*) from street_address)) from tape_shop)),
    ('a clerk lends what is in the shop', (select avg((k.tape_shop_id = c.tape_shop_id)::int) > 0.75 and count(*) > 50 from tape_rental r join tape_clerk k on k.id = r.tape_clerk_id join tape_copy c on c.id = r.tape_copy_id
         where exists (select from tape_clerk o where o.tape_shop_id = c.tape_shop_id))),
    ('a copy is out once at a time', (select bool_and(rental_date >= coalesce(before, rental_date)) and count(before) > 10 from (
         select rental_date, lag(coalesce(return_date, 'infinity')) over (partition by tape_copy_id order by rental_date) as before from tape_rental) r)),
    ('what is paid is the rate', (select bool_and(p.amount = f.rental_rate and p.payment_date >= r.rental_date and p.tape_customer_id = r.tape_customer_id) and count(distinct p.amount) > 2
         from tape_payment p join tape_rental r on r.id = p.tape_rental_id join tape_copy c on c.id = r.tape_copy_id join tape_film f on f.id = c.tape_film_id)),
    ('films are told apart', (select count(distinct title) > 0.9 * count(*) and count(distinct description) > 0.9 * count(*) from tape_film)),
    ('who comes had the appointment, and it was kept', (select bool_and(v.care_patient_id = a.care_patient_id and v.care_doctor_id = a.care_doctor_id) and bool_and(a.status = 'completed') and count(*) > 5
         from care_visit v join care_appointment a on a.id = v.care_appointment_id))
) as expected (name, ok);
