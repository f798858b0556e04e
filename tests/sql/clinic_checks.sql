-- Plain SQL over the filled clinic (tests/sql/clinic.sql).
-- One statement: rows of (check_name, violations); all are 0 where all is well.
-- It shares nothing with the engine. Nothing may be later than checks.as_of, or now() where it is not set:
--   PGOPTIONS='-c checks.as_of=2026-01-01T00:00:00Z' psql -f tests/sql/clinic_checks.sql
-- The first word of a name says the kind: rows, foreign key, primary key, unique, check, same,
-- time, sum, status, order, one, future, and realism (what no constraint asks for but a reader would).

-- every table has rows --------------------------------------------------------
select 'rows: department' as check_name, case when exists (select from clinic.department) then 0 else 1 end as violations
union all select 'rows: room', case when exists (select from clinic.room) then 0 else 1 end
union all select 'rows: practitioner', case when exists (select from clinic.practitioner) then 0 else 1 end
union all select 'rows: practitioner_department', case when exists (select from clinic.practitioner_department) then 0 else 1 end
union all select 'rows: patient', case when exists (select from clinic.patient) then 0 else 1 end
union all select 'rows: insurance', case when exists (select from clinic.insurance) then 0 else 1 end
union all select 'rows: procedure_catalog', case when exists (select from clinic.procedure_catalog) then 0 else 1 end
union all select 'rows: visit', case when exists (select from clinic.visit) then 0 else 1 end
union all select 'rows: visit_procedure', case when exists (select from clinic.visit_procedure) then 0 else 1 end
union all select 'rows: diagnosis', case when exists (select from clinic.diagnosis) then 0 else 1 end
union all select 'rows: prescription', case when exists (select from clinic.prescription) then 0 else 1 end
union all select 'rows: visit_status_history', case when exists (select from clinic.visit_status_history) then 0 else 1 end
union all select 'rows: lab_result', case when exists (select from clinic.lab_result) then 0 else 1 end
union all select 'rows: payment', case when exists (select from clinic.payment) then 0 else 1 end

-- no foreign key dangles -----------------------------------------------------
union all select 'foreign key: room.department_id', count(*)
  from clinic.room c
  where c.department_id is not null and not exists (select from clinic.department p where p.id = c.department_id)
union all select 'foreign key: practitioner_department.department_id', count(*)
  from clinic.practitioner_department c
  where c.department_id is not null and not exists (select from clinic.department p where p.id = c.department_id)
union all select 'foreign key: practitioner_department.practitioner_id', count(*)
  from clinic.practitioner_department c
  where c.practitioner_id is not null and not exists (select from clinic.practitioner p where p.id = c.practitioner_id)
union all select 'foreign key: insurance.patient_id', count(*)
  from clinic.insurance c
  where c.patient_id is not null and not exists (select from clinic.patient p where p.id = c.patient_id)
union all select 'foreign key: visit.department_id', count(*)
  from clinic.visit c
  where c.department_id is not null and not exists (select from clinic.department p where p.id = c.department_id)
union all select 'foreign key: visit.insurance_id', count(*)
  from clinic.visit c
  where c.insurance_id is not null and not exists (select from clinic.insurance p where p.id = c.insurance_id)
union all select 'foreign key: visit.patient_id', count(*)
  from clinic.visit c
  where c.patient_id is not null and not exists (select from clinic.patient p where p.id = c.patient_id)
union all select 'foreign key: visit.practitioner_id', count(*)
  from clinic.visit c
  where c.practitioner_id is not null and not exists (select from clinic.practitioner p where p.id = c.practitioner_id)
union all select 'foreign key: visit.room_id', count(*)
  from clinic.visit c
  where c.room_id is not null and not exists (select from clinic.room p where p.id = c.room_id)
union all select 'foreign key: visit_procedure.procedure_id', count(*)
  from clinic.visit_procedure c
  where c.procedure_id is not null and not exists (select from clinic.procedure_catalog p where p.id = c.procedure_id)
union all select 'foreign key: visit_procedure.visit_id', count(*)
  from clinic.visit_procedure c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)
union all select 'foreign key: diagnosis.visit_id', count(*)
  from clinic.diagnosis c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)
union all select 'foreign key: prescription.visit_id', count(*)
  from clinic.prescription c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)
union all select 'foreign key: visit_status_history.visit_id', count(*)
  from clinic.visit_status_history c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)
