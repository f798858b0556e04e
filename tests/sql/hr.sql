-- Personnel as a middling company might keep it: for looking at rows of a schema that no rule speaks of.
create schema hr;

create table hr.location (
    location_id  integer generated always as identity primary key,
    name         varchar(80) not null unique,
    address      varchar(120) not null,
    city         varchar(80) not null,
    country      varchar(60) not null,
    timezone     varchar(40) not null
);

create table hr.department (
    department_id   integer generated always as identity primary key,
    department_name varchar(80) not null unique,
    cost_center     varchar(10) not null,
    location_id     integer not null references hr.location,
    annual_budget   numeric(12,2)
);

create table hr.employee (
    employee_id     bigint generated always as identity primary key,
    personnel_no    varchar(10) not null unique,
    salutation      varchar(10),
    first_name      varchar(60) not null,
    last_name       varchar(60) not null,
    gender          char(1),
    birth_date      date,
    work_email      varchar(120) not null unique,
    private_phone   varchar(30),
    job_title       varchar(80) not null,
    employment_type varchar(20) not null,
    salary          numeric(10,2) not null check (salary > 0),
    currency_code   char(3) not null,
    department_id   integer not null references hr.department,
    manager_id      bigint references hr.employee,
    hired_on        date not null,
    terminated_on   date,
    is_active       boolean not null default true,
    social_security_number varchar(20),
    bank_account    varchar(34),
    notes           text,
    check (terminated_on is null or terminated_on >= hired_on)
);

create table hr.leave_request (
    request_id   bigint generated always as identity primary key,
    employee_id  bigint not null references hr.employee,
    leave_type   varchar(20) not null,
    start_date   date not null,
    end_date     date not null,
    reason       text,
    status       varchar(12) not null check (status in ('requested', 'approved', 'rejected', 'cancelled')),
    requested_at timestamptz not null,
    check (end_date >= start_date)
);

create table hr.skill (
    skill_id   integer generated always as identity primary key,
    skill_name varchar(80) not null unique,
    description text
);

create table hr.employee_skill (
    employee_id  bigint not null references hr.employee,
    skill_id     integer not null references hr.skill,
    level        smallint not null check (level between 1 and 5),
    certified_on date,
    primary key (employee_id, skill_id)
);

create table hr.performance_review (
    review_id    bigint generated always as identity primary key,
    employee_id  bigint not null references hr.employee,
    reviewer_id  bigint not null references hr.employee,
    period       varchar(20) not null,
    score        numeric(3,1) not null check (score between 1 and 5),
    strengths    text,
    improvement_areas text,
    goals        text,
    reviewed_at  timestamptz not null
);

create table hr.applicant (
    applicant_id   bigint generated always as identity primary key,
    full_name      varchar(120) not null,
    email          varchar(120) not null unique,
    phone          varchar(30),
    applied_for    varchar(80) not null,
    cv_file        varchar(200),
    expected_salary numeric(10,2),
    source         varchar(30),
    stage          varchar(20) not null check (stage in ('new', 'screening', 'interview', 'offer', 'hired', 'rejected')),
    applied_at     timestamptz not null,
    interview_notes text
);
