//! Words: whether the filled shop would be taken for a real one, and how people bring their own words along.

use std::fmt::Write as _;

use crate::support::sample::{self, AS_OF};
use crate::support::sentiment::Lexicon;
use crate::support::{Cluster, Database, repository_file};

/// A table of words, filled from columns of a list of the engine's.
fn list(sql: &mut String, table: &str, file: &str, columns: &[&str], shape: &str) {
    let text = repository_file(&format!("src/engine/vocabulary/data/{file}.csv"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let places: Vec<usize> =
        columns.iter().map(|column| header.iter().position(|title| title == *column).unwrap_or_else(|| panic!("no {column}"))).collect();
    writeln!(sql, "create table words.{table} ({shape});").expect("a String takes every text");
    let rows: Vec<String> = reader
        .records()
        .map(|record| {
            let record = record.expect("a line");
            let cells: Vec<String> = places.iter().map(|&place| format!("'{}'", record[place].replace('\'', "''"))).collect();
            format!("({})", cells.join(", "))
        })
        .collect();
    writeln!(sql, "insert into words.{table} values {};", rows.join(",\n")).expect("a String takes every text");
}

fn words(database: &Database) {
    let mut sql = String::from("create schema words;\n");
    let nouns = ["product.noun", "product.price_low", "product.price_high", "key:product.category|product.parent_category"];
    list(&mut sql, "nouns", "products", &nouns, "noun text, price_low numeric, price_high numeric, categories text");
    let places = ["place.city", "place.region", "place.country_code", "place.postcode_pattern", "place.dialling_code"];
    list(&mut sql, "places", "places", &places, "city text, region text, country_code text, postcode text, dialling_code text");
    database.psql(&sql);
}

/// The checks that find something, a line each.
fn unreal(database: &Database) -> Vec<String> {
    let checks = repository_file("tests/sql/realism_checks.sql");
    // One statement of hundreds of expressions: to compile them takes longer than to run them.
    let found = database
        .psql(&format!("analyze; set jit = off; set checks.as_of = '{AS_OF}';\nselect * from (\n{checks}\n) c where violations <> 0"));
    found.lines().map(str::to_owned).collect()
}

/// The reviews that a stranger's lexicon feels otherwise than their stars say, a line each.
fn misfelt(database: &Database) -> Vec<String> {
    let lexicon = Lexicon::published();
    // What a thing is called is no opinion of it; a book's name does not say that it is a crime novel or a love story.
    let reviews = database
        .connect()
        .query(
            "select r.rating::int, x.text, p.product_name || ' novel crime love story adventure thriller' from ecommerce.product_review r join ecommerce.product p using (product_id)
              cross join lateral (values (r.title), (r.body)) x (text) where r.rating <> 3 and x.text is not null",
            &[],
        )
        .expect("reviews");
    assert!(reviews.len() > 200, "{} titles and bodies", reviews.len());
    let against = |row: &postgres::Row| {
        let (rating, text, about): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
        let net = lexicon.net(&text, &about);
        (if rating > 3 { net < -1e-9 } else { net > 1e-9 }).then(|| format!("{rating} stars, {net:.1}: {text}"))
    };
    reviews.iter().filter_map(against).collect()
}

/// Empties the shop for another run.
fn empty(database: &Database) {
    database.psql(
        "do $$ declare t record; begin for t in select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'ecommerce'
            loop execute 'truncate ' || t.name || ' restart identity cascade'; end loop; end $$;
            delete from synthgen.run_table_stored; delete from synthgen.run_key_stored; delete from synthgen.run_document_stored; delete from synthgen.run_stored",
    );
}

#[test]
fn reviews_mean_their_stars() {
    let database = sample::shop("words_stars");
    for seed in [42, 7, 2026] {
        database.psql(&sample::fill_shop(200, &format!(", seed => {seed}")));
        let found = misfelt(&database);
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
        if seed == 2026 {
            // With the stars turned round nearly every text speaks against them, so what was not found was not there.
            database.psql("update ecommerce.product_review set rating = 6 - rating");
            assert!(misfelt(&database).len() > 200, "{} of the texts", misfelt(&database).len());
        }
        empty(&database);
    }
}

#[test]
fn promotions_are_named_after_the_time_of_year_in_which_they_begin() {
    let database = sample::shop("words_seasons");
    database.psql(&sample::fill_shop(40, ""));
    // What these words say of the year is general knowledge; months as in the northern hemisphere.
    let astray = "select p.promotion_name, p.promotion_code, p.start_date::date from ecommerce.promotion p
        join (values ('spring', 3, 5), ('easter', 3, 4), ('summer', 5, 8), ('school', 8, 9), ('autumn', 9, 11), ('winter', 11, 14), ('festive', 11, 12),
                     ('new ?year', 13, 13)) season (word, first, last)
          on p.promotion_name ~* season.word or p.promotion_code ~* season.word
       where extract(month from p.start_date) not between first and last and extract(month from p.start_date) + 12 not between first and last";
    assert_eq!(database.psql(astray), "");
    let seasonal = database
        .psql("select count(*) filter (where promotion_name ~* 'spring|summer|autumn|winter|school'), count(*) from ecommerce.promotion");
    let (named, all) = seasonal.split_once('|').expect("two counts");
    assert!(named.parse::<u32>().expect("a count") > 5 && all == "40", "{seasonal}");
    let named_alike = "select count(*) from ecommerce.promotion where promotion_name ~* 'spring|summer|autumn|winter' and promotion_code ~* 'spring|summer|autumn|winter'
        and substring(lower(promotion_name) from 'spring|summer|autumn|winter') <> substring(lower(promotion_code) from 'spring|summer|autumn|winter')";
    assert_eq!(database.psql(named_alike), "0");
}

#[test]
fn the_shop_would_be_taken_for_a_real_one_whatever_the_seed() {
    let database = sample::shop("words_real");
    words(&database);
    // `make soak` asks for ten times as many.
    let times = if std::env::var_os("SYNTHGEN_SOAK").is_some() { 10 } else { 1 };
    for seed in [42, 7, 2026] {
        database.psql(&format!(
            "begin; select from synthgen.generate('ecommerce', users => {}, products => {}, orders => {}, reviews => {},
                as_of => '{AS_OF}', seed => {seed}); commit;",
            1_000 * times,
            500 * times,
            5_000 * times,
            1_500 * times
        ));
        let found = unreal(&database);
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
        let found = misfelt(&database);
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
        empty(&database);
    }
}

#[test]
fn a_list_of_ones_own_serves_rules_and_stands_in_the_place_of_the_engines() {
    let database = Cluster::shared().fresh_database("words_own");
    database.psql("create schema s; create table s.person (id int generated always as identity primary key, first_name text not null, home text not null)");

    assert_eq!(database.psql("select synthgen.load_vocabulary('planets', E'planet,weight\\nEarth,3\\nMars,1\\n')"), "2");
    database.psql("select synthgen.load_vocabulary('first_names', E'person.first_name\\nZaphod\\nTrillian\\n')");
    database.psql(
        r#"select from synthgen.load_rules('s', '{"synthgen": 1, "rules": [{"id": "home", "on": "person.home", "template": "on {vocabulary:planets}"}]}')"#,
    );
    database.psql("select from synthgen.generate('s', rows => '{\"person\": 60}')");

    assert_eq!(
        database.psql("select string_agg(distinct first_name, ','), string_agg(distinct home, ',') from s.person"),
        "Trillian,Zaphod|on Earth,on Mars"
    );
    assert_eq!(database.psql("select string_agg(name, ',' order by name) from synthgen.vocabulary"), "first_names,planets");
    for (name, csv) in [("My list", "a\nb\n"), ("planets", "planet\n"), ("planets", "planet,weight\nEarth,much\n")] {
        let error = database.connect().query("select synthgen.load_vocabulary($1, $2)", &[&name, &csv]).expect_err("refused");
        assert_eq!(error.code().map(postgres::error::SqlState::code), Some("22023"), "{error:?}");
    }
}

#[test]
fn a_locale_keeps_people_and_places_to_one_country() {
    let database = sample::shop("words_locale");
    database.psql(&sample::fill_shop(80, ", locale => 'de_DE'"));
    let abroad = r"select count(*), count(*) filter (where c.country_code <> 'DE'), count(*) filter (where a.phone_number not like '+49%'),
        count(*) filter (where a.postal_code !~ '^[0-9]{5}$') from ecommerce.user_address a join ecommerce.country c using (country_id)";
    let found = database.psql(abroad);
    assert!(found.ends_with("|0|0|0") && !found.starts_with("0|"), "{found}");

    let other = Cluster::shared().fresh_database("words_locale_plain");
    other.psql("create schema s; create table s.customer (id int generated always as identity primary key, city text not null, postcode text, phone text)");
    other.psql("select from synthgen.generate('s', locale => 'pt_BR', rows => '{\"customer\": 50}')");
    assert_eq!(other.psql("select count(*) filter (where phone not like '+55%'), count(*) filter (where postcode !~ '^[0-9]{5}-[0-9]{3}$') from s.customer"), "0|0");
    let error = other.connect().batch_execute("select from synthgen.generate('s', locale => 'tlh_QO')").expect_err("unknown");
    let error = error.as_db_error().expect("the database's error").clone();
    assert_eq!((error.code().code(), error.message()), ("22023", "locale => 'tlh_QO' is unknown"));
    assert!(error.hint().is_some_and(|hint| hint.contains("de_DE") && hint.contains("pt_BR")), "{error:?}");
}

#[test]
fn a_hint_in_a_comment_overrides_an_inference_and_a_rule_overrides_the_hint() {
    let database = Cluster::shared().fresh_database("words_hint");
    database.psql(
        r#"create schema s; create table s.item (id int generated always as identity primary key, email text not null, blend text not null, zeal text);
        comment on column s.item.email is 'Not a mail: synthgen: {"choice": ["red", "blue"]}';
        comment on column s.item.blend is 'synthgen: {"choice": ["never seen"]}';
        comment on column s.item.zeal is 'synthgen: {"meaning": "person.last_name"}'"#,
    );
    database.psql(
        r#"select from synthgen.load_rules('s', '{"synthgen": 1, "rules": [{"id": "blend", "on": "item.blend", "choice": ["mild"]}]}')"#,
    );
    let plan = "select column_name, decided_by from synthgen.plan('s') where kind = 'column' and column_name <> 'id' order by 1";
    assert_eq!(database.psql(plan), "blend|rule\nemail|hint\nzeal|hint");
    database.psql("select from synthgen.generate('s', rows => '{\"item\": 40}')");
    assert_eq!(database.psql("select string_agg(distinct email, ','), string_agg(distinct blend, ',') from s.item"), "blue,red|mild");

    database.psql("comment on column s.item.blend is 'synthgen: {oh no'");
    let error = database.connect().batch_execute("select from synthgen.plan('s')").expect_err("unreadable");
    assert_eq!(
        error.as_db_error().map(|error| error.message().to_owned()),
        Some("the comment on column s.item.blend holds no rule".into())
    );
}

#[test]
fn a_table_speaks_the_words_of_its_domain_and_unknown_columns_hold_what_anybody_writes() {
    let database = sample::schema("words_domain", "tests/sql/clinic.sql");
    let told = database.psql("select count(*) from synthgen.plan('clinic') where kind = 'table' and detail like '%words of: clinic (%'");
    assert!(told.parse::<u32>().expect("a count") > 5, "{told}");

    let other = Cluster::shared().fresh_database("words_unknown");
    other.psql("create schema s; create table s.thing (id int generated always as identity primary key, warranty_terms text not null, serving_area varchar(80) not null)");
    other.psql("select from synthgen.generate('s', rows => '{\"thing\": 80}')");
    let found = other.psql(
        "select count(*) filter (where warranty_terms ~* 'warranty'), count(*) filter (where warranty_terms !~ '\\.$'),
            count(*) filter (where serving_area ~* 'serving|\\.$'), count(*) filter (where warranty_terms ~ '[0-9A-Z]{5,}'), count(distinct warranty_terms) > 20 from s.thing",
    );
    assert_eq!(found, "0|0|0|0|t");
}