union all select 'foreign key: lab_result.patient_id', count(*)
  from clinic.lab_result c
  where c.patient_id is not null and not exists (select from clinic.patient p where p.id = c.patient_id)
union all select 'foreign key: lab_result.visit_id', count(*)
  from clinic.lab_result c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)
union all select 'foreign key: payment.patient_id', count(*)
  from clinic.payment c
  where c.patient_id is not null and not exists (select from clinic.patient p where p.id = c.patient_id)
union all select 'foreign key: payment.visit_id', count(*)
  from clinic.payment c
  where c.visit_id is not null and not exists (select from clinic.visit p where p.id = c.visit_id)

-- no key and no unique value stands twice; counted are the rows beyond the first 
union all select 'primary key: department (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.department where (id) is not null group by id) g
union all select 'unique: department (code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.department where (code) is not null group by code) g
union all select 'unique: department (name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.department where (name) is not null group by name) g
union all select 'primary key: room (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.room where (id) is not null group by id) g
union all select 'unique: room (room_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.room where (room_number) is not null group by room_number) g
union all select 'primary key: practitioner (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.practitioner where (id) is not null group by id) g
union all select 'unique: practitioner (email)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.practitioner where (email) is not null group by email) g
union all select 'unique: practitioner (license_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.practitioner where (license_number) is not null group by license_number) g
union all select 'primary key: practitioner_department (practitioner_id, department_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.practitioner_department where (practitioner_id, department_id) is not null group by practitioner_id, department_id) g
union all select 'primary key: patient (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.patient where (id) is not null group by id) g
union all select 'unique: patient (email)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.patient where (email) is not null group by email) g
union all select 'unique: patient (record_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.patient where (record_number) is not null group by record_number) g
union all select 'primary key: insurance (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.insurance where (id) is not null group by id) g
union all select 'unique: insurance (policy_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.insurance where (policy_number) is not null group by policy_number) g
union all select 'primary key: procedure_catalog (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.procedure_catalog where (id) is not null group by id) g
union all select 'unique: procedure_catalog (code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.procedure_catalog where (code) is not null group by code) g
union all select 'primary key: visit (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.visit where (id) is not null group by id) g
union all select 'unique: visit (visit_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.visit where (visit_number) is not null group by visit_number) g
union all select 'primary key: visit_procedure (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.visit_procedure where (id) is not null group by id) g
union all select 'primary key: diagnosis (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.diagnosis where (id) is not null group by id) g
union all select 'unique: diagnosis (visit_id, icd_code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.diagnosis where (visit_id, icd_code) is not null group by visit_id, icd_code) g
union all select 'primary key: prescription (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.prescription where (id) is not null group by id) g
union all select 'primary key: visit_status_history (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.visit_status_history where (id) is not null group by id) g
union all select 'primary key: lab_result (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.lab_result where (id) is not null group by id) g
union all select 'primary key: payment (id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.payment where (id) is not null group by id) g
union all select 'unique: payment (receipt_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from clinic.payment where (receipt_number) is not null group by receipt_number) g

-- every CHECK once more, in its own words ------------------------------------
union all select 'check: room: floor between -1 and 12', count(*) from clinic.room where (floor between -1 and 12) is false
union all select 'check: room: beds >= 0', count(*) from clinic.room where (beds >= 0) is false
union all select 'check: practitioner: left_on is null or hired_on <= left_on', count(*)
  from clinic.practitioner where (left_on is null or hired_on <= left_on) is false
