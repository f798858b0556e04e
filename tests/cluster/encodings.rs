//! Databases that are not UTF-8: arguments, names, data and errors beyond ASCII come and go as what they are.

use crate::support::sample::AS_OF;
use crate::support::{Cluster, Database, repository_file};

const SCHEMA: &str = "create schema \"geschäft\";
    create table \"geschäft\".\"größe\" (id int generated always as identity primary key, label text not null unique check (label in ('groß', 'klein', 'über')));
    create table \"geschäft\".kunde (id int generated always as identity primary key, first_name text not null, last_name varchar(12) not null,
        city text not null, country_code char(2) not null, email text not null unique, \"größe_id\" int not null references \"geschäft\".\"größe\")";

fn filled(name: &str, encoding: &str) -> Database<'static> {
    let database = Cluster::shared().fresh_database_in(name, encoding);
    database.psql(SCHEMA);
    let reference = "select count(*) from synthgen.load_reference('geschäft', E'# [größe]\\nlabel,Weight\\ngroß,5\\nklein,1\\n')";
    assert_eq!(database.psql(reference), "2", "a column and the weights");
    let rule = r#"{"synthgen": 1, "rules": [{"id": "städte", "on": "kunde.city", "choice": {"Köln": 1, "Orléans": 1}}]}"#;
    assert_eq!(database.psql(&format!("select message from synthgen.load_rules('geschäft', $r${rule}$r$)")), "");
    database
}

#[test]
fn a_latin_1_database_gets_what_its_letters_can_say() {
    let database = filled("encodings_latin1", "LATIN1");

    let summary = database
        .psql(&format!("select table_name, inserted from synthgen.generate('geschäft', rows => '{{\"kunde\": 400}}', as_of => '{AS_OF}')"));

    assert_eq!(summary, "\"geschäft\".\"größe\"|2\n\"geschäft\".kunde|400");
    assert_eq!(database.psql("select string_agg(label, ' ' order by id) from \"geschäft\".\"größe\""), "groß klein");
    assert_eq!(database.psql("select string_agg(distinct city, ' ' order by city) from \"geschäft\".kunde"), "Köln Orléans");
    // Letters of names beyond Latin-1 have lost their marks; those in it have kept theirs.
    assert_eq!(database.psql("select count(*) > 0 from \"geschäft\".kunde where first_name || last_name ~ '[à-ÿÀ-Ý]'"), "t");
    assert_eq!(database.psql("select count(*) from \"geschäft\".kunde where email !~ '^[ -~]+$'"), "0");
    assert_eq!(database.psql("select object, detail from synthgen.verify('geschäft') where verdict <> 'holds'"), "");
    let shown =
        "select row ->> 'city' from synthgen.preview('geschäft', 'kunde', 1, rows => '{\"kunde\": 5}', existing => 'append') as row";
    assert!(["Köln", "Orléans"].contains(&database.psql(shown).as_str()));
    assert!(database.psql("select explain from synthgen.explain('geschäft', existing => 'append')").contains("\"geschäft\".\"größe\""));
    for setting in ["llm_base_url = 'http://127.0.0.1:9/v1'", "llm_models = 'none'"] {
        database.psql(&format!("load 'synthgen'; alter database encodings_latin1 set synthgen.{setting}"));
    }
    let asked = database.psql("select synthgen.prompt('geschäft', 'kunde', rows => '{\"kunde\": 5}', existing => 'append')");
    assert!(asked.contains("geschäft"), "{asked}");
}

#[test]
fn errors_and_notices_of_a_latin_1_database_are_readable() {
    let database = filled("encodings_errors", "LATIN1");
    let (mut client, notices) = database.connect_hearing();
    client.batch_execute("set client_encoding = 'UTF8'").expect("an encoding that every server knows");

    let error = client.batch_execute("select from synthgen.generate('geschäft', rows => '{\"künde\": 5}')").expect_err("is refused");
    let error = error.as_db_error().expect("the server answered");
    assert_eq!((error.code().code(), error.message()), ("42P01", "\"künde\" is no table or entity of geschäft"));
    assert!(error.hint().is_some_and(|hint| hint.contains("Name a table")), "{error:?}");

    client
        .batch_execute("alter table \"geschäft\".kunde add constraint \"straße\" check (length(city) > 90) not valid")
        .expect("it is not validated");
    let error = client.batch_execute("select from synthgen.generate('geschäft', rows => '{\"kunde\": 5}')").expect_err("is refused");
    assert!(error.as_db_error().is_some_and(|error| format!("{error:?}").contains("straße")), "{error:?}");

    client.batch_execute("alter table \"geschäft\".kunde drop constraint \"straße\"; select from synthgen.generate('geschäft', rows => '{\"kunde\": 5}')").expect("it is filled");
    let heard = notices.lock().expect("nobody else holds it").clone();
    assert!(heard.iter().any(|(_, line)| line == "  filled \"geschäft\".kunde: 5 rows"), "{heard:?}");
}

#[test]
fn sql_ascii_stores_any_bytes_and_gets_ascii_from_us() {
    let database = filled("encodings_ascii", "SQL_ASCII");

    database.psql(&format!("select from synthgen.generate('geschäft', rows => '{{\"kunde\": 400}}', as_of => '{AS_OF}')"));

    assert_eq!(database.psql("select count(*) from \"geschäft\".kunde where first_name || last_name || email !~ '^[ -~]+$'"), "0");
    // What the user gave is stored byte for byte.
    assert_eq!(database.psql("select string_agg(distinct city, ' ' order by city) from \"geschäft\".kunde"), "Köln Orléans");
    assert_eq!(database.psql("select object, detail from synthgen.verify('geschäft') where verdict <> 'holds'"), "");
}

#[test]
fn the_sample_fills_a_latin_1_database() {
    let database = Cluster::shared().fresh_database_in("encodings_sample", "LATIN1");
    database.psql(&repository_file("samples/sql/ecommerce.sql"));

    let summary = database.psql(&format!(
        "select count(*) filter (where verdict in ('filled', 'short') and inserted > 0), count(*)
           from synthgen.generate('ecommerce', users => 30, products => 30, orders => 40, as_of => '{AS_OF}')"
    ));

    assert_eq!(summary, "33|33");
}
