//! Rules put into SQL, over a tree of shelves and the books on them.

use serde_json::{Value as Json, json};

use super::rules;
use crate::verify::{Objects, Probe};

fn column(name: &str, data_type: &str, category: &str) -> Json {
    json!({"name": name, "quoted": name, "type": data_type, "category": category, "not_null": false, "domains": []})
}

fn table(oid: u32, name: &str, columns: &Json, keys: &Json, foreign_keys: &Json) -> Json {
    json!({"oid": oid, "schema": "lib", "name": name, "qualified": format!("lib.{name}"), "source": format!("only lib.{name}"),
           "derived": false, "columns": columns, "keys": keys, "foreign_keys": foreign_keys, "checks": [],
           "partition_bound": null, "exclusions": [], "sequences": []})
}

fn reference(name: &str, child: &str, parent: &str) -> Json {
    json!({"name": name, "full": false, "period": false, "referenced_oid": 1, "referenced": "only lib.shelf",
           "pairs": [{"child": child, "parent": parent, "operator": "="}]})
}

fn library() -> Objects {
    let unique = json!([{"name": "u", "primary": false, "nulls_not_distinct": false, "predicate": null,
                         "parts": [{"expression": "shelf_name", "collation": null}]}]);
    let shelf = json!([column("shelf_no", "integer", "N"), column("upper_shelf_no", "integer", "N"), column("shelf_name", "text", "S")]);
    let book = json!([column("pages", "integer", "N"), column("shelf_no", "integer", "N")]);
    let document = json!({"schemas": ["lib"], "tables": [
        table(1, "shelf", &shelf, &unique, &json!([reference("up", "upper_shelf_no", "shelf_no")])),
        table(2, "book", &book, &json!([]), &json!([reference("on", "shelf_no", "shelf_no")]))]});
    Objects::parse(&document).expect("the document is complete")
}

fn probes(document: &Json) -> Vec<Probe> {
    rules(&library(), document)
}

fn of_pages(rule: &Json) -> Probe {
    let mut whole = json!({"id": "r", "on": "book.pages"});
    for (key, value) in rule.as_object().expect("an object") {
        whole[key] = value.clone();
    }
    probes(&json!({"rules": [whole]})).remove(0)
}

#[test]
fn a_path_joins_the_parents_it_names_once() {
    let probe = of_pages(&json!({"when": "shelf.upper.name = 'A' or shelf.name = 'B'", "null": 0.5}));
    assert!(
        probe.statement.contains(
            "from only lib.book as subject left join only lib.shelf as reference_1 on reference_1.shelf_no = subject.shelf_no \
             left join only lib.shelf as reference_2 on reference_2.shelf_no = reference_1.upper_shelf_no"
        ),
        "{}",
        probe.statement
    );
    assert!(probe.statement.contains("reference_2.\"shelf_name\" = 'A' OR reference_1.\"shelf_name\" = 'B'"), "{}", probe.statement);
}

#[test]
fn under_means_the_named_row_and_what_lies_below() {
    let probe = of_pages(&json!({"when": "pages > 3 and shelf under 'It''s A'", "null": 0.5}));
    assert!(probe.statement.contains("subject.\"pages\" > 3 AND subject.shelf_no IN (WITH RECURSIVE"), "{}", probe.statement);
    assert!(probe.statement.contains("named.shelf_name::TEXT = 'It''s A'"), "{}", probe.statement);
}

#[test]
fn a_later_rule_takes_rows_from_an_earlier_one() {
    let probes = probes(&json!({"rules": [
        {"id": "a", "on": "book.pages", "range": [1, 9]},
        {"id": "b", "on": "book.pages", "when": "shelf_no = 2", "range": [20, 30]},
        {"id": "n", "on": "book.pages", "null": 0.1}]}));
    assert!(probes[0].statement.contains("not (((subject.\"shelf_no\" = 2) is true))"), "{}", probes[0].statement);
    assert!(!probes[1].statement.contains("not ("), "{}", probes[1].statement);
    assert_eq!(probes.len(), 3);
}

#[test]
fn a_case_is_judged_where_no_case_before_it_holds() {
    let probes = probes(&json!({"rules": [{"id": "c", "on": "book.pages", "cases": [
        {"when": "shelf_no = 1", "choice": {"1": 1}}, {"choice": {"2": 3, "3": 1}}]}]}));
    assert_eq!(probes[1].target.as_deref(), Some("2: 75%, 3: 25%"));
    assert!(probes[1].statement.contains("where not ((subject.\"shelf_no\" = 1) is true)"), "{}", probes[1].statement);
}

#[test]
fn what_cannot_be_judged_says_why() {
    for (rule, why) in [
        (json!({"when": "colour = 1", "null": 0.5}), "has no column"),
        (json!({"when": "exists (select 1)", "null": 0.5}), "no subquery"),
        (json!({"when": "pages >", "null": 0.5}), "cannot be read"),
        (json!({"on": "book.colour", "null": 0.5}), "names no column"),
        (json!({"series": {}}), "does not judge series"),
    ] {
        let statement = of_pages(&rule).statement;
        assert!(statement.starts_with("select 0, 0, false") && statement.contains(why), "{statement}");
    }
}

#[test]
fn children_are_compared_with_the_distribution() {
    let relation = |children: Json| probes(&json!({"relations": [{"id": "n", "on": "book.shelf", "children": children}]})).remove(0);
    assert_eq!(relation(json!(2)).target.as_deref(), Some("2 to 2 children, 2.00 on average (2: 100%)"));
    let zipf = relation(json!({"zipf": 1.0, "min": 1, "max": 2}));
    assert_eq!(zipf.target.as_deref(), Some("1 to 2 children, 1.33 on average (1: 66.7%, 2: 33.3%)"));
    assert_eq!(relation(json!({"choice": {"0": 1, "3": 1}})).target.as_deref(), Some("0 to 3 children, 1.50 on average (0: 50%, 3: 50%)"));
}
