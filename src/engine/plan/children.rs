//! Columns that count the rows below a row, or sum one of their columns: a number of parcels, a total weight.
//!
//! Found by their names: what is left of them without the words that count (`data/count_words.csv`) is what the child
//! table, or the column summed, is called.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, Column, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::lines;
use crate::engine::plan::role::Role;
use crate::engine::plan::{ColumnPlan, Source};
use crate::engine::value::Value;

/// What a word of a column's name says about the rows below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Use {
    /// How many.
    Count,
    /// The sum.
    Sum,
    /// The mean.
    Mean,
    /// Nothing (`of`).
    Filler,
    /// Another name of what is counted.
    Noun,
    /// What a column that is summed may be called behind its own name: its gross pay.
    Measure,
}

#[derive(Debug, Deserialize)]
struct Line {
    word: String,
    r#use: Use,
    /// What the rows may be called.
    nouns: String,
}

fn lines() -> &'static HashMap<String, Line> {
    static LINES: OnceLock<HashMap<String, Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/count_words.csv").as_bytes());
        let lines = reader.deserialize::<Line>().map(|line| line.expect("the tests read every line of this file"));
        lines.map(|line| (line.word.clone(), line)).collect()
    })
}

/// Lets columns of a table count and sum what hangs under its rows.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let catalog = &builder.inputs.catalog;
    for (column, planned) in columns.iter_mut().enumerate() {
        if !planned.is_open() {
            continue;
        }
        let found = children(builder, table).find_map(|child| below(catalog, table, column, child));
        if let Some(source) = found {
            planned.detail = "of the rows below it".into();
            planned.null_fraction = 0.0;
            planned.source = source;
        }
    }
    count_uses(builder, table, columns);
    count_pieces(builder, table, columns);
    tell_of_named(builder, table, columns);
    count_what_is_left(builder, table, columns);
}

/// The operands of what is held and what of it is there, and of when something was lent and given back.
const WHAT_IS_LENT: [&str; 4] = ["on_hand", "available", "lent_day", "returned_day"];

/// Lets a column count what of the row's things is there: all but those that were lent and not given back.
fn count_what_is_left(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let catalog = &builder.inputs.catalog;
    let [held, there, lent, back] = WHAT_IS_LENT.map(|name| formulary().operands.place(name));
    let (Some(held), Some(there), Some(lent), Some(back)) = (held, there, lent, back) else { return };
    let whole = |column: &ColumnId| matches!(columns[*column].kind, TypeKind::Integer { .. });
    let Some(column) = builder.named.columns(table, there).find(|column| whole(column) && columns[*column].is_open()) else { return };
    let Some(of) = builder.named.columns(table, held).find(|of| whole(of) && *of != column) else { return };
    let lends = |other: TableId| {
        let key = only_key(builder, table, other)?;
        let given_back = builder.named.columns(other, back).find(|&back| !catalog.tables[other].columns[back].not_null)?;
        let counts_itself = matches!(columns[of].source, Source::NamedCount { .. } | Source::ChildCount(_));
        builder.named.columns(other, lent).next().filter(|_| !counts_itself).map(|_| (other, key, given_back))
    };
    let mut lending = (0..catalog.tables.len()).filter_map(lends);
    if let (Some((other, key, empty)), None) = (lending.next(), lending.next()) {
        columns[column].source = Source::NamedLeft { of, table: other, key, empty };
        columns[column].null_fraction = 0.0;
        columns[column].detail = format!("what {} leaves of it", catalog.tables[other].qualified);
    }
}

/// Lets columns count the rows of other tables that name the row, and tell the mean of one of their columns: how many reviews a
/// thing has, and how they rate it.
fn tell_of_named(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let catalog = &builder.inputs.catalog;
    let naming: Vec<(TableId, ForeignKeyId)> =
        (0..catalog.tables.len()).filter_map(|other| Some((other, only_key(builder, table, other)?))).collect();
    for (column, planned) in columns.iter_mut().enumerate().filter(|(_, planned)| planned.is_open()) {
        let definition = &catalog.tables[table].columns[column];
        let words = words_of(&definition.name);
        let nouns = nouns(&words);
        let says = |wanted: Use| words.iter().any(|word| used(word) == Some(wanted));
        if nouns.is_empty() || nouns.len() == words.len() {
            continue;
        }
        let whole = matches!(definition.data_type.kind, TypeKind::Integer { .. });
        let counted = naming.iter().find(|(other, _)| {
            let owned = builder.owners[*other].is_some_and(|owner| catalog.tables[*other].foreign_keys[owner].referenced_table == table);
            whole && !owned && says(Use::Count) && names_rows(&nouns, &catalog.tables[*other].name)
        });
        let rated = naming.iter().find_map(|&(other, key)| Some((other, key, mean_of(catalog, definition, other, &nouns)?)));
        let source = match (counted, rated.filter(|_| says(Use::Mean))) {
            (Some(&(other, key)), _) => Source::NamedCount { table: other, key },
            (None, Some((other, key, of))) => Source::NamedMean { table: other, key, column: of },
            (None, None) => continue,
        };
        if matches!(source, Source::NamedMean { .. }) {
            let nothing = Value::parse(&definition.data_type.kind, "0");
            planned.fallback = (definition.not_null && planned.domain.permits(&nothing)).then(|| Box::new(Source::Constant(nothing)));
            if definition.not_null && planned.fallback.is_none() {
                continue;
            }
        }
        planned.detail = "of the rows that name it".into();
        planned.null_fraction = 0.0;
        planned.source = source;
    }
}

