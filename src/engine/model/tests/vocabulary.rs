//! Rows past the limit, composed of what the model wrote once.

use std::collections::BTreeMap;

use super::{Case, Fake, forecast, place, setup, write};
use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::model::{Mode, Setup, Templates};
use crate::engine::rows::Rows;

#[test]
fn past_the_limit_rows_are_composed_of_what_the_model_wrote() {
    let case = Case { counts: "customer 40, product 5000, purchase 9000, product_review 3000", ..Case::shop() };
    let mut model = Fake::new();
    let told = forecast(&case, &mut model);
    let plan = case.plan();
    let templates = Templates::new(&BTreeMap::new()).expect("they are read");
    let few = Setup { rows_per_table: 100, ..setup(&templates, Mode::Auto) };
    let (mut rows, authorship) = write(&plan, &mut model, &few).expect("the dialogue ends well");

    let (product, name) = place(&plan, "s.product.product_name");
    let calls = model.asked.iter().filter(|question| question.table_name == "s.product").count();
    assert_eq!(calls, 5 + 2);
    assert!(told.tables.iter().any(|table| table.table_name == "s.product" && table.calls == 50 + 2), "{told:?}");
    assert_eq!(authorship.llm_rows(&rows, product), 100);
    assert_eq!(authorship.detail(&rows, product), "rows beyond 100 composed of the model's vocabulary");
    let distinct = |rows: &mut Rows, table: TableId, column: ColumnId| {
        let made = rows.layouts[table].stored..rows.layouts[table].rows();
        let texts: std::collections::BTreeSet<String> = made.map(|index| rows.cell(table, index, column).to_string()).collect();
        texts.len()
    };
    assert!(distinct(&mut rows, product, name) > 4_750);
    let (review, body) = place(&plan, "s.product_review.body");
    assert!(distinct(&mut rows, review, body) > 2_400);
    let mut sentences: BTreeMap<String, u32> = BTreeMap::new();
    for index in rows.layouts[review].stored..rows.layouts[review].rows() {
        let text = rows.cell(review, index, body).to_string();
        text.split(['.', '!'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .for_each(|one| *sentences.entry(one.to_owned()).or_default() += 1);
    }
    assert!(sentences.values().all(|times| *times <= 30), "{:?}", sentences.iter().max_by_key(|(_, times)| **times));
    // Reviews are asked for by thirds of the rating.
    let abouts: Vec<&str> = model
        .asked
        .iter()
        .filter(|q| q.purpose == "author" && q.table_name == "s.product_review")
        .flat_map(|q| q.prompt.lines().filter(|line| line.starts_with("All of it")))
        .collect();
    assert_eq!(abouts.len(), 3, "{abouts:?}");
}
