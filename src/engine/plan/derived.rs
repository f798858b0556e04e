//! Columns that tell the length of a time, or where the row stands in a tree or in a series of versions.
//!
//! Which names and meanings say so is data (`data/derived.csv`, `data/spans.csv`).

use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::facts::{Known, names_a_thing};
use crate::engine::plan::{Pick, PickPlan, Source};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// What a column follows from.
#[derive(Debug, Clone, PartialEq)]
pub enum Derived {
    /// The time between two columns.
    Between {
        /// Begin.
        from: ColumnId,
        /// End.
        to: ColumnId,
        /// Microseconds of one unit.
        unit: i64,
    },
    /// The working days from one day to another, both counted.
    WorkingDays {
        /// First day.
        from: ColumnId,
        /// Last day.
        to: ColumnId,
    },
    /// How far below a root the row stands.
    Depth {
        /// The key to the row above.
        key: ForeignKeyId,
        /// The number of a root.
        first: i64,
    },
    /// The names from the root down to the row, as slugs.
    Path {
        /// The key to the row above.
        key: ForeignKeyId,
        /// The column of names.
        name: ColumnId,
    },
    /// The kind of place or thing that stands so far below a root.
    Level {
        /// The key to the row above.
        key: ForeignKeyId,
        /// The kinds, the highest first.
        labels: Vec<Value>,
    },
    /// A version number that rises with the row's time.
    Version,
    /// Whether somebody has it at present: a flat is occupied while a lease of it is active.
    InUse(InUse),
}

/// A state that rows below decide.
#[derive(Debug, Clone, PartialEq)]
pub struct InUse {
    /// The table of those rows, and their key to this one.
    pub by: (TableId, ForeignKeyId),
    /// Which of the states of their lives are in force.
    pub states: Vec<bool>,
    /// The label of what somebody has.
    pub taken: Value,
    /// The other labels with running sums of their weights.
    pub others: Vec<(Value, f64)>,
    /// Stream of their draws.
    pub key: StreamKey,
}

/// Where a column is looked at.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) known: &'a Known,
    pub(super) picks: &'a [PickPlan],
    pub(super) table: TableId,
    /// The least number the column may hold.
    pub(super) least: Option<f64>,
    /// The texts it may hold.
    pub(super) allowed: &'a [Value],
    /// Whether the rows have a time.
    pub(super) timed: bool,
}

