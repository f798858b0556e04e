//! What texts and lists of a table are told: the facts that they ask for, and those that are the same in all its rows.

use std::collections::BTreeSet;

use crate::engine::catalog::names::stem;
use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::build::{Builder, MOST_LISTED, last_year};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::{ColumnPlan, Lifecycle, PickPlan, about, facts, generators, lookups, pack};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{KeyValues, Symbol, Vocabulary};

impl Builder {
    /// Every fact that texts and lists of the table ask for, with the lists' own keys.
    pub(super) fn facts_of(&mut self, table: TableId, picks: &[PickPlan], columns: &[ColumnPlan]) -> super::Facts {
        let mut wanted: Vec<Symbol> = Vec::new();
        let mut lists: Vec<&'static Vocabulary> = Vec::new();
        for template in columns.iter().flat_map(|column| generators::templates(&column.source)) {
            wanted.extend(facts::facts_of(template));
            lists.extend(facts::lists_of(template).filter_map(|name| self.known.words.get(name.as_str())));
        }
        let mut found = super::Facts::default();
        let mut seen: BTreeSet<Symbol> = BTreeSet::new();
        let mut seen_lists: BTreeSet<Symbol> = BTreeSet::new();
        let mut refining: Vec<Symbol> = Vec::new();
        loop {
            lists.extend(self.known.tuples[table].iter().copied());
            let new: Vec<_> = lists.drain(..).filter(|list| seen_lists.insert(list.symbol())).collect();
            for list in new {
                // The first key makes a row that has no such fact draw one (a person a country); the others refine.
                wanted.extend(list.key_sources().next().into_iter().flatten());
                refining.extend(list.key_sources().skip(1).flatten());
                for template in facts::templates_in(list) {
                    wanted.extend(facts::facts_of(template));
                    lists.extend(facts::lists_of(template).filter_map(|name| self.known.words.get(name.as_str())));
                }
            }
            let Some(id) = wanted.pop() else {
                if lists.is_empty() {
                    break;
                }
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            if let Some(fact) = self.known.resolve(&self.inputs.catalog, table, picks, id) {
                found.insert(id, fact);
            }
        }
        for id in refining.into_iter().filter(|id| seen.insert(*id)) {
            if let Some(fact) = self.known.find(&self.inputs.catalog, table, picks, id) {
                found.insert(id, fact);
            }
        }
        found
    }
}

/// The firm whose database this might be.
fn company(inputs: &Inputs) -> Option<&'static str> {
    let list = inputs.lists.get("companies")?;
    let draw = StreamKey::new(inputs.arguments.seed, &inputs.catalog.schemas.join(","), "\u{1}company").bits(0);
    let line = list.fitting(&KeyValues::default()).draw(draw)?;
    line.cell("company.stem")
}

/// The facts that are the same in all rows of a table.
pub(super) fn constants(
    inputs: &Inputs,
    meanings: &Meanings,
    table: TableId,
    owner: Option<ForeignKeyId>,
    ballot: &pack::Ballot,
    sells: bool,
) -> Vec<(Symbol, Value)> {
    let noun = stem(&inputs.catalog.tables[table].name).join(" ");
    let year = last_year(inputs.as_of);
    let text = |name: &str, value: String| (Symbol::new(name), Value::text(value));
    let entities = entities(inputs, table);
    vec![
        text("schema.entities", entities),
        text("schema.pack", ballot.pack.unwrap_or("other").to_owned()),
        text("schema.noun", noun),
        text("schema.about", about::about(&inputs.catalog, meanings, table, owner).to_owned()),
        text("schema.list", lookups::list_of(&inputs.catalog.tables[table], ballot.pack)),
        text("schema.year", year.to_string()),
        text("schema.last_year", (year - 1).to_string()),
        text("schema.company", company(inputs).unwrap_or("Hartmann").to_owned()),
        text("schema.cities", if names_cities(meanings, inputs.catalog.tables.len()) { "yes" } else { "no" }.to_owned()),
        text("schema.variants", if has_variants(inputs, meanings, table) { "yes" } else { "no" }.to_owned()),
        text("schema.trade", if sells { "goods" } else { "services" }.to_owned()),
    ]
}

/// Whether a thing's variants are rows of their own: then it is of no colour or size itself.
fn has_variants(inputs: &Inputs, meanings: &Meanings, table: TableId) -> bool {
    let tables = &inputs.catalog.tables;
    let hang_here = |other: &TableId| *other != table && tables[*other].foreign_keys.iter().any(|key| key.referenced_table == table);
    (0..tables.len()).filter(hang_here).any(|other| meanings.ids_of(other).flatten().any(|id| id == "product.variant_name"))
}

/// Whether any table names cities: then countries are those whose cities are known.
fn names_cities(meanings: &Meanings, tables: usize) -> bool {
    (0..tables).any(|table| meanings.ids_of(table).flatten().any(|id| id == "place.city"))
}

/// Most tables that a column of kinds of things speaks of.
const MOST_ENTITIES: usize = 12;

/// What a row of another table is called, of the schema's chief tables: those with a key of their own that others name.
fn entities(inputs: &Inputs, table: TableId) -> String {
    let tables = &inputs.catalog.tables;
    let named = |target: TableId| {
        let names = |key: &crate::engine::catalog::ForeignKey| key.referenced_table == target;
        tables.iter().enumerate().filter(|(other, definition)| *other != target && definition.foreign_keys.iter().any(names)).count()
    };
    let chief = |target: &TableId| {
        *target != table && tables[*target].in_target && tables[*target].primary_key.as_ref().is_some_and(|key| key.columns.len() == 1)
    };
    let mut found: Vec<TableId> = (0..tables.len()).filter(chief).collect();
    found.sort_by_key(|&target| (std::cmp::Reverse(named(target)), target));
    let words: Vec<String> = found.into_iter().take(MOST_ENTITIES).map(|target| stem(&tables[target].name).join("_")).collect();
    if words.is_empty() { stem(&tables[table].name).join("_") } else { words.join("|") }
}

/// By table: its rows, or those that they hang under, have a life.
pub(super) fn living(inputs: &Inputs, owners: &[Option<ForeignKeyId>], lifecycles: &[Option<Lifecycle>]) -> Vec<bool> {
    let above = |table: TableId| owners[table].map(|key| inputs.catalog.tables[table].foreign_keys[key].referenced_table);
    let lives = |table: TableId| lifecycles[table].is_some();
    (0..lifecycles.len()).map(|table| lives(table) || above(table).is_some_and(lives)).collect()
}

/// Stored tables small enough to be a list of choices.
pub(super) fn lists(inputs: &Inputs) -> Vec<TableId> {
    (0..inputs.states.len()).filter(|&table| (1..=MOST_LISTED).contains(&inputs.states[table].stored.rows.len())).collect()
}
