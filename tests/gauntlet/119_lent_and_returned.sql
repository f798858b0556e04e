create schema gauntlet;
set local search_path = gauntlet, public;

create table street_address (id serial primary key, address text not null, district text, postal_code text, phone text not null);
create table tape_shop (id serial primary key, street_address_id int not null references street_address);
create table tape_clerk (
    id serial primary key, first_name text not null, last_name text not null, street_address_id int not null references street_address, tape_shop_id int not null references tape_shop, email text);
create table tape_customer (
    id serial primary key, first_name text not null, last_name text not null, street_address_id int not null references street_address, tape_shop_id int not null references tape_shop,
    create_date date not null);
create table tape_film (id serial primary key, title text not null, description text not null, rental_rate numeric(4,2) not null check (rental_rate > 0));
create table tape_copy (id serial primary key, tape_film_id int not null references tape_film, tape_shop_id int not null references tape_shop);
create table tape_rental (
    id serial primary key, rental_date timestamptz not null, tape_copy_id int not null references tape_copy, tape_customer_id int not null references tape_customer, return_date timestamptz,
    tape_clerk_id int not null references tape_clerk);
create table tape_payment (
    id serial primary key, tape_customer_id int not null references tape_customer, tape_clerk_id int not null references tape_clerk, tape_rental_id int not null references tape_rental,
    amount numeric(5,2) not null, payment_date timestamptz not null);
create table care_doctor (id serial primary key, full_name text not null);
create table care_patient (id serial primary key, full_name text not null);
create table care_appointment (
    id serial primary key, care_patient_id int not null references care_patient, care_doctor_id int not null references care_doctor, scheduled_at timestamptz not null,
    booked_at timestamptz not null default now(), status text not null check (status in ('scheduled', 'confirmed', 'completed', 'cancelled', 'no_show')), cancelled_at timestamptz);
create table care_visit (
    id serial primary key, care_appointment_id int unique references care_appointment, care_patient_id int not null references care_patient, care_doctor_id int not null references care_doctor,
    started_at timestamptz not null, ended_at timestamptz);
