create schema gauntlet;
set local search_path = gauntlet, public;

create table ward_patient (
    id serial primary key, first_name text not null, last_name text not null, date_of_birth date not null, registered_at timestamptz not null, deceased_at timestamptz);
create table ward_insurance (
    id serial primary key, ward_patient_id int not null references ward_patient, insurer text not null, plan_type text not null check (plan_type in ('HMO', 'PPO', 'EPO')),
    coverage_percent numeric(5,2) not null check (coverage_percent between 0 and 100), effective_from date not null, effective_to date check (effective_to > effective_from), is_primary boolean not null default true);
create table ward_encounter (
    id serial primary key, ward_patient_id int not null references ward_patient, encounter_type text not null check (encounter_type in ('office_visit', 'emergency', 'inpatient')),
    status text not null check (status in ('in_progress', 'finished', 'cancelled')), started_at timestamptz not null, ended_at timestamptz);
create table ward_admission (id serial primary key, ward_patient_id int not null references ward_patient, ward text not null, admitted_at timestamptz not null, discharged_at timestamptz);
create table ward_measure (
    id serial primary key, ward_encounter_id int not null references ward_encounter, taken_at timestamptz not null, height_cm numeric(5,1), weight_kg numeric(5,1),
    systolic_bp smallint, diastolic_bp smallint);
create table ward_diagnosis (
    id serial primary key, ward_encounter_id int not null references ward_encounter, icd10_code text not null, is_primary boolean not null,
    status text not null check (status in ('active', 'resolved', 'chronic', 'ruled_out')), onset_date date, resolved_date date);
create table ward_lab_order (
    id serial primary key, order_number text not null unique, ward_encounter_id int not null references ward_encounter, test_name text not null,
    status text not null check (status in ('ordered', 'collected', 'in_process', 'resulted', 'cancelled')), ordered_at timestamptz not null, collected_at timestamptz);
create table ward_lab_result (
    id serial primary key, ward_lab_order_id int not null references ward_lab_order, analyte text not null, value numeric(10,3) not null, reference_low numeric(10,3) not null,
    reference_high numeric(10,3) not null, abnormal_flag text check (abnormal_flag in ('N', 'L', 'H', 'LL', 'HH')), resulted_at timestamptz not null);
create table ward_sample (id serial primary key, code text not null unique, test_name text not null, specimen_type text, ordered_at timestamptz not null, collected_at timestamptz not null);
create table medicine (
    id serial primary key, generic_name text not null, form text not null check (form in ('tablet', 'capsule', 'syrup', 'injection', 'cream', 'inhaler')), strength text not null);
create table ward_invoice (
    id serial primary key, ward_encounter_id int not null references ward_encounter, ward_patient_id int not null references ward_patient, ward_insurance_id int references ward_insurance,
    subtotal numeric(10,2) not null check (subtotal >= 0), insurance_covered numeric(10,2) not null default 0, patient_due numeric(10,2) not null, amount_paid numeric(10,2) not null default 0,
    status text not null check (status in ('draft', 'issued', 'partially_paid', 'paid', 'void', 'overdue')), issued_on date not null, due_on date not null check (due_on >= issued_on));
create table ward_invoice_line (
    id serial primary key, ward_invoice_id int not null references ward_invoice, description text not null, quantity int not null check (quantity > 0), unit_price numeric(10,2) not null,
    line_total numeric(10,2) not null);
create table ward_payment (
    id serial primary key, ward_invoice_id int not null references ward_invoice, amount numeric(10,2) not null check (amount > 0), method text not null check (method in ('cash', 'card', 'insurance')),
    paid_at timestamptz not null);
