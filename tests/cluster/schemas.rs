//! Other schemas than the sample: a clinic, and the shop with every name in another style. Nothing tells the engine
//! about them but their catalogs.

use crate::support::sample::{self, AS_OF, breaches};

fn generate(target: &str, more: &str) -> String {
    format!("select table_name, inserted, verdict, detail from synthgen.generate('{target}', as_of => '{AS_OF}'{more})")
}

/// Tables that got no rows, or fewer for another reason than that a unique name found no more words.
fn not_filled(summary: &str) -> Vec<&str> {
    let fine = |line: &&str| line.contains("|filled|") || line.contains("|short|") && line.contains("found no more different values");
    summary.lines().filter(|line| !fine(line)).collect()
}

const PROBLEMS: &str = "select kind, object, violations, detail from synthgen.verify('TARGET') where verdict = 'violated'";

#[test]
fn a_clinic_is_filled_and_nothing_is_broken() {
    let database = sample::schema("schemas_clinic", "tests/sql/clinic.sql");

    let summary = database.psql(&generate("clinic", r#", rows => '{"patient": 150, "visit": 600}'"#));

    assert_eq!((summary.lines().count(), not_filled(&summary)), (14, Vec::new()), "{summary}");
    assert_eq!(database.psql("select (select count(*) from clinic.patient), (select count(*) from clinic.visit)"), "150|600");
    assert_eq!(breaches(&database, "tests/sql/clinic_checks.sql"), Vec::<String>::new());
    assert_eq!(database.psql(&PROBLEMS.replace("TARGET", "clinic")), "");
}

#[test]
fn a_clinic_without_any_count_is_filled_too() {
    let database = sample::schema("schemas_clinic_default", "tests/sql/clinic.sql");

    let summary = database.psql(&generate("clinic", ""));

    assert_eq!(not_filled(&summary), Vec::<&str>::new(), "{summary}");
    assert_eq!(breaches(&database, "tests/sql/clinic_checks.sql"), Vec::<String>::new());
}

#[test]
fn the_shop_under_other_names_keeps_keys_and_constraints() {
    let database = sample::schema("schemas_renamed", "tests/sql/ecommerce_renamed.sql");

    let summary = database.psql(&generate("laden", r#", rows => '{"Client": 200, "tbl_item": 300, "SalesOrder": 500}'"#));

    assert_eq!((summary.lines().count(), not_filled(&summary)), (33, Vec::new()), "{summary}");
    assert_eq!(breaches(&database, "tests/sql/ecommerce_renamed_checks.sql"), Vec::<String>::new());
    assert_eq!(database.psql(&PROBLEMS.replace("TARGET", "laden")), "");
}