/// The only key by which rows of another table that are made name this one's.
fn only_key(builder: &Builder, table: TableId, other: TableId) -> Option<ForeignKeyId> {
    let definition = &builder.inputs.catalog.tables[other];
    let made = other != table && builder.known.made[other] && definition.triggers.is_empty();
    let mut keys = (0..definition.foreign_keys.len()).filter(|&key| definition.foreign_keys[key].referenced_table == table);
    keys.next().filter(|key| made && keys.next().is_none() && !builder.order.broken.contains(&(other, *key)))
}

/// The column of a table of which another column tells the mean, by what is left of that one's name.
fn mean_of(catalog: &Catalog, mean: &Column, other: TableId, nouns: &[&String]) -> Option<ColumnId> {
    let number = |kind: &TypeKind| matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. });
    let named = |column: &Column| normalise(&column.name).iter().map(|word| singular(word)).eq(nouns.iter().map(|noun| (*noun).clone()));
    let fits = |column: &Column| number(&column.data_type.kind) && number(&mean.data_type.kind) && named(column);
    catalog.tables[other].columns.iter().position(fits)
}

/// Lets a line say how many pieces hang under it.
fn count_pieces(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let (catalog, meanings) = (&builder.inputs.catalog, &builder.meanings);
    let Some(quantity) = meanings.with_role(table, Role::Quantity).filter(|&quantity| columns[quantity].is_open()) else { return };
    let pieces = |child: &TableId| builder.owners[*child].is_some_and(|key| lines::are_pieces(catalog, meanings, *child, key));
    let mut found = children(builder, table).filter(pieces);
    if let (Some(child), None) = (found.next(), found.next())
        && matches!(columns[quantity].kind, TypeKind::Integer { .. })
    {
        columns[quantity].source = Source::ChildCount(child);
        columns[quantity].null_fraction = 0.0;
        columns[quantity].detail = "of the pieces below it".into();
    }
}

/// The operand of a column that counts how often the row was used.
const USES: &str = "uses";

/// Lets a column count the deeds that name the row: the orders in which a promotion was used.
fn count_uses(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let catalog = &builder.inputs.catalog;
    let uses = formulary().operands.place(USES).into_iter().flat_map(|place| builder.named.columns(table, place));
    let Some(column) = uses.into_iter().find(|&column| columns[column].is_open()) else { return };
    let has_total = |table: TableId| builder.meanings.with_role(table, Role::Total).is_some();
    let names_it = |other: TableId| {
        let definition = &catalog.tables[other];
        if other == table || !builder.known.made[other] || !definition.triggers.is_empty() {
            return None;
        }
        let above = builder.owners[other].map(|owner| definition.foreign_keys[owner].referenced_table);
        let deed = has_total(other) || above.is_some_and(|above| above != table && has_total(above));
        let key = definition.foreign_keys.iter().position(|key| key.referenced_table == table)?;
        deed.then_some((other, key))
    };
    let mut found = (0..catalog.tables.len()).filter_map(names_it);
    if let (Some((other, key)), None) = (found.next(), found.next()) {
        let planned = &mut columns[column];
        planned.source = Source::NamedCount { table: other, key };
        planned.null_fraction = 0.0;
        planned.detail = format!("of {} that name it", catalog.tables[other].qualified);
    }
}

impl Builder {
    /// Its parents count their rows of this table, and may not count none.
    pub(super) fn must_be_counted(&self, table: TableId, owner: TableId) -> bool {
        let of_it = |source: &Source| match source {
            Source::ChildCount(child) | Source::ChildTotal { table: child, .. } => *child == table,
            _ => false,
        };
        let pieces = self.owners[table].is_some_and(|key| lines::are_pieces(&self.inputs.catalog, &self.meanings, table, key));
        let quantity = self.meanings.with_role(owner, Role::Quantity).filter(|_| pieces);
        let more_than_none =
            |at: usize, column: &ColumnPlan| Some(at) == quantity || column.domain.number_bounds(&column.kind).0 > Some(0.0);
        self.tables[owner].columns.iter().enumerate().any(|(at, column)| of_it(&column.source) && more_than_none(at, column))
    }
}

