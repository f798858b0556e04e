//! What is kept of earlier runs and asked no more.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Case, Fake, SHOP, filled, forecast, place};

#[test]
fn a_second_run_asks_nothing_and_makes_the_same() {
    let (case, mut model) = (Case::shop(), Fake::new());
    let first = filled(&case, &mut model);
    model.asked.clear();

    let told = forecast(&case, &mut model);
    let second = filled(&case, &mut model);

    assert_eq!((model.asked.len(), told.calls() - told.stored()), (0, 0));
    assert!(first == second);
}

#[test]
fn another_end_of_the_data_asks_nothing_anew() {
    let (case, mut model) = (Case::shop(), Fake::new());
    filled(&case, &mut model);
    model.asked.clear();
    let later = Case { days: case.days + 40, ..Case::shop() };

    let told = forecast(&later, &mut model);
    let (_, llm_rows) = filled(&later, &mut model);

    assert_eq!((model.asked.len(), told.calls() - told.stored()), (0, 0));
    assert_eq!(llm_rows["s.product_review"], 90);
}

#[test]
fn a_larger_count_asks_for_the_further_rows_only() {
    let (case, mut model) = (Case::shop(), Fake::new());
    filled(&case, &mut model);
    model.asked.clear();
    let larger = Case { counts: "customer 80, product 70, purchase 300, product_review 90", ..Case::shop() };

    filled(&larger, &mut model);

    // Fifty customers are two whole batches and a half: the third is another one now, and a fourth follows.
    let customers = model.asked.iter().filter(|question| question.table_name == "s.customer").count();
    assert_eq!(customers, 2);
}

#[test]
fn a_column_that_the_model_does_not_write_asks_nothing() {
    let (case, mut model) = (Case::shop(), Fake::new());
    filled(&case, &mut model);
    model.asked.clear();
    let added = SHOP.replace("base_price numeric", "loyalty_points int not null, base_price numeric");
    let case = Case { ddl: added, ..Case::shop() };

    let told = forecast(&case, &mut model);
    filled(&case, &mut model);

    assert_eq!((model.asked.len(), told.calls() - told.stored()), (0, 0));
}

#[test]
fn of_a_new_column_that_the_model_writes_only_that_column_is_asked() {
    let (case, mut model) = (Case::shop(), Fake::new());
    let (before, _) = filled(&case, &mut model);
    model.asked.clear();
    let case = Case { ddl: SHOP.replace("base_price numeric", "washing_advice text not null, base_price numeric"), ..Case::shop() };

    let told = forecast(&case, &mut model);
    let (after, llm_rows) = filled(&case, &mut model);

    assert_eq!((model.asked.len(), told.calls() - told.stored()), (4, 4));
    for question in &model.asked {
        let asked = question.schema.pointer("/properties/rows/items/properties").and_then(Json::as_object).expect("rows have properties");
        assert_eq!(asked.keys().collect::<Vec<_>>(), ["row", "washing_advice"]);
        // The kept columns are told as facts.
        assert!(
            question.prompt.lines().filter(|line| line.starts_with("{\"row\"")).all(|line| line.contains("product_name\":")),
            "{}",
            question.prompt
        );
    }
    assert_eq!(llm_rows["s.product"], 70);
    let name = place(&Case::shop().plan(), "s.product.product_name").1;
    let names = |cells: &BTreeMap<String, Vec<Vec<String>>>| cells["s.product"].iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    model.asked.clear();
    filled(&case, &mut model);
    assert_eq!(model.asked.len(), 0);
}
