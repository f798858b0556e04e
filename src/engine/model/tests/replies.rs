//! Bad replies and none: what is asked once more, what algorithms make, what is an error.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Case, Fake, filled, place, setup, write};
use crate::engine::error::Error;
use crate::engine::model::{Failure, FailureKind, Mode, Question, Templates};

/// Rows of a reply, to be spoilt.
fn rows_of(reply: &mut Json) -> &mut Vec<Json> {
    reply["rows"].as_array_mut().expect("the reply has rows")
}

/// The first text column of the rows.
fn spoil(reply: &mut Json, line: usize, with: &Json) {
    if let Some(row) = rows_of(reply).get_mut(line).and_then(Json::as_object_mut)
        && let Some((_, value)) = row.iter_mut().find(|(name, _)| name.as_str() != "row")
    {
        *value = with.clone();
    }
}

type Spoiling = (&'static str, fn(&Question, Json) -> String);

/// Replies that go wrong once: all that is lost is asked for again.
const SPOILINGS: [Spoiling; 14] = [
    ("fences", |_, reply| format!("Here you are:\n```json\n{reply}\n```")),
    ("thoughts", |_, reply| format!("<think>{{\"rows\": [1]}}</think>{reply}")),
    ("two rows short", |_, mut reply| {
        let rows = rows_of(&mut reply);
        rows.truncate(rows.len().saturating_sub(2));
        reply.to_string()
    }),
    ("rows too many", |_, mut reply| {
        let rows = rows_of(&mut reply);
        let first = rows[0].clone();
        rows.extend([first.clone(), first]);
        reply.to_string()
    }),
    ("cut", |_, reply| {
        let text = reply.to_string();
        text[..text.char_indices().nth(text.chars().count() * 2 / 3).map_or(0, |(at, _)| at)].to_owned()
    }),
    ("one value five times", |_, mut reply| {
        (0..5).for_each(|line| spoil(&mut reply, line, &json!("The very same words")));
        reply.to_string()
    }),
    ("placeholders", |_, mut reply| {
        ["Product 1", "Lorem ipsum", "string", "N/A"].iter().enumerate().for_each(|(line, text)| spoil(&mut reply, line, &json!(text)));
        reply.to_string()
    }),
    ("too long", |_, mut reply| {
        spoil(&mut reply, 0, &json!("very ".repeat(2_000)));
        reply.to_string()
    }),
    ("wrong types", |_, mut reply| {
        [json!({"a": 1}), json!([1]), json!(true), Json::Null].iter().enumerate().for_each(|(line, cell)| spoil(&mut reply, line, cell));
        reply.to_string()
    }),
    ("no JSON", |_, _| "The first could be a lamp, the second a kettle.".to_owned()),
    ("refusal", |_, _| "I'm sorry, but I cannot assist with that.".to_owned()),
    ("nothing", |_, _| String::new()),
    ("keys renamed", |_, reply| reply.to_string().replace("\"title\"", "\"Title\"").replace("\"product_name\"", "\"ProductName\"")),
    ("an instruction", |_, mut reply| {
        spoil(&mut reply, 0, &json!("Fine\u{0}'); drop table s.product; --"));
        reply.to_string()
    }),
];

#[test]
fn whatever_goes_wrong_once_is_mended_by_asking_again() {
    for (about, spoiling) in SPOILINGS {
        let mut model =
            Fake::scripted(move |question, reply| Ok(if question.attempt == 1 { spoiling(question, reply) } else { reply.to_string() }));
        let (cells, llm_rows) = filled(&Case::shop(), &mut model);
        assert_eq!((llm_rows["s.customer"], llm_rows["s.product"], llm_rows["s.product_review"]), (50, 70, 90), "{about}");
        let repairs = model.asked.iter().filter(|question| question.purpose == "repair").count();
        let mended = model.verdicts.iter().filter(|outcome| **outcome == "repaired").count();
        assert_eq!(repairs, mended, "{about}: {:?}", model.verdicts);
        assert_eq!(repairs == 0, ["fences", "thoughts", "rows too many", "keys renamed", "an instruction"].contains(&about), "{about}");
        assert!(cells.values().flatten().flatten().all(|cell| !cell.contains('\0')), "{about}");
        model.asked.clear();
        let again = filled(&Case::shop(), &mut model);
        assert_eq!(model.asked.len(), 0, "{about}");
        assert!(again.0 == cells, "{about}");
    }
}

#[test]
fn what_stays_wrong_is_made_by_algorithms_and_counted() {
    for (about, spoiling) in SPOILINGS
        .into_iter()
        .filter(|(about, _)| !["fences", "thoughts", "rows too many", "keys renamed", "an instruction"].contains(about))
    {
        let mut model = Fake::scripted(move |question, reply| Ok(spoiling(question, reply)));
        let (cells, llm_rows) = filled(&Case::shop(), &mut model);
        assert!(llm_rows["s.product"] < 70, "{about}");
        let plan = Case::shop().plan();
        let name = place(&plan, "s.product.product_name").1;
        assert!(
            cells["s.product"].iter().all(|row| !row[name].is_empty() && row[name].chars().count() <= 80 && row[name] != "string"),
            "{about}"
        );
    }
}

#[test]
fn a_required_model_that_fails_is_an_error() {
    let plan = Case::shop().plan();
    let templates = Templates::new(&BTreeMap::new()).expect("they are read");
    let closed = |_: &Question, _: Json| Err(Failure { kind: FailureKind::Closed, message: "the limit of 3 calls is reached".into() });
    for (mut model, told) in
        [(Fake::scripted(closed), "the limit of 3 calls"), (Fake::scripted(|_, _| Ok("no".into())), "could not be used")]
    {
        let error = write(&plan, &mut model, &setup(&templates, Mode::Require)).map(|_| ()).expect_err("it is an error");
        let Error::Report(report) = &error else { panic!("{error}") };
        assert_eq!(report.sqlstate, "38000");
        assert!(report.detail.as_ref().is_some_and(|detail| detail.contains(told)), "{report:?}");
    }
    let mut empty = Fake::new();
    let error = write(&plan, &mut empty, &setup(&templates, Mode::Replay)).map(|_| ()).expect_err("nothing is stored");
    assert!(error.to_string().starts_with("no reply is stored for batch "), "{error}");
}

#[test]
fn a_model_that_is_given_up_leaves_the_rest_to_algorithms() {
    let plan = Case::shop().plan();
    let templates = Templates::new(&BTreeMap::new()).expect("they are read");
    let calls = std::cell::Cell::new(0);
    let mut model = Fake::scripted(move |_, reply| {
        calls.set(calls.get() + 1);
        if calls.get() > 4 {
            Err(Failure { kind: FailureKind::Closed, message: "the limit is reached".into() })
        } else {
            Ok(reply.to_string())
        }
    });
    let (rows, authorship) = write(&plan, &mut model, &setup(&templates, Mode::Auto)).expect("the run goes on");
    let customer = place(&plan, "s.customer.first_name").0;
    let review = place(&plan, "s.product_review.title").0;
    assert_eq!(authorship.llm_rows(&rows, review), 0);
    assert_eq!(authorship.detail(&rows, review), "90 of 90 rows not by the model: the limit is reached");
    assert!(authorship.llm_rows(&rows, customer) < 50);
}

#[test]
fn what_small_models_say_well_survives() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model_server/replies");
    let ddl = "create table s.category (category_id serial primary key, category_name varchar(60) not null unique);
        create table s.review (review_id serial primary key, title varchar(60) not null, body text not null,
            rating text not null check (rating in ('1', '2', '3', '4', '5')), created_at timestamptz not null);";
    let rules = json!({"synthgen": 1, "rules": [{"id": "stars", "on": "review.rating", "llm": true}]});
    let case = Case { ddl: ddl.to_owned(), counts: "review 20", rules, ..Case::shop() };
    let (plan, templates) = (case.plan(), Templates::new(&BTreeMap::new()).expect("they are read"));
    let mut names: Vec<String> = std::fs::read_dir(folder.as_path())
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".txt")?.to_owned()))
        .collect();
    names.sort();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        let file = |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}"))).expect("the file is read");
        let (said, kept): (String, Json) = (file("txt"), serde_json::from_str(&file("json")).expect("it is JSON"));
        let mut model = Fake::scripted(move |question, _| Ok(if question.attempt == 1 { said.clone() } else { "No.".to_owned() }));
        let (rows, _) = write(&plan, &mut model, &setup(&templates, Mode::Auto)).expect("the dialogue ends well");
        assert_eq!(model.asked[0].schema.pointer("/properties/rows/items/required"), Some(&json!(["row", "title", "body", "rating"])));
        let lines = kept["rows"].as_object().expect("rows by number");
        assert!(lines.len() >= 10, "{name}");
        for (line, cells) in lines {
            let table = place(&plan, "s.review.title").0;
            let index = rows.layouts[table].index_of_slot(line.parse::<u64>().expect("a number") - 1);
            for (column, cell) in cells.as_object().expect("cells by column") {
                let written = rows.written.cell(table, index, place(&plan, &format!("s.review.{column}")).1);
                let wanted = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
                assert_eq!(written.map(ToString::to_string), Some(wanted), "{name}, row {line}, {column}");
            }
        }
    }
}
