//! What columns are to formulas: operands, found by their names or by what columns mean, and by their types.
//!
//! The operands are data: `data/operands.csv` (operand, kind, names). A name `meaning:money.net_pay` stands for columns of that
//! meaning, `shift/start_time` for a column of tables of shifts only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::vocabulary::{NameFit, NameIndex};

/// Before the id of a meaning among an operand's names.
const MEANING: &str = "meaning:";

/// What an operand's column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Number,
    Whole,
    Day,
    Clock,
    Text,
    Flag,
    Any,
}

impl Kind {
    fn holds(self, kind: &TypeKind) -> bool {
        match self {
            Self::Number => matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. }),
            Self::Whole => matches!(kind, TypeKind::Integer { .. }),
            Self::Day => matches!(kind, TypeKind::Date | TypeKind::Timestamp { .. }),
            Self::Clock => matches!(kind, TypeKind::Time { zoned: false, .. }),
            Self::Text => matches!(kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Enum { .. }),
            Self::Flag => matches!(kind, TypeKind::Boolean),
            Self::Any => true,
        }
    }
}

#[derive(Debug, Deserialize)]
struct OperandLine {
    operand: String,
    kind: Kind,
    names: String,
}

/// The operands by their places in the file.
#[derive(Debug, Default)]
pub(super) struct Operands {
    all: Vec<String>,
    kinds: Vec<Kind>,
    names: NameIndex,
    meanings: Vec<(String, usize)>,
    /// By the last word of a table's name: names that say something only there.
    of_tables: BTreeMap<String, NameIndex>,
}

impl Operands {
    pub(super) fn read() -> Self {
        let mut read = Self::default();
        let mut reader = csv::Reader::from_reader(include_str!("data/operands.csv").as_bytes());
        for line in reader.deserialize::<OperandLine>() {
            let line = line.expect("the tests read every line of this file");
            let place = read.all.len();
            let (meant, named): (Vec<&str>, Vec<&str>) = line.names.split('|').partition(|name| name.starts_with(MEANING));
            let (of_tables, named): (Vec<&str>, Vec<&str>) = named.iter().partition(|name| name.contains('/'));
            read.names.add(&named.join("|"), place);
            for (table, name) in of_tables.iter().filter_map(|name| name.split_once('/')) {
                read.of_tables.entry(table.to_owned()).or_default().add(name, place);
            }
            read.meanings.extend(meant.iter().map(|name| (name[MEANING.len()..].to_owned(), place)));
            read.all.push(line.operand);
            read.kinds.push(line.kind);
        }
        read
    }

    /// An operand's place.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|operand| operand == name)
    }

    /// Which operands a column may be, with how well it was found.
    fn of_column(&self, table: &str, column: &str, meaning: Option<&str>) -> impl Iterator<Item = (usize, NameFit)> {
        let meant = self.meanings.iter().filter(move |(id, _)| meaning == Some(id)).map(|(_, place)| (*place, 0));
        let column = without_minor_unit(column);
        let of_table = stem(table).last().and_then(|last| self.of_tables.get(last)).map(|names| names.find(table, &column));
        self.names.find(table, &column).into_iter().chain(of_table.into_iter().flatten()).chain(meant)
    }
}

/// The name of an amount without the word that says that it is in minor units: `fee_cents` is a fee (`data/naming.csv`).
fn without_minor_unit(column: &str) -> Cow<'_, str> {
    let words = normalise(column);
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() && is_word_of(last, "minor unit") => Cow::Owned(rest.join("_")),
        _ => Cow::Borrowed(column),
    }
}

/// Which operands the columns of each table may be, by table and operand: columns, best first.
#[derive(Debug, Default)]
pub(super) struct Named(Vec<BTreeMap<usize, Vec<(NameFit, ColumnId)>>>);

impl Named {
    pub(super) fn find(operands: &Operands, catalog: &Catalog, meanings: &Meanings) -> Self {
        let of_table = |at: TableId| {
            let table = &catalog.tables[at];
            let mut found: BTreeMap<usize, Vec<(NameFit, ColumnId)>> = BTreeMap::new();
            for ((at, column), meaning) in table.columns.iter().enumerate().zip(meanings.ids_of(at)) {
                for (operand, fit) in operands.of_column(&table.name, &column.name, meaning) {
                    if operands.kinds[operand].holds(&column.data_type.kind) {
                        found.entry(operand).or_default().push((fit, at));
                    }
                }
            }
            for columns in found.values_mut() {
                columns.sort_unstable();
            }
            found
        };
        Self((0..catalog.tables.len()).map(of_table).collect())
    }

    pub(super) fn columns(&self, table: TableId, operand: usize) -> impl Iterator<Item = ColumnId> {
        self.0[table].get(&operand).into_iter().flatten().map(|(_, column)| *column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary::meaning;

    impl Operands {
        /// Their names in the file.
        pub(in crate::engine::plan) fn all(&self) -> impl Iterator<Item = (usize, &str)> {
            self.all.iter().map(String::as_str).enumerate()
        }
    }

    #[test]
    fn operands_are_told_once_and_speak_of_known_meanings() {
        let operands = Operands::read();
        for (place, name) in operands.all() {
            assert_eq!(operands.place(name), Some(place), "{name}");
        }
        assert!(operands.meanings.len() > 12);
        for (id, _) in &operands.meanings {
            assert!(meaning(id).is_some(), "{id}");
        }
    }
}
