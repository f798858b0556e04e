//! Brands that make what a category sells: of two lists a row picks from, the rows of one that go with a row of the other.
//!
//! What goes together is read from words: the nouns of the category in the list of products, and what the brand says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::engine::catalog::TableId;
use crate::engine::plan::build::Builder;
use crate::engine::plan::{Akin, ColumnPlan, Distinct, Fact, FactTarget, Fill, Kin, Pick, RowIndex, Source};
use crate::engine::value::Value;
use crate::engine::vocabulary::{Symbol, Vocabulary, singular, vocabulary, words};

/// Shorter words (of, to, in) say nothing about goods.
const SHORTEST_WORD: usize = 3;

/// Lines of products read for a category: a category holds a dozen nouns.
const MOST_LINES: usize = 200;

/// Categories above a category that are read.
const MOST_LEVELS: usize = 8;

/// Brands that tell of a category nearly as much as the one that tells most of it.
const NEARLY: f64 = 0.7;

/// Share of a category's goods that bear a brand which tells of no goods at all (the shop's own).
const GENERAL: f64 = 0.1;

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

/// Lets a key to rows with words from a list name those whose words go with a row that another key names: who works in sales has
/// a job of sales, where the titles themselves say nothing of departments.
pub(super) fn titles_by_department(builder: &mut Builder, table: TableId) {
    let keys = builder.inputs.catalog.tables[table].foreign_keys.len();
    for key in 0..keys.min(builder.tables[table].picks.len()) {
        if builder.tables[table].picks[key].pick == (Pick::Free { distinct: Distinct::No }) {
            let found = (0..keys).filter(|by| *by != key).find_map(|by| builder.akin(table, key, by));
            builder.tables[table].picks[key].akin = found;
        }
    }
}

impl Builder {
    /// What of the rows that a key may name goes with the row that another key names.
    fn akin(&self, table: TableId, key: usize, by: usize) -> Option<Akin> {
        let target = |key: usize| self.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let (named, head) = (&self.tables[target(key)], target(by));
        let told = matches!(self.tables[table].picks[by].pick, Pick::Owner | Pick::Free { distinct: Distinct::No });
        if !told || target(key) == head || named.fill != Fill::Make {
            return None;
        }
        named.tuples.iter().enumerate().find_map(|(tuple, plan)| {
            let shown = |column: &ColumnPlan| matches!(column.source, Source::Tuple(own, _) if own == tuple);
            // What no column shows decides nothing.
            let is_shown =
                |of: usize| of != tuple && named.columns.iter().any(|column| matches!(column.source, Source::Tuple(own, _) if own == of));
            let own = |fact: &Fact| fact.hops.is_empty() && matches!(fact.target, FactTarget::Tuple(of, _) if !is_shown(of));
            let free = |source: &Symbol| named.facts.get(*source).is_none_or(own);
            let mut sources = plan.vocabulary.key_sources().filter_map(|sources| sources.first().copied()).filter(free);
            let (source, none) = (sources.next()?, sources.next());
            let column = self.meanings.ids_of(head).position(|id| id.is_some_and(|id| Symbol::new(id) == source))?;
            let fits = none.is_none() && named.columns.iter().any(shown);
            fits.then_some(Akin { by, column, tuple, cell: plan.vocabulary.column(source)? })
        })
    }

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
        let named: Vec<BTreeSet<String>> = self.named(target(category), name);
        let naming: BTreeSet<&String> = named.iter().flatten().collect();
        let sold: Vec<BTreeSet<String>> = stored(category)
            .rows
            .iter()
            .zip(&named)
            .map(|(row, named)| {
                let nouns = match &row[name] {
                    Value::Text(name) => goods(products, name),
                    _ => BTreeSet::new(),
                };
                let said = nouns.into_iter().chain(self.spoken(target(category), row));
                // Who makes laptops makes no bags for them: a word that names a category speaks of no other.
                said.filter(|word| !naming.contains(word)).chain(named.iter().cloned()).collect()
            })
            .collect();
        let brands = stored(brand);
        let said: Vec<BTreeSet<String>> = brands.rows.iter().map(|row| self.spoken(target(brand), row).collect()).collect();
        let mut affinity = affinities(&said, &sold);
        let read: Vec<bool> = self.paths(target(category), name).iter().map(|path| path.iter().any(|name| is_read(name))).collect();
        keep_publishers_apart(&mut affinity, &read);
        let rows = makers(&brands.weights, &affinity, &read);
        (!rows.is_empty()).then_some(Kin { by: category, rows })
    }

    /// By category, the words of its name and of the names of those it lies under.
    fn named(&self, table: TableId, name: usize) -> Vec<BTreeSet<String>> {
        self.paths(table, name).into_iter().map(|path| path.into_iter().flat_map(telling).collect()).collect()
    }

    /// By category, its name and the names of those it lies under.
    fn paths(&self, table: TableId, name: usize) -> Vec<Vec<&str>> {
        let rows = &self.inputs.states[table].stored.rows;
        let own = self.inputs.catalog.tables[table].foreign_keys.iter().find(|key| key.referenced_table == table);
        let above = |row: &[Value]| {
            let key = own?;
            let wanted = &row[*key.columns.first()?];
            let at = *key.referenced_columns.first()?;
            rows.iter().position(|row| !matches!(wanted, Value::Null) && row[at] == *wanted)
        };
        rows.iter()
            .map(|row| {
                let upwards = std::iter::successors(above(row), |&at| above(&rows[at])).take(MOST_LEVELS);
                std::iter::once(row).chain(upwards.map(|at| &rows[at])).filter_map(|row| text_of(&row[name])).collect()
            })
            .collect()
    }

    /// The words of all texts of a row but the name it bears.
    fn spoken<'r>(&self, table: TableId, row: &'r [Value]) -> impl Iterator<Item = String> + use<'r> {
        let names: Vec<bool> = self.meanings.ids_of(table).map(|found| found == Some("product.brand")).collect();
        let texts = row.iter().zip(names).filter_map(|(value, name)| match value {
            // An address of the web repeats the name.
            Value::Text(text) if !name && !text.contains("://") && !text.starts_with("www.") => Some(text),
            _ => None,
        });
        texts.flat_map(|text| telling(text))
    }
}