/// Tables whose rows are made and hang under this one's by a foreign key.
pub(super) fn children(builder: &Builder, table: TableId) -> impl Iterator<Item = TableId> + '_ {
    let catalog = &builder.inputs.catalog;
    let hangs_here = move |&child: &TableId| {
        let owner = builder.owners[child].filter(|_| child != table && builder.known.made[child] && !builder.reowned.contains_key(&child));
        owner.is_some_and(|owner| catalog.tables[child].foreign_keys[owner].referenced_table == table)
    };
    (0..catalog.tables.len()).filter(hangs_here)
}

fn below(catalog: &Catalog, table: TableId, column: ColumnId, child: TableId) -> Option<Source> {
    // A trigger below may keep the count itself, or refuse rows.
    if !catalog.tables[child].triggers.is_empty() {
        return None;
    }
    let definition = &catalog.tables[table].columns[column];
    let words = words_of(&definition.name);
    let nouns = nouns(&words);
    if nouns.is_empty() || nouns.len() == words.len() {
        return None;
    }
    let whole = matches!(definition.data_type.kind, TypeKind::Integer { .. });
    if whole
        && words.iter().any(|word| matches!(used(word), Some(Use::Count | Use::Sum)))
        && names_rows(&nouns, &catalog.tables[child].name)
    {
        return Some(Source::ChildCount(child));
    }
    let sums = words.iter().any(|word| used(word) == Some(Use::Sum));
    let number = |kind: &TypeKind| matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. });
    let summed = |measured: bool| {
        catalog.tables[child].columns.iter().position(|below| {
            let mut own: Vec<String> = words_of(&below.name);
            while measured && own.len() > nouns.len() && own.last().is_some_and(|last| used(last) == Some(Use::Measure)) {
                own.pop();
            }
            sums && own.iter().eq(nouns.iter().copied()) && number(&below.data_type.kind) && number(&definition.data_type.kind)
        })
    };
    let summed = summed(false).or_else(|| summed(true));
    summed.map(|summed| Source::ChildSum { table: child, column: summed, less: None })
}

fn words_of(name: &str) -> Vec<String> {
    normalise(name).iter().map(|word| singular(word)).collect()
}

fn used(word: &str) -> Option<Use> {
    lines().get(word).map(|line| line.r#use)
}

/// What is left of a name without the words that count.
fn nouns(words: &[String]) -> Vec<&String> {
    words.iter().filter(|word| !matches!(used(word), Some(Use::Count | Use::Sum | Use::Mean | Use::Filler))).collect()
}

/// Whether words name a table's rows: all its words, or its last ones.
fn names_rows(nouns: &[&String], table_name: &str) -> bool {
    let table: Vec<String> = normalise(table_name).iter().map(|word| singular(word)).collect();
    let is_called = |noun: &str| table.last().is_some_and(|last| last == noun);
    let otherwise = |noun: &String| lines().get(noun).is_some_and(|line| line.r#use == Use::Noun && line.nouns.split('|').any(is_called));
    let ends = table.len() >= nouns.len() && table[table.len() - nouns.len()..].iter().eq(nouns.iter().copied());
    ends || matches!(nouns, [noun] if otherwise(noun))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::catalog;

    #[test]
    fn names_tell_what_is_counted_and_what_is_summed() {
        let catalog = catalog(
            "create table crate (id bigint primary key, box_count int, number_of_boxes int, total_mass numeric, mass numeric, pages int,
                 nb_crate_boxes int, total_boxes int, lid_box_count int);
             create table crate_box (id bigint primary key, crate_id bigint not null references crate, mass numeric, box_count int);",
        );
        let found = |column: usize| below(&catalog, 0, column, 1).map(|source| format!("{source:?}"));
        assert_eq!(found(1).as_deref(), Some("ChildCount(1)"));
        assert_eq!(found(2).as_deref(), Some("ChildCount(1)"));
        assert_eq!(found(3).as_deref(), Some("ChildSum { table: 1, column: 2, less: None }"));
        assert_eq!(found(4), None);
        assert_eq!(found(5), None);
        assert_eq!(found(6).as_deref(), Some("ChildCount(1)"));
        assert_eq!(found(7).as_deref(), Some("ChildCount(1)"));
        assert_eq!(found(8), None);
    }
}
