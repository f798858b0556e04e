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

/// Share of a category's goods that bear a brand which tells of no goods at all (the shop's own).
const GENERAL: f64 = 0.1;

/// How much more a word says that names the category itself than one that names a thing in it: who makes laptops makes no bags
/// for them.
const NAMES_IT: f64 = 3.0;

/// Least part of what a brand tells of the category it tells most of for it to make another's goods.
const OWN_GOODS: f64 = 0.4;

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
        let sold: Vec<Goods> = stored(category)
            .rows
            .iter()
            .map(|row| match &row[name] {
                Value::Text(name) => {
                    let said = goods(products, name).into_iter().chain(self.spoken(target(category), row));
                    said.map(|word| (word, 1.0)).chain(telling(name).into_iter().map(|word| (word, NAMES_IT))).collect()
                }
                _ => Goods::new(),
            })
            .collect();
        let brands = stored(brand);
        let said: Vec<BTreeSet<String>> = brands.rows.iter().map(|row| self.spoken(target(brand), row).collect()).collect();
        let affinity = affinities(&said, &sold);
        let rows = makers(&brands.weights, &affinity);
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

/// The words for what a category sells, with what each says of it.
type Goods = BTreeMap<String, f64>;

/// By category, the brands that make its goods, each with the sum of the weights up to it.
///
/// A brand makes what it tells of nearly as much as the one that tells most, and what it does not tell of far less than of
/// other goods; a brand that tells of none makes a little of everything.
fn makers(weights: &[f64], affinity: &[Vec<f64>]) -> BTreeMap<RowIndex, Vec<(RowIndex, f64)>> {
    let own: Vec<f64> = (0..weights.len()).map(|brand| affinity.iter().map(|of| of[brand]).fold(0.0, f64::max)).collect();
    let mut rows = BTreeMap::new();
    if own.iter().all(|&most| most == 0.0) {
        return rows;
    }
    for (index, of) in affinity.iter().enumerate() {
        let weighty = || (0..weights.len()).filter(|&brand| weights[brand] > 0.0);
        let makes = |brand: usize| of[brand] > 0.0 && of[brand] >= OWN_GOODS * own[brand];
        let most = weighty().filter(|&brand| makes(brand)).map(|brand| of[brand]).fold(0.0, f64::max);
        let special = |brand: usize| makes(brand) && of[brand] >= NEARLY * most;
        let general = |brand: usize| own[brand] == 0.0;
        let specials: f64 = weighty().filter(|&brand| special(brand)).map(|brand| weights[brand]).sum();
        let generals: f64 = weighty().filter(|&brand| general(brand)).map(|brand| weights[brand]).sum();
        let part = if specials == 0.0 { 1.0 } else { GENERAL / (1.0 - GENERAL) * specials / generals };
        let mut sum = 0.0;
        let mut fitting = Vec::new();
        for brand in weighty().filter(|&brand| special(brand) || general(brand)) {
            sum += weights[brand] * if general(brand) { part } else { 1.0 };
            fitting.push((brand as RowIndex, sum));
        }
        if !fitting.is_empty() {
            rows.insert(index as RowIndex, fitting);
        }
    }
    rows
}

/// By category, by brand: how much what the brand says of itself tells of the category's goods. A word counts the less, the more
/// categories it is said in.
fn affinities(said: &[BTreeSet<String>], sold: &[Goods]) -> Vec<Vec<f64>> {
    let mut spread: BTreeMap<&str, f64> = BTreeMap::new();
    sold.iter().flat_map(BTreeMap::keys).for_each(|word| *spread.entry(word).or_default() += 1.0);
    let of = |said: &BTreeSet<String>, sold: &Goods| said.iter().filter_map(|word| Some(sold.get(word)? / spread[word.as_str()])).sum();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_makes_what_it_tells_of_and_the_shops_own_a_little_of_everything() {
        let sold: Vec<Goods> = [
            vec![("laptop", NAMES_IT), ("notebook", 1.0)],
            vec![("bag", NAMES_IT), ("laptop", 1.0), ("wallet", 1.0)],
            vec![("kite", NAMES_IT)],
            vec![("purse", NAMES_IT), ("wallet", 1.0)],
        ]
        .map(|words| words.into_iter().map(|(word, says)| (word.to_owned(), says)).collect())
        .into();
        let said: Vec<BTreeSet<String>> = [vec!["laptop", "screen"], vec!["wallet", "leather"], vec!["anything"]]
            .map(|words| words.into_iter().map(str::to_owned).collect())
            .into();
        let rows = makers(&[4.0, 2.0, 6.0], &affinities(&said, &sold));
        let brands = |category: RowIndex| rows[&category].iter().map(|(brand, _)| *brand).collect::<Vec<_>>();
        assert_eq!((brands(0), brands(1), brands(2)), (vec![0, 2], vec![1, 2], vec![2]));
        let last = |category: RowIndex| rows[&category].last().map_or(0.0, |(_, sum)| *sum);
        assert!((1.0 - rows[&0][0].1 / last(0) - GENERAL).abs() < 1e-9 && (1.0 - rows[&1][0].1 / last(1) - GENERAL).abs() < 1e-9);
    }
}
