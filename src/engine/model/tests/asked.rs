//! What is asked: as many questions as predicted, each line with its own facts.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Case, Fake, filled, forecast, place, said, setup, write};
use crate::engine::model::{Mode, Templates};

#[test]
fn the_calls_made_are_those_predicted_and_the_columns_are_the_models() {
    let (case, mut model) = (Case::shop(), Fake::new());
    let told = forecast(&case, &mut model);
    assert_eq!((model.asked.len(), told.stored()), (0, 0));

    let (cells, llm_rows) = filled(&case, &mut model);

    let predicted: Vec<(String, u64)> = told.tables.iter().map(|table| (table.table_name.clone(), table.calls)).collect();
    let made: Vec<(String, u64)> = told
        .tables
        .iter()
        .map(|table| (table.table_name.clone(), model.asked.iter().filter(|q| q.table_name == table.table_name).count() as u64))
        .collect();
    assert_eq!(made, predicted);
    assert_eq!(predicted, [("s.customer".into(), 3), ("s.product".into(), 4), ("s.product_review".into(), 5)]);
    assert_eq!((llm_rows["s.customer"], llm_rows["s.product"], llm_rows["s.product_review"], llm_rows["s.purchase"]), (50, 70, 90, 0));
    let is_the_models = |text: &str| said_by_the_model(text);
    let plan = case.plan();
    for name in ["s.customer.first_name", "s.product.product_name", "s.product_review.title"] {
        let (_, column) = place(&plan, name);
        let table = name.rsplit_once('.').expect("table.column").0;
        assert!(cells[table].iter().all(|row| is_the_models(&row[column])), "{name}");
    }
    // What is derived follows what was written.
    let email = place(&plan, "s.customer.email").1;
    let mails: std::collections::BTreeSet<&String> = cells["s.customer"].iter().map(|row| &row[email]).collect();
    assert_eq!(mails.len(), 50);
    assert!(
        mails
            .iter()
            .filter(|mail| ["ash", "birch", "cedar", "elder", "fir", "hazel", "juniper"].iter().any(|word| mail.contains(word)))
            .count()
            > 20,
        "{mails:?}"
    );
}

fn said_by_the_model(text: &str) -> bool {
    (0..28).any(|number| text.starts_with(&said(number)))
}

#[test]
fn a_reviews_line_names_its_own_product_and_rating() {
    let (case, mut model) = (Case::shop(), Fake::new());
    let (plan, templates) = (case.plan(), Templates::new(&BTreeMap::new()).expect("they are read"));
    let (mut rows, _) = write(&plan, &mut model, &setup(&templates, Mode::Auto)).expect("the dialogue ends well");
    let (table, rating) = place(&plan, "s.product_review.rating");
    let (product, name) = place(&plan, "s.product.product_name");
    let key = plan.catalog.tables[table].foreign_keys.iter().position(|key| key.referenced_table == product).expect("the key is there");
    let mut lines = model.asked.iter().filter(|question| question.table_name == "s.product_review").collect::<Vec<_>>();
    lines.sort_by_key(|question| question.batch);
    let lines: Vec<&str> = lines.iter().flat_map(|question| question.prompt.lines().filter(|line| line.starts_with("{\"row\""))).collect();
    assert_eq!(lines.len(), 90);
    for (slot, line) in lines.iter().enumerate() {
        let index = rows.layouts[table].index_of_slot(slot as u64);
        let own = rows.reference(table, index, key).expect("a review has a product");
        let line: Json = serde_json::from_str(line).expect("a line is JSON");
        let label = plan.catalog.tables[table].columns[plan.catalog.tables[table].foreign_keys[key].columns[0]]
            .name
            .trim_end_matches("_id")
            .to_owned();
        let column = plan.catalog.tables[product].columns[name].name.clone();
        assert_eq!(line[&label][&column], json!(rows.cell(product, own, name).to_string()));
        assert_eq!(line[plan.catalog.tables[table].columns[rating].name.as_str()].to_string(), rows.cell(table, index, rating).to_string());
    }
}
