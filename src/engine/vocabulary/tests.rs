//! What the files of words promise, checked against the files themselves.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Deserialize;

use super::*;
use crate::engine::rules::template::{Source, Template};

/// A column and the meaning it must be given.
#[derive(Deserialize)]
struct Case {
    table: String,
    column: String,
    r#type: String,
    comment: String,
    parents: String,
    siblings: String,
    meaning: String,
}

fn parts(cell: &str) -> Vec<&str> {
    cell.split('|').filter(|part| !part.is_empty()).collect()
}

fn found(case: &Case) -> Option<Match> {
    meaning_of(&ColumnContext {
        table_name: &case.table,
        column_name: &case.column,
        type_class: case.r#type.parse().unwrap_or(TypeClass::Other),
        comment: Some(case.comment.as_str()).filter(|comment| !comment.is_empty()),
        parent_tables: &parts(&case.parents),
        sibling_columns: &parts(&case.siblings),
        pack: None,
        fields: None,
    })
}

/// Facts by meaning, for the draws of the tests.
fn facts<'f>(known: &'f [(&'f str, &'f str)]) -> impl Fn(Symbol) -> Option<Cow<'f, str>> {
    |id| known.iter().find(|(known, _)| *known == id.as_str()).map(|(_, value)| Cow::Borrowed(*value))
}

/// Every template in the meanings and in the lists, with where it stands.
fn templates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for meaning in meanings() {
        collect(&meaning.generator, &meaning.id, &mut found);
    }
    for list in vocabularies() {
        for line in list.lines() {
            let cells = list.value_columns().filter_map(|column| line.cell(column.as_str()));
            let cells = cells.filter(|cell| cell.contains('{'));
            found.extend(cells.map(|cell| (list.name().to_owned(), cell.to_owned())));
        }
    }
    found
}

fn collect(json: &serde_json::Value, id: &str, found: &mut Vec<(String, String)>) {
    match json {
        serde_json::Value::String(text) if text.contains('{') => found.push((id.to_owned(), text.clone())),
        serde_json::Value::Object(fields) => fields.values().for_each(|inner| collect(inner, id, found)),
        serde_json::Value::Array(items) => items.iter().for_each(|inner| collect(inner, id, found)),
        _ => {}
    }
}

#[test]
fn every_file_parses_and_ids_are_unique() {
    let ids: BTreeSet<&str> = meanings().iter().map(|meaning| meaning.id.as_str()).collect();
    assert_eq!(ids.len(), meanings().len());
    assert!(ids.len() >= 80 && vocabularies().all(|list| !list.is_empty()));
}

#[test]
fn every_generator_names_lists_that_exist() {
    let named = |meaning: &'static Meaning| {
        ["vocabulary", "unique", "shapes", "domains"].into_iter().filter_map(|key| meaning.generator.get(key)?.as_str())
    };
    for meaning in meanings() {
        for list in named(meaning) {
            assert!(vocabulary(list).is_some(), "{}: no list {list}", meaning.id);
        }
    }
}

