//! What the bytes depend on: the seed, as_of and the schema, and nothing else; and what each of them changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::support::sample::{self, fill_shop};
use crate::support::{Cluster, Database};

/// A table's rows as exported, by column name.
type Rows = Vec<BTreeMap<String, String>>;

/// The files of the demo's call with 200 users, which most tests compare with.
fn base() -> &'static BTreeMap<String, String> {
    static BASE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| exported("determinism_base", "select 1", 200, "").1);
    &BASE
}

/// The shop, filled, and all its files by table.
fn exported(name: &str, before: &str, users: u32, more: &str) -> (Database<'static>, BTreeMap<String, String>) {
    let database = sample::shop(name);
    database.psql(&format!("{before}; {}", fill_shop(users, more)));
    let directory = Cluster::shared().fresh_directory(name);
    let files = database.psql(&format!("select file from synthgen.export_csv('ecommerce', '{}')", directory.display()));
    let files = files.lines().map(|file| {
        let table = file.rsplit('/').next().and_then(|file| file.strip_suffix(".csv")).expect("a file is named after its table");
        (table.to_owned(), std::fs::read_to_string(file).unwrap_or_else(|error| panic!("cannot read {file}: {error}")))
    });
    let files: BTreeMap<String, String> = files.collect();
    assert_eq!(files.len(), 33);
    (database, files)
}

fn rows(file: &str) -> Rows {
    csv::Reader::from_reader(file.as_bytes()).deserialize().map(|row| row.expect("the file is CSV with a header")).collect()
}

fn without(rows: Rows, columns: &[&str]) -> Rows {
    let kept = |mut row: BTreeMap<String, String>| {
        row.retain(|column, _| !columns.contains(&column.as_str()));
        row
    };
    rows.into_iter().map(kept).collect()
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    // Another session, other settings, other tables: none of them counts.
    let (_, other) = exported(
        "determinism_other",
        "create table public.aside (id int primary key); set timezone = 'Asia/Tokyo'; set datestyle = 'German, DMY'; set work_mem = '1MB'",
        200,
        "",
    );

    for (table, file) in base() {
        assert!(*file == other[table], "{table} differs");
    }
}

#[test]
fn another_seed_changes_what_may_change() {
    let (database, other) = exported("determinism_seed_43", "select 1", 200, ", seed => 43");

    let free = free_columns(&database);
    let (mut compared, mut different) = (0u32, 0u32);
    let mut alike = Vec::new();
    for (table, columns) in &free {
        let (one, other) = (rows(&base()[table]), rows(&other[table]));
        for column in columns {
            let pairs = one.iter().zip(&other).map(|(one, other)| (&one[column], &other[column]));
            let pairs: Vec<_> = pairs.filter(|(one, other)| !(is_nothing(one) && is_nothing(other))).collect();
            let changed = pairs.iter().filter(|(one, other)| one != other).count();
            compared += pairs.len() as u32;
            different += changed as u32;
            if changed * 2 < pairs.len() {
                alike.push(format!("{table}.{column}: {changed} of {}", pairs.len()));
            }
        }
    }

    assert!(compared > 40_000, "{compared} cells");
    let share = f64::from(different) / f64::from(compared);
    assert!(share >= 0.95, "{different} of {compared} cells differ ({share:.3}); least in {alike:?}");
}

/// An absent value, or an amount of nothing: no draw made it.
fn is_nothing(value: &str) -> bool {
    value.is_empty() || value.parse::<f64>().is_ok_and(|number| number == 0.0)
}

/// Columns of text, dates and amounts by table, where neither a CHECK nor a rule leaves but a few values; tables of
/// reference rows left out.
fn free_columns(database: &Database) -> BTreeMap<String, Vec<String>> {
    let listed = database.psql(
        "select c.relname || '|' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relnamespace = 'ecommerce'::regnamespace and c.relkind = 'r' and a.attnum > 0
           and a.atttypid::regtype::text = any ('{text,character varying,character,date,timestamp with time zone,numeric}')
           and not exists (select from synthgen.run_table t where t.table_name::regclass = c.oid and t.reference_rows > 0)
           and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
                           and pg_get_constraintdef(k.oid) like '%ANY%')
           and not exists (select from jsonb_array_elements(synthgen.rules('ecommerce') -> 'rules') r
                           where r ->> 'on' = c.relname || '.' || a.attname and (r ? 'choice' or r ? 'cases'))
         order by 1",
    );
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in listed.lines() {
        let (table, column) = line.split_once('|').expect("two words a line");
        columns.entry(table.to_owned()).or_default().push(column.to_owned());
    }
    // 33 tables, less 10 of reference rows and 3 that hold but keys and kinds.
    assert_eq!(columns.len(), 20, "{columns:?}");
    columns
}

#[test]
fn a_new_column_changes_no_other_cell() {
    let before = base();
    let (_, after) = exported(
        "determinism_columns_after",
        r#"alter table ecommerce."user" add column nickname text not null, add column loyalty_points int not null default 0"#,
        200,
        "",
    );

    for (table, file) in before.iter().filter(|(table, _)| *table != "user") {
        assert!(*file == after[table], "{table} differs");
    }
    let users = rows(&after["user"]);
    assert!(users.iter().all(|user| !user["nickname"].is_empty()), "the new column has values");
    assert_eq!(without(users, &["nickname", "loyalty_points"]), rows(&before["user"]));
}

#[test]
fn a_larger_count_keeps_the_rows_of_a_smaller_one() {
    let few = base();
    let (_, many) = exported("determinism_many", "select 1", 400, "");

    // The last login is not before the user's last order, and the last change not before that.
    let from_children = ["user_id", "last_login_date", "updated_at"];
    let by_email =
        |rows: Rows| without(rows, &from_children).into_iter().map(|row| (row["email"].clone(), row)).collect::<BTreeMap<_, _>>();
    let (few_users, many_users) = (by_email(rows(&few["user"])), by_email(rows(&many["user"])));
    assert_eq!((few_users.len(), many_users.len()), (200, 400));
    for (email, user) in &few_users {
        assert_eq!(Some(user), many_users.get(email));
    }

    let (few_addresses, many_addresses) = (addresses(few), addresses(&many));
    assert_eq!(few_addresses.len(), 200);
    for (email, addresses) in &few_addresses {
        assert_eq!(Some(addresses), many_addresses.get(email), "addresses of {email}");
    }
}

/// The addresses of each user, by the user's email, without keys.
fn addresses(files: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<BTreeMap<String, String>>> {
    let emails: BTreeMap<String, String> =
        rows(&files["user"]).into_iter().map(|user| (user["user_id"].clone(), user["email"].clone())).collect();
    let mut addresses: BTreeMap<String, BTreeSet<BTreeMap<String, String>>> = BTreeMap::new();
    for address in rows(&files["user_address"]) {
        let email = emails[&address["user_id"]].clone();
        addresses.entry(email).or_default().extend(without(vec![address], &["address_id", "user_id"]));
    }
    addresses
}