/// By category, the brands that make its goods, each with the sum of the weights up to it.
///
/// A brand makes what it tells of nearly as much as the one that tells most; a brand that tells of nothing makes a little of
/// everything.
fn makers(weights: &[f64], affinity: &[Vec<f64>], read: &[bool]) -> BTreeMap<RowIndex, Vec<(RowIndex, f64)>> {
    let general: Vec<bool> = (0..weights.len()).map(|brand| affinity.iter().all(|of| of[brand] == 0.0)).collect();
    let mut rows = BTreeMap::new();
    if general.iter().all(|&general| general) {
        return rows;
    }
    let weighty = || (0..weights.len()).filter(|&brand| weights[brand] > 0.0);
    let generals: f64 = weighty().filter(|&brand| general[brand]).map(|brand| weights[brand]).sum();
    for (index, of) in affinity.iter().enumerate() {
        let most = weighty().map(|brand| of[brand]).fold(0.0, f64::max);
        let special = |brand: usize| of[brand] > 0.0 && of[brand] >= NEARLY * most;
        let specials: f64 = weighty().filter(|&brand| special(brand)).map(|brand| weights[brand]).sum();
        let part = if specials == 0.0 { 1.0 } else { GENERAL / (1.0 - GENERAL) * specials / generals };
        let mut sum = 0.0;
        let mut fitting = Vec::new();
        // A shop has no books of its own.
        for brand in weighty().filter(|&brand| special(brand) || general[brand] && (!read[index] || specials == 0.0)) {
            sum += weights[brand] * if general[brand] { part } else { 1.0 };
            fitting.push((brand as RowIndex, sum));
        }
        if !fitting.is_empty() {
            rows.insert(index as RowIndex, fitting);
        }
    }
    rows
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Who makes mostly what is read makes nothing else, and who makes mostly other things makes nothing that is read.
fn keep_publishers_apart(affinity: &mut [Vec<f64>], read: &[bool]) {
    for brand in 0..affinity.first().map_or(0, Vec::len) {
        let told = |of_read: bool| affinity.iter().zip(read).filter(|(_, read)| **read == of_read).map(|(of, _)| of[brand]).sum::<f64>();
        let publishes = told(true) > told(false);
        affinity.iter_mut().zip(read).filter(|(_, read)| **read != publishes).for_each(|(of, _)| of[brand] = 0.0);
    }
}

/// Whether what lies in a category is read, not used: the list of products has lines for it, and says so of all of them.
fn is_read(category: &str) -> bool {
    let Some(products) = vocabulary("products") else { return false };
    let wanted = Symbol::new("product.category");
    let values = products.key_values(&|id| (id == wanted).then_some(std::borrow::Cow::Borrowed(category)));
    let fitting = products.fitting(&values);
    fitting.kept_keys() > 0 && fitting.nth(0).and_then(|line| line.cell("product.use")) == Some("read")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(lists: &[&[&str]]) -> Vec<BTreeSet<String>> {
        lists.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect()
    }

    #[test]
    fn a_brand_makes_what_it_tells_of_and_the_shops_own_a_little_of_everything() {
        let sold = words_of(&[&["laptop", "notebook"], &["bag", "wallet", "leather"], &["kite"]]);
        let said = words_of(&[&["laptop", "screen", "leather"], &["wallet", "leather"], &["anything"]]);
        let rows = makers(&[4.0, 2.0, 6.0], &affinities(&said, &sold), &[false; 3]);
        let brands = |category: RowIndex| rows[&category].iter().map(|(brand, _)| *brand).collect::<Vec<_>>();
        assert_eq!((brands(0), brands(1), brands(2)), (vec![0, 2], vec![1, 2], vec![2]));
        let last = |category: RowIndex| rows[&category].last().map_or(0.0, |(_, sum)| *sum);
        assert!((1.0 - rows[&0][0].1 / last(0) - GENERAL).abs() < 1e-9 && (1.0 - rows[&1][0].1 / last(1) - GENERAL).abs() < 1e-9);
    }
    #[test]
    fn who_makes_books_makes_nothing_else_and_the_shop_makes_none() {
        let sold = words_of(&[&["novel", "story"], &["coffee", "press"], &["puzzle", "game"]]);
        let said = words_of(&[&["novel", "story", "press"], &["coffee"], &["puzzle", "game", "story"], &["anything"]]);
        let (mut affinity, read) = (affinities(&said, &sold), [true, false, false]);
        keep_publishers_apart(&mut affinity, &read);
        let rows = makers(&[1.0; 4], &affinity, &read);
        let brands = |category: RowIndex| rows[&category].iter().map(|(brand, _)| *brand).collect::<Vec<_>>();
        assert_eq!((brands(0), brands(1), brands(2)), (vec![0], vec![1, 3], vec![2, 3]));
        assert!(is_read("Crime & Thrillers") && is_read("Books") && !is_read("Coffee") && !is_read("Anything"));
    }
}
