//! What a prompt tells of a row: its own cells that the engine made, and the telling columns of the rows it refers to.
//!
//! Only meanings that `data/columns.csv` marks are told, so a new column of another meaning changes no prompt.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::model::Share;
use crate::engine::model::content;
use crate::engine::model::content::{known, told_meanings};
use crate::engine::plan::{Fact, FactTarget, Plan, RowIndex, Source};
use crate::engine::rows::Rows;
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::Symbol;

/// Facts by name.
pub(super) type Facts = BTreeMap<String, Json>;

/// How far up the rows above a row are told: its parents, and of their parents the names.
const MOST_HOPS: u32 = 2;

/// Days from which on a time is told in years.
const IN_YEARS: i64 = 800;

/// What a plan's prompts may tell: how much is shared, and by table what was drawn of a row though no column holds it.
#[derive(Debug)]
pub(super) struct Telling {
    share: Share,
    hidden: Vec<Vec<Hidden>>,
}

/// Something drawn of a row that no column holds.
#[derive(Debug)]
struct Hidden {
    name: &'static str,
    meaning: &'static str,
    fact: Fact,
}

impl Telling {
    /// What may be told of a plan's rows.
    pub(super) fn new(plan: &Plan, share: Share) -> Self {
        Self { share, hidden: (0..plan.tables.len()).map(|table| hidden(plan, table, share)).collect() }
    }
}

fn hidden(plan: &Plan, table: TableId, share: Share) -> Vec<Hidden> {
    let written = written_tuples(plan, table);
    // A product's text may name a person, of whose sex the product has nothing.
    let families: Vec<&str> = plan.meanings[table].iter().flatten().map(|meaning| family(meaning)).collect();
    let told = told_meanings().filter_map(|(meaning, _)| {
        let fact = plan.tables[table].facts.get(Symbol::new(meaning))?;
        let is_told = match &fact.target {
            FactTarget::Tuple(tuple, _) => !written.contains(tuple),
            FactTarget::Home(..) => share >= Share::Reference,
            FactTarget::Column(_) | FactTarget::Constant(_) | FactTarget::Phase => false,
        };
        let name = meaning.rsplit('.').next().unwrap_or(meaning);
        let own = fact.hops.is_empty() && !plan.meanings[table].contains(&Some(meaning));
        (is_told && own && families.contains(&family(meaning))).then(|| Hidden { name, meaning, fact: fact.clone() })
    });
    told.collect()
}

/// What a meaning is about: person, product, clinic, ..
fn family(meaning: &str) -> &str {
    meaning.split('.').next().unwrap_or(meaning)
}

/// The joint tuples of whose values a model writes one: what was drawn with it belongs to another value than the one
/// that is written (the sex of a name that nobody bears).
pub(super) fn written_tuples(plan: &Plan, table: TableId) -> Vec<usize> {
    let columns: Vec<ColumnId> = content(plan, table).into_iter().map(|content| content.column).collect();
    let meanings: Vec<Symbol> = columns.iter().filter_map(|&column| plan.meanings[table][column]).map(Symbol::new).collect();
    let drawn = |tuple: usize| {
        let is_its_own = |column: &ColumnId| matches!(plan.tables[table].columns[*column].source, Source::Tuple(of, _) if of == tuple);
        columns.iter().any(is_its_own)
    };
    let tuples = plan.tables[table].tuples.iter().enumerate();
    let written =
        tuples.filter(|(tuple, planned)| drawn(*tuple) || planned.vocabulary.value_columns().any(|value| meanings.contains(&value)));
    written.map(|(tuple, _)| tuple).collect()
}

/// What is told of a row; `asked` are the columns the model is asked for, `kept` those of its own that stand already.
pub(super) fn of_row(
    rows: &mut Rows,
    telling: &Telling,
    (table, index): (TableId, RowIndex),
    asked: &[ColumnId],
    kept: &[ColumnId],
) -> Facts {
    let mut facts = own(rows, telling, (table, index), asked, false);
    for &column in kept {
        let value = rows.cell(table, index, column);
        add(rows, &mut facts, table, column, &value);
    }
    facts.extend(parents(rows, telling, (table, index), MOST_HOPS));
    facts
}

/// The made rows whose written cells are told of a row.
pub(super) fn sources(rows: &mut Rows, table: TableId, index: RowIndex) -> Vec<(TableId, RowIndex)> {
    let mut found = Vec::new();
    let mut at = vec![(table, index)];
    for _ in 0..MOST_HOPS {
        let above: Vec<_> = at.iter().flat_map(|&(table, index)| referenced(rows, table, index)).map(|(_, row)| row).collect();
        at = above.into_iter().filter(|&(table, index)| rows.is_made(table, index)).collect();
        found.extend(&at);
    }
    found
}