impl Context<'_> {
    /// What makes a column that follows from others.
    pub(super) fn source(&self, column: ColumnId) -> Option<Source> {
        let kind = &self.catalog.tables[self.table].columns[column].data_type.kind;
        let found = match kind {
            TypeKind::Integer { .. } => self.depth(column).or_else(|| self.span(column)),
            TypeKind::Numeric { .. } | TypeKind::Float { .. } => self.span(column),
            TypeKind::Text | TypeKind::Varchar { .. } => self.level().or_else(|| self.path(column)).or_else(|| self.version(column)),
            TypeKind::Enum { .. } => self.level(),
            _ => None,
        };
        found.map(Source::Derived)
    }

    fn name(&self, column: ColumnId) -> Vec<String> {
        normalise(&self.catalog.tables[self.table].columns[column].name)
    }

    fn meaning(&self, column: ColumnId) -> Option<&'static str> {
        self.known.meanings[self.table][column]
    }

    /// The key by which the table's rows are a tree.
    fn tree(&self) -> Option<ForeignKeyId> {
        self.picks.iter().position(|pick| matches!(pick.pick, Pick::Tree))
    }

    fn is_named(&self, column: ColumnId, part: &str) -> bool {
        let name = self.name(column);
        let own = normalise(&self.catalog.tables[self.table].name);
        let last = own.last().map(|word| singular(word));
        // The level of a location, the page's path.
        let bare = name
            .strip_prefix(own.as_slice())
            .or_else(|| name.split_first().filter(|(first, _)| Some(*first) == last.as_ref()).map(|(_, rest)| rest));
        let spelled = |words: &[String]| words_of(part).any(|known| known == words.join("_"));
        spelled(&name) || bare.is_some_and(|bare| !bare.is_empty() && spelled(bare))
    }

    fn depth(&self, column: ColumnId) -> Option<Derived> {
        let key = self.tree().filter(|_| self.is_named(column, "depth"))?;
        let first = self.least.filter(|least| *least >= 1.0).map_or(0, |least| least as i64);
        Some(Derived::Depth { key, first })
    }

    /// Kinds that stand below each other (site, building, floor, room), in a tree.
    fn level(&self) -> Option<Derived> {
        let key = self.tree()?;
        let is_level = |label: &&Value| match label {
            Value::Text(text) => words_of("level").any(|known| *known == text.to_lowercase()),
            _ => false,
        };
        let all = self.allowed.len() > 1 && self.allowed.iter().filter(is_level).count() == self.allowed.len();
        all.then(|| Derived::Level { key, labels: self.allowed.to_vec() })
    }

    /// The number of a release, in a table of them.
    fn version(&self, column: ColumnId) -> Option<Derived> {
        let table = normalise(&self.catalog.tables[self.table].name);
        let released = table.iter().any(|word| words_of("release").any(|known| known == singular(word)));
        (self.timed && released && self.meaning(column) == Some("code.version")).then_some(Derived::Version)
    }

    fn path(&self, column: ColumnId) -> Option<Derived> {
        let key = self.tree().filter(|_| self.is_named(column, "path"))?;
        let columns = 0..self.catalog.tables[self.table].columns.len();
        let slug = columns.clone().find(|&column| self.meaning(column).is_some_and(|id| id.ends_with("slug")));
        let name = slug.or_else(|| columns.clone().find(|&column| self.meaning(column).is_some_and(names_a_thing)));
        let name = name.or_else(|| columns.clone().find(|&column| self.name(column).last().is_some_and(|word| word == "name")))?;
        Some(Derived::Path { key, name })
    }

    /// A length of time whose begin and end the row has.
    fn span(&self, column: ColumnId) -> Option<Derived> {
        let id = self.meaning(column)?;
        let unit = spans().iter().find(|(meaning, _)| meaning == id)?.1;
        let in_days = unit == MICROS_PER_DAY;
        // Days until something, days of a trial: only bare ones, and those of the whole, are the row's own.
        if in_days && self.name(column).len() > 1 && !self.name(column).iter().any(|word| words_of("whole").any(|known| known == word)) {
            return None;
        }
        // Hours of labour are charged, however long it took until the work was done.
        if self.name(column).iter().any(|word| words_of("charged").any(|known| known == word)) {
            return None;
        }
        let with = |part: &str| {
            words_of(part).find_map(|id| {
                let mut columns = (0..self.known.meanings[self.table].len()).filter(|&column| self.meaning(column) == Some(id));
                columns.next()
            })
        };
        let (from, to) = (with("start")?, with("end")?);
        let dates = [from, to].iter().all(|&end| self.catalog.tables[self.table].columns[end].data_type.kind == TypeKind::Date);
        // Who is on leave counts the days on which others work.
        let table = normalise(&self.catalog.tables[self.table].name);
        let at_work = table.iter().any(|word| words_of("leave").any(|known| known == singular(word)));
        Some(if in_days && dates && at_work { Derived::WorkingDays { from, to } } else { Derived::Between { from, to, unit } })
    }
}

/// A template for a time of day: the morning where a day's work begins, the evening where it ends.
pub(super) fn time_of_day(name: &str) -> &'static str {
    let named = |part: &str| normalise(name).iter().any(|word| words_of(part).any(|known| known == word));
    if named("opens") {
        "0{int:7-9}:{choice:00/00/15/30/45}:00"
    } else if named("closes") {
        "{int:16-18}:{choice:00/00/15/30/45}:00"
    } else {
        "{int:10-19}:{int:10-59}:00"
    }
}

/// The words of a kind.
fn words_of(kind: &str) -> impl Iterator<Item = &'static str> {
    static WORDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let lines = WORDS.get_or_init(|| read(include_str!("data/derived.csv")));
    lines.iter().find(|(own, _)| own == kind).into_iter().flat_map(|(_, words)| words.split('|'))
}

/// Meanings of lengths of time, with the microseconds of their units.
fn spans() -> &'static [(String, i64)] {
    static SPANS: OnceLock<Vec<(String, i64)>> = OnceLock::new();
    SPANS.get_or_init(|| read(include_str!("data/spans.csv")))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|line| line.expect("the tests read every line of these files")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary::meaning;

    #[test]
    fn lengths_of_time_speak_of_known_meanings() {
        let spans = spans().iter().map(|(id, _)| id.as_str());
        for id in words_of("start").chain(words_of("end")).chain(spans) {
            assert!(meaning(id).is_some(), "{id}");
        }
    }
}
