select * from (values
    ('the insurer and the patient bear the bill together',
     (select bool_and(i.insurance_covered + i.patient_due = i.subtotal and i.insurance_covered = round(i.subtotal * coalesce(c.coverage_percent, 0) / 100, 2)) and count(distinct subtotal) > 20
         from ward_invoice i left join ward_insurance c on c.id = i.ward_insurance_id)),
    ('no more is paid than is due, and something of what is paid',
     (select bool_and(amount_paid between 0 and patient_due and case status when 'paid' then amount_paid = patient_due when 'partially_paid' then true else amount_paid = 0 end) and count(distinct status) > 3 from ward_invoice)),
    ('what was paid was received',
     (select bool_and(i.amount_paid = p.amount) and count(*) > 20 from ward_invoice i join (select ward_invoice_id, sum(amount) as amount from ward_payment group by 1) p on p.ward_invoice_id = i.id)
     and not exists (select from ward_invoice i where amount_paid > 0 and not exists (select from ward_payment p where p.ward_invoice_id = i.id))),
    ('each bill has its lines', (select bool_and(subtotal = (select sum(line_total) from ward_invoice_line l where l.ward_invoice_id = i.id)) and count(*) <= 140 from ward_invoice i)),
    ('an inpatient stays for days, an emergency for hours',
     (select percentile_disc(0.5) within group (order by ended_at - started_at) filter (where encounter_type = 'inpatient') between interval '2 days' and interval '9 days'
         and percentile_disc(0.5) within group (order by ended_at - started_at) filter (where encounter_type = 'emergency') between interval '1 hour' and interval '12 hours'
         and percentile_disc(0.5) within group (order by ended_at - started_at) filter (where encounter_type = 'office_visit') < interval '1 hour' from ward_encounter where status = 'finished')
     and (select percentile_disc(0.5) within group (order by discharged_at - admitted_at) between interval '1 day' and interval '9 days' from ward_admission)),
    ('one person is as tall at each visit, and nearly as heavy',
     (select max(high) < 4 and max(wide) < 14 and count(distinct mean) > 5 from (
         select max(height_cm) - min(height_cm) as high, max(weight_kg) - min(weight_kg) as wide, round(avg(height_cm)) as mean from ward_measure m join ward_encounter e on e.id = m.ward_encounter_id group by e.ward_patient_id) p)),
    ('the heart presses more than it rests', (select bool_and(systolic_bp > diastolic_bp + 15 and (systolic_bp is not null or diastolic_bp is null)) and count(distinct diastolic_bp) > 10 from ward_measure)),
    ('what is resolved has its day', (select bool_and((status = 'resolved') = (resolved_date is not null)) and bool_and(resolved_date >= onset_date) and count(distinct status) > 2 from ward_diagnosis)),
    ('one diagnosis is the chief one', (select max(n) = 1 from (select count(*) as n from ward_diagnosis where is_primary group by ward_encounter_id) d)),
    ('a sample is taken after it was ordered',
     (select bool_and(case status when 'ordered' then collected_at is null when 'cancelled' then true else collected_at > ordered_at end) and count(collected_at) > 20 from ward_lab_order)
     and (select bool_and(collected_at > ordered_at) and percentile_disc(0.5) within group (order by collected_at - ordered_at) < interval '8 hours' from ward_sample)),
    ('results are there once there are results',
     (select bool_and(o.status = 'resulted' and r.resulted_at > o.collected_at) and count(*) > 20 from ward_lab_result r join ward_lab_order o on o.id = r.ward_lab_order_id)),
    ('flags say how far a value lies outside',
     (select bool_and(case when abnormal_flag in ('L', 'LL') then value < reference_low when abnormal_flag in ('H', 'HH') then value > reference_high else value between reference_low and reference_high end)
         and count(distinct abnormal_flag) > 3 and avg((abnormal_flag = 'N')::int) > 0.6 and bool_and(value >= 0) from ward_lab_result)),
    ('a specimen of what is tested', (select bool_and((specimen_type = 'urine') = (test_name like 'Urine%')) and count(distinct specimen_type) > 2 from ward_sample)),
    ('a drug has a form that it is made in', (select bool_and((form = 'cream') = (strength ~ '%') and (form = 'syrup') = (strength ~ 'mg/ml' and generic_name <> 'Morphine')) and count(distinct form) > 3 from medicine)),
    ('one insurance at a time, the last the chief one',
     (select bool_and(not meets) and bool_and(n = 1) and count(*) > 20 and max(of) > 1 from (
         select coalesce(effective_from <= lag(effective_to) over w, false) as meets, count(*) filter (where is_primary) over (partition by ward_patient_id) as n, count(*) over (partition by ward_patient_id) as of
           from ward_insurance where ward_patient_id <= 100 window w as (partition by ward_patient_id order by effective_from)) i)),
    ('few have died, and they were old', (select count(deceased_at) < count(*) / 12 and coalesce(bool_and(date_of_birth < date '1961-01-01') filter (where deceased_at is not null), true) and count(*) > 90 from ward_patient)),
    ('orders of a laboratory are no sales', (select bool_and(order_number !~ '^SO') and count(*) > 20 from ward_lab_order))
) as expected (name, ok);