/// The rows that a row refers to, by the key's label; rows of its own table left out: they may be written with it.
fn referenced(rows: &mut Rows, table: TableId, index: RowIndex) -> Vec<(String, (TableId, RowIndex))> {
    let plan = rows.plan;
    let definition = &plan.catalog.tables[table];
    let mut found = Vec::new();
    for (key, foreign_key) in definition.foreign_keys.iter().enumerate() {
        if foreign_key.referenced_table == table {
            continue;
        }
        if let Some(row) = rows.reference(table, index, key) {
            let name = foreign_key.columns.first().map_or("", |&column| definition.columns[column].name.as_str());
            found.push((label(name).to_owned(), (foreign_key.referenced_table, row)));
        }
    }
    found
}

/// A key column's name without the ending that only says that it is one.
fn label(name: &str) -> &str {
    let cut = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id")).unwrap_or(name);
    if cut.is_empty() { name } else { cut }
}

fn parents(rows: &mut Rows, telling: &Telling, (table, index): (TableId, RowIndex), hops: u32) -> Facts {
    let mut facts = Facts::new();
    for (label, (parent, row)) in referenced(rows, table, index) {
        if !may_tell(rows, parent, row, telling.share) {
            continue;
        }
        let mut told = own(rows, telling, (parent, row), &[], hops < MOST_HOPS);
        if hops > 1 && rows.is_made(parent, row) {
            told.extend(parents(rows, telling, (parent, row), hops - 1));
        }
        if !told.is_empty() {
            facts.insert(label, Json::Object(told.into_iter().collect()));
        }
    }
    facts
}

/// Whether a row's values may be told: made ones always, reference rows and older ones only as far as is shared.
fn may_tell(rows: &Rows, table: TableId, index: RowIndex, share: Share) -> bool {
    if rows.is_made(table, index) {
        return true;
    }
    let stored = &rows.plan.tables[table].stored;
    let first_inserted = (stored.rows.len() - stored.inserted) as u64;
    let reference = index >= first_inserted || stored.reference as u64 == first_inserted;
    share >= if reference { Share::Reference } else { Share::Rows }
}

/// Telling cells of a row itself; of rows farther away only the names.
fn own(rows: &mut Rows, telling: &Telling, (table, index): (TableId, RowIndex), without: &[ColumnId], names_only: bool) -> Facts {
    let plan = rows.plan;
    let mut facts = Facts::new();
    let told = |meaning: &str| known(meaning).is_some_and(|known| known.tell == "name" || (known.tell == "fact" && !names_only));
    for (column, meaning) in plan.meanings[table].iter().enumerate() {
        let copied = plan.tables[table].columns.get(column).is_some_and(|planned| is_copied(&planned.source));
        if without.contains(&column) || copied || !meaning.is_some_and(told) {
            continue;
        }
        let value = rows.cell(table, index, column);
        add(rows, &mut facts, table, column, &value);
    }
    if !rows.is_made(table, index) {
        return facts;
    }
    for hidden in telling.hidden[table].iter().filter(|hidden| told(hidden.meaning)) {
        let value = rows.fact(table, index, &hidden.fact);
        if let Value::Text(text) = &value
            && !text.contains(['{', '|'])
        {
            facts.insert(hidden.name.to_owned(), Json::from(&**text));
        }
    }
    facts
}

/// Cells that repeat another row's, which may be one that must not be told.
fn is_copied(source: &Source) -> bool {
    matches!(source, Source::Copied(_) | Source::Mostly { .. } | Source::Pattern(_))
}

fn add(rows: &Rows, facts: &mut Facts, table: TableId, column: ColumnId, value: &Value) {
    let told = match value {
        Value::Null => return,
        Value::Int(number) => Json::from(*number),
        Value::Bool(on) => Json::from(*on),
        Value::Date(days) => Json::from(relative(i64::from(*days) - rows.plan.as_of.div_euclid(MICROS_PER_DAY))),
        Value::Stamp(micros) => Json::from(relative((*micros - rows.plan.as_of).div_euclid(MICROS_PER_DAY))),
        other => Json::from(other.to_string()),
    };
    facts.insert(rows.plan.catalog.tables[table].columns[column].name.clone(), told);
}

/// A time as seen from the end of the data: another end asks nothing anew.
fn relative(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        days if days <= -IN_YEARS => format!("{} years ago", -days * 100 / 36_525),
        days if days < 0 => format!("{} days ago", -days),
        days => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_the_end_of_the_data() {
        assert_eq!(
            (relative(0), relative(-3), relative(12), relative(-14_610)),
            ("today".into(), "3 days ago".into(), "in 12 days".into(), "40 years ago".into())
        );
    }

    #[test]
    fn keys_lose_their_ending() {
        assert_eq!((label("author_id"), label("shelf"), label("_id")), ("author", "shelf", "_id"));
    }
}
