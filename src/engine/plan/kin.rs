//! Brands that make what a category sells: of two lists a row picks from, the rows of one that go with a row of the other.
//!
//! What goes together is read from words: the nouns of the category in the list of products, and what the brand says of itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::TableId;
use crate::engine::plan::build::Builder;
use crate::engine::plan::{Fill, Kin, Pick, RowIndex};
use crate::engine::value::Value;
use crate::engine::vocabulary::{Symbol, Vocabulary, singular, vocabulary, words};

/// Shorter words (and, for, the) say nothing about goods.
const SHORTEST_WORD: usize = 4;

/// Lines of products read for a category: a category holds a dozen nouns.
const MOST_LINES: usize = 200;

/// Words that stand in every description.
const COMMON: [&str; 7] = ["every", "made", "from", "with", "that", "home", "small"];

/// Notes for each key to a list of brands which of them go with each category the same row may name.
pub(super) fn brands_by_category(builder: &mut Builder, table: TableId) {
    if builder.tables[table].fill != Fill::Make {
        return;
    }
    let keys = builder.inputs.catalog.tables[table].foreign_keys.len();
    let listing = |meaning: &str| (0..keys).find(|&key| builder.lists(table, key, meaning).is_some());
    let (Some(brand), Some(category)) = (listing("product.brand"), listing("product.category")) else { return };
    let found = builder.kin(table, brand, category);
    builder.tables[table].picks[brand].kin = found;
}

impl Builder {
    /// The column of a stored list, picked from freely, that holds a meaning.
    fn lists(&self, table: TableId, key: usize, meaning: &str) -> Option<usize> {
        let target = self.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let free = matches!(self.tables[table].picks[key].pick, Pick::Free { .. });
        let stored = self.tables[target].fill != Fill::Make && !self.inputs.states[target].stored.rows.is_empty();
        self.meanings.ids_of(target).position(|found| found == Some(meaning)).filter(|_| free && stored)
    }

    fn kin(&self, table: TableId, brand: usize, category: usize) -> Option<Kin> {
        let target = |key: usize| self.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let name = self.lists(table, category, "product.category")?;
        let stored = |key: usize| &self.inputs.states[target(key)].stored;
        let said: Vec<BTreeSet<String>> = stored(brand).rows.iter().map(|row| spoken(row)).collect();
        let products = vocabulary("products")?;
        let mut rows = BTreeMap::new();
        for (index, row) in stored(category).rows.iter().enumerate() {
            let Value::Text(name) = &row[name] else { continue };
            let sold = goods(products, name);
            let mut sum = 0.0;
            let weighed = said
                .iter()
                .zip(&stored(brand).weights)
                .enumerate()
                .filter(|(_, (said, weight))| **weight > 0.0 && !said.is_disjoint(&sold));
            let fitting: Vec<(RowIndex, f64)> = weighed
                .map(|(brand, (_, weight))| {
                    sum += weight;
                    (brand as RowIndex, sum)
                })
                .collect();
            if !fitting.is_empty() {
                rows.insert(index as RowIndex, fitting);
            }
        }
        (!rows.is_empty()).then_some(Kin { by: category, rows })
    }
}

/// The words of all texts of a row.
fn spoken(row: &[Value]) -> BTreeSet<String> {
    let texts = row.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
    texts.flat_map(|text| telling(text)).collect()
}

/// The words for what a category sells.
fn goods(products: &Vocabulary, category: &str) -> BTreeSet<String> {
    let wanted = Symbol::new("product.category");
    let values = products.key_values(&|id| (id == wanted).then_some(std::borrow::Cow::Borrowed(category)));
    let fitting = products.fitting(&values);
    if fitting.kept_keys() == 0 {
        return BTreeSet::new();
    }
    let lines = (0..fitting.len().min(MOST_LINES)).filter_map(|at| fitting.nth(at));
    let nouns = lines.filter_map(|line| line.cell("product.noun")).flat_map(telling);
    nouns.chain(telling(category)).collect()
}

fn telling(text: &str) -> Vec<String> {
    let all = words(text).into_iter().map(|word| singular(&word));
    all.filter(|word| word.len() >= SHORTEST_WORD && !COMMON.contains(&word.as_str())).collect()
}
