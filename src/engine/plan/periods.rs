//! Rows that stand for the periods of a calendar: a payroll run a month, a term after the other, what was used each month.
//!
//! Which words of tables and columns say so is data (`data/periods.csv`: word, unit, whether it is a table's or a column's;
//! `none`: a column of that name tells of no calendar).

use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, Key, Table, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::unique::Draft;
use crate::engine::plan::volumes::Volume;
use crate::engine::plan::{AfterKind, ColumnPlan, FanOut, Fill, Lag, Layer, Source};
use crate::engine::value::Value;

/// More periods than this follow each other under no row, or one row: nobody runs a payroll for fifty years.
const MOST: u64 = 600;

/// Meanings of what a period is called.
const NAMES: [&str; 2] = ["school.term_name", "text.period_name"];

/// What is done once a period is over is done within days.
const AFTER_THE_END: Lag = Lag { median: 3.0, sigma: 0.5, max: 10.0, future: true };

/// A length of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// From Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
    /// A term of a school: in spring, or in autumn.
    Term,
    /// None.
    None,
}

impl Unit {
    /// How many are there where nobody asked for a number of rows: those of two years, at least five.
    const fn usual(self) -> u64 {
        match self {
            Self::Week => 104,
            Self::Month => 24,
            Self::Quarter => 8,
            Self::Term | Self::Year | Self::None => 5,
        }
    }
}

/// A table whose rows stand for periods.
#[derive(Debug, Clone)]
pub struct Periods {
    /// How long each is.
    pub unit: Unit,
    /// Which of them a row stands for.
    pub of: PeriodOf,
}

/// Which period a row stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodOf {
    /// The last that was over when the row came to be.
    Birth,
    /// One after the other, among all rows, or those of one parent; as many rows of each as there are kinds.
    Turn {
        /// It is there when it begins: the term. Else once it is over: what was used.
        begins: bool,
        /// Rows of each period.
        kinds: u64,
    },
}

/// A part of a row's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodPart {
    /// Its first day.
    First,
    /// Its last day.
    Last,
    /// The day after it.
    Next,
    /// What it is called.
    Name,
}

#[derive(Debug, serde::Deserialize)]
struct Line {
    word: String,
    unit: Unit,
    place: String,
}

fn words(place: &'static str) -> impl Iterator<Item = &'static Line> {
    static WORDS: OnceLock<Vec<Line>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/periods.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    });
    words.iter().filter(move |word| word.place == place)
}

fn unit_of(name: &str, place: &'static str, last_word_only: bool) -> Option<Unit> {
    let mut said: Vec<String> = normalise(name).iter().map(|word| singular(word)).collect();
    if last_word_only {
        said.drain(..said.len().saturating_sub(1));
    }
    let known = |unit: Option<Unit>| {
        let mut fitting = words(place).filter(|word| said.contains(&word.word) && unit.is_none_or(|unit| unit == word.unit));
        fitting.next().map(|word| word.unit)
    };
    known(Some(Unit::None)).or_else(|| known(None))
}

