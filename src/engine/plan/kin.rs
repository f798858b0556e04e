//! Brands that make what a category sells: of two lists a row picks from, the rows of one that go with a row of the other.
//!
//! What goes together is read from words: the nouns of the category in the list of products, and what the brand says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::engine::catalog::TableId;
use crate::engine::plan::build::Builder;
use crate::engine::plan::{Fill, Kin, Pick, RowIndex};
use crate::engine::value::Value;
use crate::engine::vocabulary::{Symbol, Vocabulary, singular, vocabulary, words};

/// Shorter words (and, for, the) say nothing about goods.
const SHORTEST_WORD: usize = 4;

/// Lines of products read for a category: a category holds a dozen nouns.
const MOST_LINES: usize = 200;

/// Brands that tell of a category nearly as much as the one that tells most of it.
const NEARLY: f64 = 0.7;

/// How often a brand that tells of no goods at all (the shop's own) stands for those that do.
const GENERAL: f64 = 0.2;

/// Words that stand in every description (`data/common_words.csv`).
fn common() -> &'static BTreeSet<String> {
    static COMMON: OnceLock<BTreeSet<String>> = OnceLock::new();
    COMMON.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/common_words.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

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
        let products = vocabulary("products")?;
        let sold: Vec<BTreeSet<String>> = stored(category)
            .rows
            .iter()
            .map(|row| match &row[name] {
                Value::Text(name) => goods(products, name).into_iter().chain(self.spoken(target(category), row)).collect(),
                _ => BTreeSet::new(),
            })
            .collect();
        let brands = stored(brand);
        let said: Vec<BTreeSet<String>> = brands.rows.iter().map(|row| self.spoken(target(brand), row).collect()).collect();
        let affinity = affinities(&said, &sold);
        let general = |brand: usize| affinity.iter().all(|of| of[brand] == 0.0);
        let mut rows = BTreeMap::new();
        for (index, of) in affinity.iter().enumerate() {
            let most = (0..said.len()).filter(|&brand| brands.weights[brand] > 0.0).map(|brand| of[brand]).fold(0.0, f64::max);
            if most == 0.0 {
                continue;
            }
            let mut sum = 0.0;
            let mut fitting: Vec<(RowIndex, f64)> = Vec::new();
            for (brand, weight) in brands.weights.iter().enumerate() {
                let share = if general(brand) { GENERAL } else { f64::from(u8::from(of[brand] >= NEARLY * most)) };
                if weight * share > 0.0 {
                    sum += weight * share;
                    fitting.push((brand as RowIndex, sum));
                }
            }
            rows.insert(index as RowIndex, fitting);
        }
        (!rows.is_empty()).then_some(Kin { by: category, rows })
    }

    /// The words of all texts of a row but the name it bears.
    fn spoken<'r>(&self, table: TableId, row: &'r [Value]) -> impl Iterator<Item = String> + use<'r> {
        let names: Vec<bool> = self.meanings.ids_of(table).map(|found| found == Some("product.brand")).collect();
        let texts = row.iter().zip(names).filter_map(|(value, name)| match value {
            Value::Text(text) if !name => Some(text),
            _ => None,
        });
        texts.flat_map(|text| telling(text))
    }
}

/// By category, by brand: how much what the brand says of itself tells of the category's goods. A word counts the less, the more
/// categories it is said in.
fn affinities(said: &[BTreeSet<String>], sold: &[BTreeSet<String>]) -> Vec<Vec<f64>> {
    let mut spread: BTreeMap<&str, f64> = BTreeMap::new();
    sold.iter().flatten().for_each(|word| *spread.entry(word).or_default() += 1.0);
    let of = |said: &BTreeSet<String>, sold: &BTreeSet<String>| said.intersection(sold).map(|word| 1.0 / spread[word.as_str()]).sum();
    sold.iter().map(|sold| said.iter().map(|said| of(said, sold)).collect()).collect()
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
    all.filter(|word| word.len() >= SHORTEST_WORD && !common().contains(word)).collect()
}