#[test]
fn every_template_parses_and_draws_from_lists_that_exist() {
    let templates = templates();
    assert!(templates.len() > 300);
    for (place, text) in templates {
        let template = Template::parse(&text).unwrap_or_else(|error| panic!("{place}: {text}: {error}"));
        for source in template.sources() {
            match source {
                Source::Vocabulary(list) => assert!(vocabulary(list.as_str()).is_some(), "{place}: no list {list}"),
                Source::Fact(id) => {
                    let known = id.as_str().starts_with("schema.") || meaning(id.as_str()).is_some() || provider_of(*id).is_some();
                    assert!(known, "{place}: nothing gives {id}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn names_are_kept_to_fields_that_exist_of_meanings_that_exist() {
    let packs: BTreeSet<&str> = include_str!("data/packs.csv").lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let mut lines = csv::Reader::from_reader(include_str!("data/field_names.csv").as_bytes());
    for line in lines.records().map(|line| line.expect("a line of four cells")) {
        for known in parts(&line[0]) {
            assert!(meanings().iter().any(|meaning| meaning.id == known || meaning.id.starts_with(&format!("{known}."))), "{known}");
        }
        assert!(parts(&line[1]).iter().all(|field| packs.contains(field)) && !parts(&line[3]).is_empty(), "{line:?}");
        assert!(["likely", "another"].contains(&&line[2]), "{line:?}");
    }
}

#[test]
fn a_list_draws_from_the_column_of_its_meaning() {
    for meaning in meanings() {
        let Some(list) = meaning.generator.get("vocabulary").and_then(serde_json::Value::as_str).and_then(vocabulary) else {
            continue;
        };
        let fits = list.knows(Symbol::new(&meaning.id));
        let first = list.value_columns().next().map_or("", Symbol::as_str);
        let alike = first.split('.').next() == meaning.id.split('.').next();
        assert!(fits || alike, "{} from {}", meaning.id, list.name());
    }
}

#[test]
fn every_example_passes_its_own_validator() {
    for meaning in meanings() {
        assert!(!meaning.examples.is_empty(), "{} has no example", meaning.id);
        for example in &meaning.examples {
            assert!(meaning.validator.accepts(example), "{}: {example} is not {:?}", meaning.id, meaning.validator);
        }
    }
}

#[test]
fn columns_get_the_meaning_that_a_reader_would_give_them() {
    let text = include_str!("data/match_cases.csv");
    let cases: Vec<Case> = csv::Reader::from_reader(text.as_bytes()).deserialize().map(|case| case.expect("a case")).collect();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let got = found(case).map_or("nothing", |found| found.meaning.id.as_str());
            (got != case.meaning).then(|| format!("{}.{}: {} instead of {}", case.table, case.column, got, case.meaning))
        })
        .collect();
    assert!(cases.len() >= 60 && wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_draw_depends_on_nothing_but_facts_and_number() {
    let list = vocabulary("places").expect("a list of places");
    let known = [("place.country_code", "DE")];
    let cities = |shift: u32| -> Vec<Option<&str>> {
        (0..50_u64).map(|n| list.choose(&facts(&known), n << shift).and_then(|line| line.cell("place.city"))).collect()
    };
    assert_eq!(cities(58), cities(58));
    assert!(cities(58).iter().collect::<BTreeSet<_>>().len() > 10);
}

#[test]
fn draws_follow_the_weights() {
    let list = Vocabulary::parse("weighed", "a.word,weight\nrare,1\nusual,3\n").expect("a list");
    let step = u64::MAX / 400;
    let usual =
        (0..400).filter(|n| list.choose(&|_| None, n * step).and_then(|line| line.first()).map(Cell::text) == Some("usual")).count();
    assert!((298..=302).contains(&usual), "{usual}");
}

#[test]
fn the_last_key_is_dropped_first() {
    let text = "a.word,key:a.country,key:a.sex\nAnna,DE,F\nHans,DE,M\nMary,GB,F\nKim,,\n";
    let list = Vocabulary::parse("names", text).expect("a list");
    let words = |known: &[(&str, &str)]| -> (usize, Vec<String>) {
        let fitting = list.fitting(&list.key_values(&facts(known)));
        let words = (0..fitting.len()).filter_map(|at| fitting.nth(at)?.first().map(|cell| cell.text().to_owned()));
        (fitting.kept_keys(), words.collect())
    };
    assert_eq!(words(&[("a.country", "de"), ("a.sex", "F")]), (2, vec!["Anna".into(), "Kim".into()]));
    assert_eq!(words(&[("a.country", "GB"), ("a.sex", "other")]).1, ["Kim"], "what no line names is for the lines that name nothing");
    assert_eq!(words(&[("a.country", "XX")]).1, ["Kim"]);
    let strict = Vocabulary::parse("strict", "a.word,key:a.country,key:a.sex\nAnna,DE,F\nBob,GB,M\n").expect("a list");
    let fitting = strict.fitting(&strict.key_values(&facts(&[("a.country", "DE"), ("a.sex", "M")])));
    assert_eq!((fitting.kept_keys(), fitting.nth(0).and_then(|line| line.first()).map(Cell::text)), (1, Some("Anna")));
}

#[test]
fn keys_are_found_in_other_spellings() {
    let city = |country: &str, region: &str| {
        let known = [("place.country_name", country), ("place.region", region)];
        let list = vocabulary("places").expect("a list of places");
        let fitting = list.fitting(&list.key_values(&facts(&known)));
        (fitting.kept_keys(), fitting.nth(0).and_then(|line| line.cell("place.region_code")))
    };
    assert_eq!(city("Deutschland", "Bavaria"), (2, Some("BY")));
    assert_eq!(city("Germany", "Freistaat Bayern"), (2, Some("BY")));
    assert_eq!(city("USA", "West Virginia"), (2, Some("WV")));
    let nouns = vocabulary("products").expect("a list of products");
    let noun = |category: &str| nouns.fitting(&nouns.key_values(&facts(&[("product.category", category)]))).kept_keys();
    for category in [
        "Sofas & Couches",
        "Sofas",
        "Cameras",
        "Wooden Toys",
        "Women's Running Shoes",
        "Kids' Board Games",
        "Headphones",
        "Crime & Thrillers",
        "Children's Books",
    ] {
        assert_eq!(noun(category), 1, "{category}");
    }
    assert_eq!(noun("Quantum Widgets"), 0);
}

#[test]
fn only_books_are_called_like_books() {
    let names = vocabulary("product_names").expect("a list of names");
    let titled = |category: &str| {
        let known = [("product.category", category)];
        let drawn = (0..200_u64).filter_map(|n| names.choose(&facts(&known), n * (u64::MAX / 200))?.first());
        drawn.filter(|name| name.text().contains("book_titles")).count()
    };
    assert_eq!([titled("Phones"), titled("Building Sets"), titled("Quantum Widgets")], [0, 0, 0]);
    assert!(titled("Crime & Thrillers") > 190 && titled("Children's Books") > 190);
}

#[test]
fn every_region_of_the_large_countries_has_a_city() {
    let regions = vocabulary("regions").expect("a list of regions");
    let count = |country: &str| regions.fitting(&regions.key_values(&facts(&[("place.country_code", country)]))).len();
    let expected = [("US", 51), ("DE", 16), ("GB", 4), ("FR", 13), ("ES", 19), ("IT", 20), ("NL", 12), ("CA", 13)];
    for (country, regions) in expected.into_iter().chain([("AU", 8), ("AT", 9), ("CH", 26), ("BR", 27), ("PT", 20), ("DK", 5)]) {
        assert_eq!(count(country), regions, "{country}");
    }
    assert!(vocabulary("places").expect("a list of places").len() >= 600);
}

#[test]
fn places_lie_in_real_zones_and_on_the_globe() {
    for line in vocabulary("places").expect("a list of places").lines() {
        let cell = |id: &str| line.cell(id).unwrap_or_default();
        assert!(Validator::Zone.accepts(cell("place.time_zone")), "{}", cell("place.time_zone"));
        assert!(Validator::Number(-90.0, 90.0).accepts(cell("place.latitude")), "{}", cell("place.city"));
        assert!(Validator::Number(-180.0, 180.0).accepts(cell("place.longitude")), "{}", cell("place.city"));
    }
}

#[test]
fn mail_domains_reach_nobody() {
    for line in vocabulary("mail_domains").expect("a list of domains").lines() {
        let domain = line.first().map_or("", Cell::text);
        let reserved = ["example.com", "example.org", "example.net"].contains(&domain);
        let top = domain.rsplit('.').next();
        assert!(reserved || matches!(top, Some("example" | "test")), "{domain}");
    }
}

#[test]
fn every_country_with_cities_has_phones_and_streets() {
    let countries: BTreeSet<&str> =
        vocabulary("places").expect("a list of places").lines().filter_map(|line| line.cell("place.country_code")).collect();
    for list in ["phones", "streets", "street_names"] {
        let list = vocabulary(list).expect("a list");
        for country in &countries {
            assert_eq!(
                list.fitting(&list.key_values(&facts(&[("place.country_code", country)]))).kept_keys(),
                1,
                "{} {country}",
                list.name()
            );
        }
    }
}

#[test]
fn status_words_are_known_however_they_are_written() {
    for word in ["OutForDelivery", "out_for_delivery", "Out for delivery"] {
        assert_eq!(status_of(word).map(|word| word.class), Some(StatusClass::Open), "{word}");
    }
    let stage = |word: &str| status_of(word).map_or(0, |word| word.stage);
    assert!(stage("Pending") < stage("Processing") && stage("Processing") < stage("Shipped") && stage("Shipped") < stage("Delivered"));
    assert_eq!(status_of("Storniert").map(|word| word.class), Some(StatusClass::Cancelled));
    assert_eq!(status_of("Refunded").map(|word| word.class), Some(StatusClass::Returned));
    assert_eq!(status_of("Purple"), None);
}

#[test]
fn bars_part_alternatives_but_within_a_template_they_are_filters() {
    let list = Vocabulary::parse("cells", "t.a,t.b,t.c\n{@a.b|lower} x|y,one|two,alone\n").expect("a list");
    let line = list.lines().next().expect("a line");
    let words = |column: usize| line.words(column).expect("a cell");
    assert!(matches!(words(0).words(), Words::Composed(_)));
    let Words::OneOf(parts) = words(1).words() else { panic!("alternatives") };
    assert_eq!(parts.iter().map(|part| words(1).part(*part)).collect::<Vec<_>>(), ["one", "two"]);
    assert!(matches!(words(2).words(), Words::Plain));
}

#[test]
fn names_are_split_into_words() {
    assert_eq!(words("tblBarnDoors"), ["tbl", "barn", "doors"]);
    assert_eq!(words("HTMLPage_2"), ["html", "page", "2"]);
    assert_eq!(words("Straße"), ["strasse"]);
    assert_eq!(words("women's"), ["womens"]);
    assert_eq!(
        [singular("addresses"), singular("categories"), singular("cactus"), singular("days")],
        ["address", "category", "cactus", "day"]
    );
}

#[test]
fn validators_refuse_what_is_wrong() {
    let iban: Validator = "iso13616".parse().expect("a validator");
    assert!(iban.accepts("GB82WEST12345698765432") && !iban.accepts("GB83WEST12345698765432"));
    assert!(Validator::Ean.accepts("4006381333931") && !Validator::Ean.accepts("4006381333932"));
    assert!(Validator::Mail.accepts("a.b@example.com") && !Validator::Mail.accepts("a..b@example.com"));
    assert!(!Validator::Slug.accepts("Two Words") && !Validator::Zone.accepts("Mars/Olympus"));
    assert!(Validator::Shape("AA-##".into()).accepts("KX-17") && !Validator::Shape("AA-##".into()).accepts("KX-1"));
}

/// Parts of things, and the kinds of product of which reviews may speak of them.
const PARTS: [(&[&str], &[&str]); 8] = [
    (&["display", "screen"], &["laptop", "tablet", "smartphone", "monitor", "television", "smartwatch", "bicycle computer"]),
    (&["sole", "laces"], &["laced shoe", "slip-on shoe"]),
    (&["fabric"], &["top", "dress", "skirt", "trousers", "swimwear", "bodysuit", "small garment"]),
    (&["battery"], &["laptop", "tablet", "smartphone", "smartwatch"]),
    (
        &["software", "menu"],
        &["laptop", "tablet", "smartphone", "monitor", "television", "smartwatch", "camera", "player", "network", "e-reader"],
    ),
    (&["lid"], &["pot"]),
    (&["pedal", "chain"], &["bicycle"]),
    (&["ending", "characters", "dialogue"], &["novel"]),
];

#[test]
fn reviews_speak_of_parts_that_the_product_has() {
    let aspects = vocabulary("review_aspects").expect("the list of what reviews say");
    let mut said = 0;
    for product in vocabulary("products").expect("the list of products").lines() {
        let noun = product.cell("product.noun").expect("a noun");
        let kind = product.cell("product.kind").unwrap_or_else(|| panic!("{noun} is of no kind"));
        for rating in ["1", "2", "3", "4", "5"] {
            let facts = |id: Symbol| match id.as_str() {
                "review.rating" => Some(rating),
                "product.kind" | "product.category" | "product.use" => product.cell(id.as_str()),
                _ => None,
            };
            let fitting = aspects.fitting(&aspects.key_values(&|id| facts(id).map(Cow::Borrowed)));
            assert_eq!(fitting.kept_keys(), 3, "{noun}, {rating} stars");
            assert!(fitting.len() > 2, "{noun}, {rating} stars: {} lines", fitting.len());
            for text in (0..fitting.len()).filter_map(|at| fitting.nth(at)?.cell("text.review_aspect")) {
                let speaks = |part: &&str| text.split(|of: char| !of.is_alphabetic()).any(|word| word == *part);
                for (_, kinds) in PARTS.iter().filter(|(parts, _)| parts.iter().any(speaks)) {
                    said += 1;
                    assert!(kinds.contains(&kind), "{noun} ({kind}): {text}");
                }
            }
        }
    }
    assert!(said > 500, "{said}");
}

#[test]
fn no_text_has_a_space_before_its_punctuation_or_a_title_without_a_name() {
    let begins = |part: &str| part.starts_with([',', '.', ';', ':', '!', '?']);
    let mut read = 0;
    for list in vocabularies() {
        let columns: Vec<Symbol> = list.value_columns().collect();
        for cell in list.lines().flat_map(|line| columns.iter().filter_map(move |id| line.cell(id.as_str())).collect::<Vec<_>>()) {
            read += 1;
            for (at, opening) in cell.match_indices("{choice:").filter(|(at, _)| cell[..*at].ends_with(' ')) {
                let inside = &cell[at + opening.len()..];
                let inside = &inside[..inside.find(['{', '}']).unwrap_or(inside.len())];
                assert!(!inside.split('/').any(begins), "{}: {cell}", list.name());
            }
            let titles = ["a Ms ", "a Mr ", "a Mrs ", "A Ms ", "A Mr ", "A Mrs "];
            assert!(!titles.iter().any(|title| cell.contains(title)), "{}: {cell}", list.name());
        }
    }
    assert!(read > 10_000, "{read}");
}