union all select 'check: patient: date_of_birth >= ''1900-01-01''', count(*) from clinic.patient where (date_of_birth >= '1900-01-01') is false
union all select 'check: patient: blood_group in (''A+'', ''A-'', ''B+'', ''B-'', ''AB+'', ''AB-'', ''O+'', ''O-'')', count(*)
  from clinic.patient where (blood_group in ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-')) is false
union all select 'check: insurance: plan_type = any (array[''public'', ''private'', ''company''])', count(*)
  from clinic.insurance where (plan_type = any (array['public', 'private', 'company'])) is false
union all select 'check: insurance: copay_percent >= 0 and copay_percent <= 100', count(*)
  from clinic.insurance where (copay_percent >= 0 and copay_percent <= 100) is false
union all select 'check: insurance: valid_to is null or valid_from <= valid_to', count(*)
  from clinic.insurance where (valid_to is null or valid_from <= valid_to) is false
union all select 'check: procedure_catalog: price >= 0', count(*) from clinic.procedure_catalog where (price >= 0) is false
union all select 'check: procedure_catalog: duration_minutes between 5 and 480', count(*)
  from clinic.procedure_catalog where (duration_minutes between 5 and 480) is false
union all select 'check: visit: status in (''scheduled'', ''in_progress'', ''completed'', ''cancelled'')', count(*)
  from clinic.visit where (status in ('scheduled', 'in_progress', 'completed', 'cancelled')) is false
union all select 'check: visit: total_charge >= 0', count(*) from clinic.visit where (total_charge >= 0) is false
union all select 'check: visit: completed_at is null or visit_date <= completed_at', count(*)
  from clinic.visit where (completed_at is null or visit_date <= completed_at) is false
union all select 'check: visit: cancelled_at is null or visit_date <= cancelled_at', count(*)
  from clinic.visit where (cancelled_at is null or visit_date <= cancelled_at) is false
union all select 'check: visit_procedure: quantity between 1 and 20', count(*) from clinic.visit_procedure where (quantity between 1 and 20) is false
union all select 'check: visit_procedure: unit_price >= 0', count(*) from clinic.visit_procedure where (unit_price >= 0) is false
union all select 'check: visit_procedure: line_total >= 0', count(*) from clinic.visit_procedure where (line_total >= 0) is false
union all select 'check: prescription: refills between 0 and 12', count(*) from clinic.prescription where (refills between 0 and 12) is false
union all select 'check: prescription: end_date is null or start_date <= end_date', count(*)
  from clinic.prescription where (end_date is null or start_date <= end_date) is false
union all select 'check: visit_status_history: status in (''scheduled'', ''in_progress'', ''completed'', ''cancelled'')', count(*)
  from clinic.visit_status_history where (status in ('scheduled', 'in_progress', 'completed', 'cancelled')) is false
union all select 'check: lab_result: reported_at is null or taken_at <= reported_at', count(*)
  from clinic.lab_result where (reported_at is null or taken_at <= reported_at) is false
union all select 'check: payment: amount > 0', count(*) from clinic.payment where (amount > 0) is false
union all select 'check: payment: method in (''cash'', ''card'', ''transfer'')', count(*)
  from clinic.payment where (method in ('cash', 'card', 'transfer')) is false

-- what belongs to one belongs to the same one --------------------------------
union all select 'same: insurance of the visit belongs to its patient', count(*)
  from clinic.visit c join clinic.insurance p on p.id = c.insurance_id
  where p.patient_id <> c.patient_id
union all select 'same: room of the visit belongs to its department', count(*)
  from clinic.visit c join clinic.room p on p.id = c.room_id
  where p.department_id <> c.department_id
union all select 'same: patient of the lab result is that of the visit', count(*)
  from clinic.lab_result c join clinic.visit p on p.id = c.visit_id
  where p.patient_id <> c.patient_id
union all select 'same: patient of the payment is that of the visit', count(*)
  from clinic.payment c join clinic.visit p on p.id = c.visit_id
  where p.patient_id <> c.patient_id

-- no child is older than its parent ------------------------------------------
union all select 'time: visit.visit_date >= patient.registered_at', count(*)
  from clinic.visit c join clinic.patient p on p.id = c.patient_id
  where c.visit_date < p.registered_at
union all select 'time: diagnosis.recorded_at >= visit.visit_date', count(*)
  from clinic.diagnosis c join clinic.visit p on p.id = c.visit_id
  where c.recorded_at < p.visit_date
union all select 'time: visit_status_history.changed_at >= visit.visit_date', count(*)
  from clinic.visit_status_history c join clinic.visit p on p.id = c.visit_id
  where c.changed_at < p.visit_date
union all select 'time: lab_result.taken_at >= visit.visit_date', count(*)
  from clinic.lab_result c join clinic.visit p on p.id = c.visit_id
  where c.taken_at < p.visit_date
union all select 'time: payment.paid_at >= visit.visit_date', count(*)
  from clinic.payment c join clinic.visit p on p.id = c.visit_id
  where c.paid_at < p.visit_date
union all select 'time: prescription.start_date >= day of the visit', count(*)
  from clinic.prescription c join clinic.visit p on p.id = c.visit_id
  where c.start_date < (p.visit_date at time zone 'UTC')::date
union all select 'time: patient.registered_at >= date_of_birth', count(*)
  from clinic.patient where (registered_at at time zone 'UTC')::date < date_of_birth
union all select 'time: visit history not after completed_at or cancelled_at', count(*)
  from clinic.visit_status_history h join clinic.visit v on v.id = h.visit_id
  where h.changed_at > coalesce(v.completed_at, v.cancelled_at)

-- sums and copies agree to the cent ------------------------------------------
union all select 'sum: visit_procedure.line_total = quantity * unit_price', count(*)
  from clinic.visit_procedure where line_total <> quantity * unit_price
union all select 'sum: visit_procedure.unit_price = procedure_catalog.price', count(*)
  from clinic.visit_procedure l join clinic.procedure_catalog p on p.id = l.procedure_id
  where l.unit_price <> p.price
union all select 'sum: visit.total_charge = sum of line_total', count(*)
  from clinic.visit v
  where v.total_charge <> (select coalesce(sum(l.line_total), 0) from clinic.visit_procedure l where l.visit_id = v.id)

-- a status and what hangs on it agree ----------------------------------------
union all select 'status: completed if and only if completed_at', count(*)
  from clinic.visit where (status = 'completed') <> (completed_at is not null)
union all select 'status: cancelled if and only if cancelled_at', count(*)
  from clinic.visit where (status = 'cancelled') <> (cancelled_at is not null)
union all select 'status: visit history ends in the status of the visit', count(*)
  from clinic.visit v
  where exists (select from clinic.visit_status_history h where h.visit_id = v.id)
    and v.status <> (
      select h.status from clinic.visit_status_history h where h.visit_id = v.id order by h.changed_at desc, h.id desc limit 1)

-- keys and times rise together (within one run) ------------------------------
union all select 'order: patient.id rises with registered_at', count(*)
  from (select registered_at, lag(registered_at) over (order by id) as earlier from clinic.patient) t
  where t.registered_at < t.earlier
union all select 'order: visit.id rises with visit_date', count(*)
  from (select visit_date, lag(visit_date) over (order by id) as earlier from clinic.visit) t
  where t.visit_date < t.earlier
union all select 'order: history of a visit rises in time', count(*)
  from (select changed_at, lag(changed_at) over (partition by visit_id order by id) as earlier from clinic.visit_status_history) t
  where t.changed_at <= t.earlier

-- one of a kind --------------------------------------------------------------
union all select 'one: at most one principal diagnosis of a visit', count(*)
  from (select from clinic.diagnosis where is_principal group by visit_id having count(*) > 1) g

-- nothing lies in the future -------------------------------------------------
union all select 'future: patient.registered_at', count(*)
  from clinic.patient where registered_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: visit.visit_date', count(*)
  from clinic.visit where visit_date > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: visit.completed_at', count(*)
  from clinic.visit where completed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: visit.cancelled_at', count(*)
  from clinic.visit where cancelled_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: diagnosis.recorded_at', count(*)
  from clinic.diagnosis where recorded_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: visit_status_history.changed_at', count(*)
  from clinic.visit_status_history where changed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: lab_result.taken_at', count(*)
  from clinic.lab_result where taken_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: lab_result.reported_at', count(*)
  from clinic.lab_result where reported_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: payment.paid_at', count(*)
  from clinic.payment where paid_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())

-- what a reader would find odd -----------------------------------------------
union all select 'realism: visit without history', count(*)
  from clinic.visit v where not exists (select from clinic.visit_status_history h where h.visit_id = v.id)
union all select 'realism: status twice in the history of a visit', count(*)
  from (select from clinic.visit_status_history group by visit_id, status having count(*) > 1) g
union all select 'realism: visit before the practitioner was hired', count(*)
  from clinic.visit v join clinic.practitioner p on p.id = v.practitioner_id
  where (v.visit_date at time zone 'UTC')::date < p.hired_on
union all select 'realism: policy not valid on the day of the visit', count(*)
  from clinic.visit v join clinic.insurance i on i.id = v.insurance_id
  where (v.visit_date at time zone 'UTC')::date < i.valid_from or (v.visit_date at time zone 'UTC')::date > i.valid_to
union all select 'realism: paid more than charged', count(*)
  from clinic.visit v
  where v.total_charge < (select sum(p.amount) from clinic.payment p where p.visit_id = v.id)
;
