//! Cells that follow from the row's others, from the rows above it in a tree, and from those that hang under it.

use crate::support::{Cluster, Database};

const SCHEMA: &str = "
    create schema s;
    create table s.firms (id serial primary key, name text not null, country char(2) not null, created_at timestamptz not null);
    create table s.people (id serial primary key, firm_id int not null references s.firms, first_name text not null, last_name text not null,
        gender char(1) not null check (gender in ('M', 'F', 'X')), salary numeric(10,2) not null, created_at timestamptz not null);
    create table s.crews (id serial primary key, firm_id int not null references s.firms, name text not null, created_at timestamptz not null);
    create table s.crew_members (crew_id int references s.crews, person_id int references s.people, joined_at timestamptz not null,
        primary key (crew_id, person_id));
    create table s.duties (id serial primary key, crew_id int not null references s.crews, person_id int not null references s.people,
        started_at timestamptz not null, ended_at timestamptz, duration_minutes int, entry_count int not null);
    create table s.duty_entries (id serial primary key, duty_id int not null references s.duties, remark text, created_at timestamptz not null);
    create table s.emergency_contacts (id serial primary key, person_id int not null references s.people, name text not null, relationship text);
    create table s.areas (id serial primary key, parent_id int references s.areas, name text not null, depth int not null, path text not null,
        kind text not null check (kind in ('site', 'building', 'floor', 'room')));
    create table s.pay_slips (id serial primary key, person_id int not null references s.people, gross_pay numeric(10,2) not null,
        income_tax numeric(10,2) not null, bonus numeric(10,2), net_pay numeric(10,2) not null);
    create table s.holidays (id serial primary key, person_id int not null references s.people, start_date date not null, end_date date not null,
        days int not null, check (end_date >= start_date));
    create table s.wiki_pages (id serial primary key, title text not null, workspace text, created_at timestamptz not null);
    create table s.wiki_page_versions (id serial primary key, page_id int not null references s.wiki_pages, title text not null, body text not null,
        created_at timestamptz not null);
    create table s.tool_releases (id serial primary key, version text not null, released_at timestamptz not null);
    create table s.leave_types (id serial primary key, name text not null unique, code text not null);
    create table s.audit_logs (id serial primary key, firm_id int not null references s.firms, action text not null, entity_type text not null,
        created_at timestamptz not null);";

/// What is counted and must be 0.
const NEVER: [(&str, &str); 17] = [
    (
        "a crew's members are of its firm while it has people left",
        "select count(*) from s.crew_members m join s.crews c on c.id = m.crew_id join s.people p on p.id = m.person_id
         where p.firm_id <> c.firm_id and exists (select from s.people o where o.firm_id = c.firm_id
             and not exists (select from s.crew_members x where x.crew_id = c.id and x.person_id = o.id))",
    ),
    (
        "who is on duty is of the crew, or of its firm",
        "select count(*) from s.duties d join s.crews c on c.id = d.crew_id join s.people p on p.id = d.person_id
         where p.firm_id <> c.firm_id and exists (select from s.people o where o.firm_id = c.firm_id)
             and not exists (select from s.crew_members m where m.crew_id = d.crew_id and m.person_id = d.person_id)",
    ),
    (
        "a length of time is that between begin and end",
        "select count(*) from s.duties where duration_minutes is distinct from round(extract(epoch from ended_at - started_at) / 60)::int",
    ),
    (
        "a count of rows is how many there are",
        "select count(*) from s.duties d where entry_count <> (select count(*) from s.duty_entries e where e.duty_id = d.id)",
    ),
    (
        "depth, path and kind of an area agree with the tree",
        "with recursive t as (select id, 0 as depth, '' as above from s.areas where parent_id is null
             union all select a.id, t.depth + 1, p.path from s.areas a join t on t.id = a.parent_id join s.areas p on p.id = a.parent_id)
         select count(*) from s.areas a join t using (id) where a.depth <> t.depth or a.path !~ '^(/[a-z0-9-]+)+$'
             or left(a.path, length(t.above)) <> t.above or kind <> (array['site', 'building', 'floor', 'room'])[least(t.depth, 3) + 1]",
    ),
    (
        "what is paid out is what was earned less what was kept",
        "select count(*) from s.pay_slips where net_pay <> gross_pay + coalesce(bonus, 0) - income_tax or income_tax <> round(gross_pay * 0.19, 2)",
    ),
    (
        "a month's pay is a twelfth of a year's",
        "select count(*) from s.pay_slips join s.people p on p.id = person_id where abs(gross_pay - salary / 12) > 1",
    ),
    (
        "days of a holiday are the working days in it",
        "select count(*) from s.holidays h where days <> (select case when count(*) filter (where extract(isodow from d) < 6) = 0 then count(*)
             else count(*) filter (where extract(isodow from d) < 6) end from generate_series(start_date, end_date, interval '1 day') d)",
    ),
    (
        "an emergency contact is somebody else",
        "select count(*) from s.emergency_contacts c join s.people p on p.id = person_id where c.name = first_name || ' ' || last_name",
    ),
    ("what a version says is said in full", "select count(*) from s.wiki_page_versions where body ~ '[{}]'"),
    ("a version has its page's title", "select count(*) from s.wiki_page_versions v join s.wiki_pages p on p.id = page_id where v.title <> p.title"),
    (
        "versions rise with time",
        "select count(*) from (select string_to_array(version, '.')::int[] < lag(string_to_array(version, '.')::int[])
             over (order by released_at, id) as falls from s.tool_releases) r where falls",
    ),
    ("two letters of a country are its code", "select count(*) from s.firms where country !~ '^[A-Z]{2}$'"),
    (
        "a list is as long as there are names for it",
        "select case when count(*) between 6 and 20 then 0 else count(*) end from s.leave_types",
    ),
    (
        "and its names are from the list",
        "select count(*) from s.leave_types where name !~ '^[A-Z][a-z]+( [A-Z][a-z]+)*$' or code !~ '^[A-Z]{1,4}$'",
    ),
    (
        "kinds of things are the schema's own",
        "select count(*) from s.audit_logs where not exists (select from pg_tables where schemaname = 's' and entity_type = any (array[
             'firm', 'person', 'crew', 'duty', 'wiki_page', 'area', 'pay_slip', 'holiday', 'emergency_contact', 'tool_release', 'leave_type', 'duty_entry', 'wiki_page_version']))",
    ),
    (
        "sexes that first names are not known for are rare",
        "select (100 * count(*) filter (where gender = 'X') / count(*) > 8)::int from s.people",
    ),
];

#[test]
fn cells_follow_from_what_stands_around_them() {
    let database = Cluster::shared().fresh_database("derived");
    database.psql(SCHEMA);
    database.psql(
        "select from synthgen.generate('s', as_of => '2026-01-01', rows => '{\"firms\": 6, \"people\": 120, \"crews\": 20,
         \"crew_members\": 90, \"duties\": 200, \"areas\": 60, \"pay_slips\": 150, \"holidays\": 120, \"wiki_pages\": 30, \"wiki_page_versions\": 60,
         \"tool_releases\": 40, \"audit_logs\": 80, \"emergency_contacts\": 80}')",
    );
    never(&database);
}

fn never(database: &Database) {
    let wrong: Vec<String> = NEVER
        .iter()
        .filter_map(|(promise, count)| {
            let found = database.psql(count);
            (found != "0").then(|| format!("{promise}: {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