/// The two columns with the bounds of a table's periods, and how long those are, by its words.
pub(super) fn bounds(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<(ColumnId, ColumnId, Unit)> {
    let definition = &catalog.tables[table];
    let timed = |column: &ColumnId| {
        let kind = &definition.columns[*column].data_type.kind;
        matches!(kind, TypeKind::Date | TypeKind::Timestamp { .. }) && !definition.columns[*column].generated
    };
    let with = |role: Role| meanings.all_with_role(table, role).into_iter().filter(timed);
    // What is a payroll run is one by its first word, what is a term by its last.
    let by_table = unit_of(&definition.name, "table", true)
        .or_else(|| unit_of(&definition.name, "table", false).filter(|unit| matches!(unit, Unit::Month)));
    with(Role::PeriodStart).find_map(|start| {
        let name = &definition.columns[start].name;
        let unit = unit_of(name, "column", false).or(by_table).filter(|unit| *unit != Unit::None)?;
        // A term's periods are terms, whatever its columns are called.
        let unit = by_table.filter(|unit| *unit == Unit::Term).unwrap_or(unit);
        let end = with(Role::PeriodEnd).find(|end| unit_of(&definition.columns[*end].name, "column", false) != Some(Unit::None))?;
        Some((start, end, unit))
    })
}

/// Lets a table's rows stand for periods, if its words say so, before its unique keys are kept.
pub(super) fn apply(builder: &Builder, table: TableId, birth: Option<ColumnId>, draft: &mut Draft) -> Option<Periods> {
    let (catalog, meanings) = (&builder.inputs.catalog, &builder.meanings);
    let (start, end, unit) = bounds(catalog, meanings, table)?;
    let guessed =
        |planned: &ColumnPlan| planned.decided_by <= Layer::Inference && matches!(planned.source, Source::Birth | Source::After(_));
    if !guessed(&draft.columns[start]) || !guessed(&draft.columns[end]) || builder.reowned.contains_key(&table) {
        return None;
    }
    let definition = &catalog.tables[table];
    let begins = birth == Some(start);
    let keyed = keyed(definition, start);
    let owner = builder.owners[table].filter(|_| draft.volume.fan_out.is_some());
    let kind = match (keyed, owner) {
        (Some(key), Some(owner)) => kind_beside(definition, key, &definition.foreign_keys[owner].columns, [start, end], draft),
        (Some(key), None) => kind_beside(definition, key, &[], [start, end], draft),
        (None, _) => Some(None),
    };
    let own_time = birth.is_some_and(|birth| birth != start && matches!(draft.columns[birth].source, Source::Birth));
    let in_turn = kind.filter(|_| begins || keyed.is_some() && own_time);
    let of = match in_turn {
        Some(kind) => {
            let kinds = kind.map_or(1, |(_, kinds)| kinds);
            shorten(unit, kinds, owner.is_none(), &mut draft.volume);
            if too_many(&draft.volume, kinds, owner.map(|owner| builder.rows_of(definition.foreign_keys[owner].referenced_table))) {
                return None;
            }
            if let Some((column, _)) = kind {
                let values = draft.columns[column].domain.allowed.clone().unwrap_or_default();
                draft.columns[column].source = Source::KindOfPeriod(values);
                draft.columns[column].detail = "one after the other, each in each period".into();
                draft.columns[column].null_fraction = 0.0;
            }
            PeriodOf::Turn { begins, kinds }
        }
        // What a key wants apart is drawn anew, which the month before the row's own time is not.
        None if own_time && !is_keyed(definition, [start, end]) => PeriodOf::Birth,
        None => return None,
    };
    for (column, part) in [(start, PeriodPart::First), (end, PeriodPart::Last)] {
        let planned = &mut draft.columns[column];
        let stamp = matches!(planned.kind, TypeKind::Timestamp { .. });
        if birth != Some(column) {
            planned.source = Source::Period(if stamp && part == PeriodPart::Last { PeriodPart::Next } else { part });
            planned.null_fraction = 0.0;
        }
        planned.detail = "of its calendar period".into();
    }
    for planned in draft.columns.iter_mut().filter(|planned| planned.is_open() && planned.meaning.is_some_and(|id| NAMES.contains(&id))) {
        planned.source = Source::Period(PeriodPart::Name);
        planned.detail = "what its calendar period is called".into();
        planned.null_fraction = 0.0;
    }
    if begins {
        follow_the_end(builder, table, end, draft);
    }
    Some(Periods { unit, of })
}

/// What is paid for a period is paid once it is over.
fn follow_the_end(builder: &Builder, table: TableId, end: ColumnId, draft: &mut Draft) {
    for column in 0..draft.columns.len() {
        let planned = &mut draft.columns[column];
        let later = matches!(builder.meanings.role(table, column), Some(Role::Later | Role::Completed));
        if later && planned.decided_by <= Layer::Inference && matches!(planned.source, Source::After(AfterKind::Lag(_))) {
            planned.source =
                Source::After(AfterKind::Since { column: end, lag: AFTER_THE_END, planned: !may_be_open(builder, table, column) });
        }
    }
}

fn may_be_open(builder: &Builder, table: TableId, column: ColumnId) -> bool {
    !builder.inputs.catalog.tables[table].columns[column].not_null
}

/// The unique key that tells periods apart.
fn keyed(definition: &Table, start: ColumnId) -> Option<&Key> {
    let keys = definition.primary_key.iter().chain(&definition.unique_keys);
    keys.filter(|key| key.expressions.is_empty() && key.predicate.is_none()).find(|key| key.columns.contains(&start))
}

/// Whether any unique key, on all rows or on some, holds one of the columns.
fn is_keyed(definition: &Table, columns: [ColumnId; 2]) -> bool {
    let keys = definition.primary_key.iter().chain(&definition.unique_keys);
    keys.into_iter().any(|key| columns.iter().any(|column| key.columns.contains(column)) || !key.expressions.is_empty())
}

/// The column with the kinds of which each period has one, beside a key's other columns and how many there are; `Some(None)`: the
/// key has no more columns; `None`: it has others.
fn kind_beside(definition: &Table, key: &Key, owner: &[ColumnId], bounds: [ColumnId; 2], draft: &Draft) -> Option<Option<(ColumnId, u64)>> {
    if !owner.iter().all(|column| key.columns.contains(column)) {
        return None;
    }
    let mut rest = key.columns.iter().copied().filter(|column| !owner.contains(column) && !bounds.contains(column));
    match (rest.next(), rest.next()) {
        (None, _) => Some(None),
        (Some(column), None) => {
            let planned = &draft.columns[column];
            let named = definition.foreign_keys.iter().any(|key| key.columns.contains(&column));
            let kinds = planned.domain.allowed.as_ref().filter(|_| planned.is_open() && !named)?;
            (!kinds.is_empty() && !kinds.contains(&Value::Null)).then_some(Some((column, kinds.len() as u64)))
        }
        _ => None,
    }
}

/// Where nobody asked for a number of rows, those of some years are there.
fn shorten(unit: Unit, kinds: u64, root: bool, volume: &mut Volume) {
    let usual = unit.usual() * kinds;
    if root && volume.by == Layer::Inference && volume.fan_out.is_none() && volume.count > usual {
        volume.count = usual;
        volume.detail = "rows_default, within the periods of some years".into();
    }
}

/// Whether periods would go back farther than anybody believes.
fn too_many(volume: &Volume, kinds: u64, parents: Option<u64>) -> bool {
    let most = match (&volume.fan_out, parents) {
        (Some(FanOut::PerParent(children)), _) => children.max.min(volume.count),
        (_, Some(parents)) => volume.count / parents.max(1) * 8,
        (_, None) => volume.count,
    };
    most / kinds.max(1) > MOST
}

/// Whether periods of their own keep a unique key's rows apart, and how.
pub(super) fn keeps_apart(periods: Option<&Periods>, key: &Key, columns: &[ColumnPlan], owner: Option<&[ColumnId]>) -> Option<String> {
    let Some(Periods { of: PeriodOf::Turn { kinds, .. }, .. }) = periods else { return None };
    let told = |column: &ColumnId| matches!(columns[*column].source, Source::Period(_) | Source::Birth);
    let kind = key.columns.iter().any(|column| matches!(columns[*column].source, Source::KindOfPeriod(_)));
    let within = owner.is_none_or(|owner| owner.iter().all(|column| key.columns.contains(column)));
    (key.columns.iter().any(told) && within && (kind || *kinds == 1)).then(|| "a period of its own".to_owned())
}

/// The row with the period in which a table's rows lie: by its own key, or by that of the row it hangs under.
pub(super) fn above(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<(Vec<ForeignKeyId>, TableId)> {
    let is_term = |table: TableId| bounds(catalog, meanings, table).is_some_and(|(.., unit)| unit == Unit::Term);
    let keys = |table: TableId| {
        let keys = catalog.tables[table].foreign_keys.iter().enumerate();
        keys.filter(move |(_, key)| key.mandatory && key.referenced_table != table).map(|(at, key)| (at, key.referenced_table))
    };
    let near = keys(table).find(|(_, target)| is_term(*target)).map(|(key, target)| (vec![key], target));
    near.or_else(|| {
        keys(table)
            .find_map(|(key, between)| keys(between).find(|(_, target)| is_term(*target)).map(|(next, target)| (vec![key, next], target)))
    })
}

/// A table whose rows come in the period of a row that they name: exams in a term, sign-ups shortly before.
#[derive(Debug, Clone)]
pub struct During {
    /// The keys to it.
    pub hops: Vec<ForeignKeyId>,
    /// Its table.
    pub table: TableId,
    /// When in it.
    pub when: When,
}

/// When in a period rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// About its beginning.
    SigningUp,
    /// In its last weeks.
    Examined,
    /// At any time.
    Within,
}

/// Lets rows come in the term of what they name.
pub(super) fn during(builder: &Builder, table: TableId) -> Option<During> {
    let (catalog, meanings) = (&builder.inputs.catalog, &builder.meanings);
    let planned = &builder.tables[table];
    let born = planned.birth.is_some_and(|birth| matches!(planned.columns[birth].source, Source::Birth));
    let (hops, target) = above(catalog, meanings, table).filter(|_| born && planned.periods.is_none())?;
    let stands = builder.tables[target].fill == Fill::Make && builder.tables[target].periods.is_some();
    let is_called = |part: &str| normalise(&catalog.tables[table].name).iter().any(|word| is_word_of(&singular(word), part));
    let when = if is_called("sign up") {
        When::SigningUp
    } else if is_called("examination") {
        When::Examined
    } else {
        When::Within
    };
    stands.then_some(During { hops, table: target, when })
}
