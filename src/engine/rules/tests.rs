//! Documents and what is said of them, told as data in `tests/data/rules`.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::engine::catalog::Catalog;
use crate::engine::fixture;
use crate::engine::rules::{Document, Problem, check, child_count, generator, merge, reader};

fn shop() -> Catalog {
    fixture::catalog(include_str!("../../../samples/sql/ecommerce.sql"))
}

fn sample() -> Json {
    serde_json::from_str(include_str!("../../../samples/rules/ecommerce_rules.json")).expect("the sample's rules are JSON")
}

fn told(problem: &Problem) -> String {
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{} {} {}: {}{hint}", problem.severity, problem.sqlstate, problem.path, problem.message)
}

#[test]
fn every_problem_is_named() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("../../../tests/data/rules/problems.json")).expect("the cases are JSON");
    let catalog = shop();
    let mut found = Vec::new();
    for case in &cases {
        let (_, problems) = check(&case["rules"], &catalog);
        let mut case = case.clone();
        case["problems"] = problems.iter().map(told).collect();
        found.push(case);
    }
    if found != cases {
        // What was found, in the form of the file, to compare or to take over.
        println!("{}", serde_json::to_string_pretty(&found).expect("JSON prints"));
    }
    for (found, expected) in found.iter().zip(&cases) {
        assert_eq!(found["problems"], expected["problems"], "{}", found["about"]);
    }
}

#[test]
fn the_sample_binds_without_a_problem() {
    let (bound, problems) = check(&sample(), &shop());
    assert_eq!(problems, []);
    assert_eq!(bound.entities.len(), 4);
    assert_eq!(bound.columns.len(), sample()["rules"].as_array().expect("rules").len());
    assert_eq!(bound.relations.len(), sample()["relations"].as_array().expect("relations").len());
}

#[test]
fn a_document_prints_and_reads_back() {
    let once = Document::read(&sample()).0.to_json();
    let (again, problems) = Document::read(&once);
    assert_eq!(problems, []);
    assert_eq!(again.to_json(), once);
    let rules = |document: &Json| document["rules"].as_array().map(Vec::len);
    assert_eq!(rules(&once), rules(&sample()));
    assert_eq!(check(&once, &shop()).1, []);
}

fn keys(schema: &Json, pointer: &str) -> BTreeSet<String> {
    let properties = schema.pointer(pointer).and_then(Json::as_object).expect("the schema has properties there");
    properties.keys().cloned().collect()
}

fn known(lists: &[&[&str]]) -> BTreeSet<String> {
    lists.iter().copied().flatten().map(|&key| key.to_owned()).collect()
}

#[test]
fn the_published_schema_has_the_known_keys() {
    let schema: Json = serde_json::from_str(include_str!("../../../docs/rules.schema.json")).expect("the schema is JSON");
    assert_eq!(keys(&schema, "/properties"), known(&[reader::ROOT]));
    assert_eq!(keys(&schema, "/$defs/rule/properties"), known(&[reader::RULE, generator::KEYS]));
    assert_eq!(keys(&schema, "/$defs/relation/properties"), known(&[reader::RELATION]));
    assert_eq!(keys(&schema, "/$defs/children/oneOf/1/properties"), known(&[child_count::KEYS, child_count::BOUNDS]));
    let mut cases = known(&[&[generator::WHEN], generator::KEYS]);
    cases.remove("cases");
    cases.remove("llm");
    assert_eq!(keys(&schema, "/$defs/cases/items/properties"), cases);
}

#[test]
fn merging_a_document_with_itself_changes_nothing() {
    let (once, twice) = (merge(Some(&sample()), None), merge(Some(&sample()), Some(&sample())));
    assert_eq!(once, sample());
    assert_eq!(json!(once["rules"]), json!(twice["rules"]));
}
