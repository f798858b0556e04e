//! Times: which column tells when a row came to be, and how the others follow.

use std::sync::OnceLock;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::plan::deeds::is_person;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::sessions::{Before, Session, before_begin, session};
use crate::engine::plan::{AfterKind, Lag, Lifecycle, Source, TablePlan, entered};

/// A period of which nothing is known.
const USUAL_PERIOD: Lag = Lag { median: 28.0, sigma: 0.8, max: 365.0, future: true };

/// Days until the next step of which nothing is known.
const NEXT_STEP: f64 = 0.3;
/// How long an order is held for whoever has not paid it.
const HELD: Lag = Lag { median: 0.02, sigma: 0.4, max: 1.0, future: false };

/// How long before it begins something is asked for.
const ASKED_AHEAD: Lag = Lag { median: 16.0, sigma: 0.8, max: 120.0, future: true };

/// What happens to a row after it came to be, where nothing says how long after.
const SOON: Lag = Lag { median: 3.0, sigma: 1.4, max: 500.0, future: false };

/// The column that tells when a row came to be: the thing's own time, else its record's, else the first stamp
/// that defaults to the clock.
///
/// What tells when the row came to a state is none: not every row has come to it.
pub(super) fn birth(catalog: &Catalog, meanings: &Meanings, table: TableId, lifecycle: Option<&Lifecycle>) -> Option<ColumnId> {
    let entered = |column: ColumnId| lifecycle.and_then(|life| entered::states(catalog, meanings, table, column, &life.states)).is_some();
    let is = |column: ColumnId, date: bool| match catalog.tables[table].columns[column].data_type.kind {
        TypeKind::Timestamp { .. } => !date && !entered(column),
        TypeKind::Date => date && !entered(column),
        _ => false,
    };
    let stamp = |column: &ColumnId| is(*column, false);
    let with = |role: Role| meanings.all_with_role(table, role).into_iter().find(stamp);
    let clocked = |role: Option<Role>| {
        (0..catalog.tables[table].columns.len()).filter(stamp).find(|&column| {
            let definition = &catalog.tables[table].columns[column];
            definition.not_null && definition.default.as_deref().is_some_and(reads_clock) && meanings.role(table, column) == role
        })
    };
    let dated = |role: Role| {
        let date = |column: &ColumnId| is(*column, true);
        meanings.all_with_role(table, role).into_iter().find(date)
    };
    planned_begin(catalog, meanings, table)
        .filter(stamp)
        .or_else(|| with(Role::Happened))
        .or_else(|| with(Role::Created))
        .or_else(|| clocked(None))
        .or_else(|| clocked(Some(Role::Later)))
        .or_else(|| dated(Role::Happened))
        .or_else(|| dated(Role::Created))
        .or_else(|| with(Role::PeriodStart))
        .or_else(|| dated(Role::PeriodStart))
        .or_else(|| {
            // No name tells: the first time that every row has.
            (0..catalog.tables[table].columns.len()).find(|&column| {
                let definition = &catalog.tables[table].columns[column];
                let time = matches!(definition.data_type.kind, TypeKind::Timestamp { .. } | TypeKind::Date);
                let unknown = meanings.role(table, column).is_none() && meanings.of(table, column).is_none();
                time && definition.not_null && !definition.generated && unknown
            })
        })
}

/// The stamp with which something planned begins, where another one tells when it was entered.
fn planned_begin(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<ColumnId> {
    session(&catalog.tables[table].name).filter(|session| session.planned)?;
    let columns = &catalog.tables[table].columns;
    let stamp = |column: &ColumnId| matches!(columns[*column].data_type.kind, TypeKind::Timestamp { .. }) && columns[*column].not_null;
    let clocked = |column: ColumnId| columns[column].default.as_deref().is_some_and(reads_clock);
    let entered = |column: ColumnId| {
        clocked(column)
            || meanings.role(table, column) == Some(Role::Created)
            || before_begin(&columns[column].name) == Some(Before::Way(0.0, 0.0))
    };
    let begins = |column: &ColumnId| {
        let planned = meanings.of(table, *column).is_some_and(|found| found.meaning.id == "stamp.appointment");
        let begins = planned || meanings.role(table, *column) == Some(Role::PeriodStart);
        begins && !entered(*column) && before_begin(&columns[*column].name).is_none()
    };
    let stamps = || (0..columns.len()).filter(stamp);
    stamps().find(begins).filter(|_| stamps().any(entered))
}

/// Half of a table's rows are entered so many days before they begin, at least, where their own time is that of a plan.
pub(super) fn entered_ahead(catalog: &Catalog, meanings: &Meanings, table: TableId, birth: Option<ColumnId>) -> Option<f64> {
    planned_begin(catalog, meanings, table).filter(|&begin| birth == Some(begin))?;
    session(&catalog.tables[table].name).map(|session| session.ahead)
}

/// The columns that tell when a row was over, where another tells when it was seen last.
pub(super) fn seen_until(meanings: &Meanings, table: TableId, planned: &TablePlan) -> Vec<ColumnId> {
    let seen = planned.columns.iter().any(|column| matches!(column.source, Source::After(AfterKind::LastSeen)));
    let over = |column: &ColumnId| {
        let ends =
            meanings.of(table, *column).is_some_and(|found| ["stamp.expires", "stamp.cancelled"].contains(&found.meaning.id.as_str()));
        ends && matches!(planned.columns[*column].source, Source::After(AfterKind::Lag(_) | AfterKind::Closing(_)))
    };
    (0..planned.columns.len()).filter(|_| seen).filter(over).collect()
}

/// Whether a table's rows came one by one over the years: the people of a firm, by the day on which they were hired.
pub(super) fn is_long_standing(catalog: &Catalog, meanings: &Meanings, table: TableId, planned: &TablePlan) -> bool {
    let Some(birth) = planned.birth.filter(|birth| matches!(planned.columns[*birth].source, Source::Birth)) else { return false };
    let columns = &catalog.tables[table].columns;
    let tells = |column: &ColumnId| normalise(&columns[*column].name).iter().any(|word| is_word_of(word, "long standing"));
    let since = (0..columns.len()).filter(|column| matches!(planned.columns[*column].source, Source::Birth)).any(|column| tells(&column));
    since && is_person(meanings, table) && (tells(&birth) || meanings.role(table, birth) == Some(Role::Created))
}

/// Whether a default is the time of insertion.
pub(super) fn reads_clock(default: &str) -> bool {
    let default = default.to_lowercase();
    [
        "now()",
        "current_timestamp",
        "clock_timestamp()",
        "statement_timestamp()",
        "transaction_timestamp()",
        "localtimestamp",
        "current_date",
    ]
    .iter()
    .any(|word| default.contains(word))
}

/// The source of a time column.
pub(super) fn source(
    catalog: &Catalog,
    meanings: &Meanings,
    table: TableId,
    column: ColumnId,
    birth: Option<ColumnId>,
    lifecycle: Option<&Lifecycle>,
) -> Option<Source> {
    let definition = &catalog.tables[table].columns[column];
    if !matches!(definition.data_type.kind, TypeKind::Timestamp { .. } | TypeKind::Date) {
        return None;
    }
    let is_stamp = |column: ColumnId| matches!(catalog.tables[table].columns[column].data_type.kind, TypeKind::Timestamp { .. });
    let set = |birth: ColumnId| is_stamp(birth) && meanings.role(table, birth) == Some(Role::Created);
    // Who asks for something, or files it, does so before it begins.
    let asks = |birth: ColumnId| normalise(&catalog.tables[table].columns[birth].name).iter().any(|word| is_word_of(word, "asks"));
    let asked = || meanings.with_role(table, Role::PeriodStart).filter(|_| birth.is_some_and(asks));
    let same_moment = |role: Option<Role>| matches!(role, Some(Role::Created | Role::Happened));
    let role = meanings.role(table, column);
    if birth == Some(column) {
        return Some(Source::Birth);
    }
    if let Some(states) = lifecycle.and_then(|life| entered::states(catalog, meanings, table, column, &life.states)) {
        // Whoever comes to what is planned comes when it begins.
        let comes = before_begin(&definition.name).filter(|before| matches!(before, Before::Minutes(..)));
        let comes = comes.filter(|_| is_stamp(column) && entered_ahead(catalog, meanings, table, birth).is_some());
        return Some(comes.map_or_else(
            || Source::Entered(states.clone()),
            |before| Source::SinceEntered(states.clone(), Box::new(Source::After(AfterKind::Before(before)))),
        ));
    }
    if is_stamp(column) && entered_ahead(catalog, meanings, table, birth).is_some() {
        let before = before_begin(&definition.name).or_else(|| same_moment(role).then_some(Before::Way(0.0, 0.0)));
        if let Some(before) = before {
            return Some(Source::After(AfterKind::Before(before)));
        }
    }
    if let Some(birth) = birth.filter(|_| same_moment(role)) {
        return Some(step(catalog, meanings, table, (birth, column)).map_or(Source::Birth, |lag| Source::After(AfterKind::Lag(lag))));
    }
    Some(match role {
        Some(Role::Created | Role::Happened) => Source::After(AfterKind::Later),
        Some(Role::AtLast) => Source::After(AfterKind::AtLast),
        Some(Role::Updated) => Source::After(AfterKind::Updated),
        Some(Role::LastSeen) => Source::After(AfterKind::LastSeen),
        Some(Role::NextDue) => {
            let lag = lag(meanings, table, column, true).unwrap_or(USUAL_PERIOD);
            let last = meanings.with_role(table, Role::LastSeen);
            Source::After(last.map_or(AfterKind::Lag(lag), |last| AfterKind::Since { column: last, lag, planned: true }))
        }
        // Where the row's record has a time of its own, somebody set the period then.
        Some(Role::PeriodStart) if birth.is_some_and(set) && is_stamp(column) => Source::After(AfterKind::Opening),
        Some(Role::PeriodStart) if birth.is_some_and(asks) => Source::After(AfterKind::Lag(ASKED_AHEAD)),
        Some(Role::PeriodStart) => Source::Birth,
        Some(Role::PeriodEnd) if is_stamp(column) && session_of(catalog, meanings, table, birth).is_some() => {
            let (begin, session) = session_of(catalog, meanings, table, birth)?;
            Source::After(AfterKind::Since { column: begin, lag: session.lag(), planned: session.planned })
        }
        // What is not paid soon is let go.
        Some(Role::PeriodEnd) if holds(meanings, table, column) && lifecycle.is_none_or(|life| life.expires.is_none()) => {
            Source::After(AfterKind::Lag(HELD))
        }
        Some(Role::PeriodEnd) => {
            let lag = lag(meanings, table, column, true).unwrap_or(USUAL_PERIOD);
            if let Some(start) = asked() {
                return Some(Source::After(AfterKind::Since { column: start, lag, planned: true }));
            }
            Source::After(if birth.is_some_and(set) && is_stamp(column) { AfterKind::Closing(lag) } else { AfterKind::Lag(lag) })
        }
        Some(Role::Completed | Role::Cancelled | Role::Shipped | Role::Later | Role::Rarely) => {
            let usual = if role == Some(Role::Rarely) { AfterKind::Later } else { AfterKind::Lag(SOON) };
            Source::After(lag(meanings, table, column, false).map_or(usual, AfterKind::Lag))
        }
        _ if meanings.of(table, column).is_some() => return None,
        _ => Source::After(AfterKind::Lag(SOON)),
    })
}

/// How long after what happened first another thing happened, where a column before tells the first and their names tell them
/// apart: a sample is collected after it was ordered. What the records say of it was set at the same moment.
fn step(catalog: &Catalog, meanings: &Meanings, table: TableId, (birth, column): (ColumnId, ColumnId)) -> Option<Lag> {
    let happened = |column: ColumnId| meanings.role(table, column) == Some(Role::Happened);
    let meaning = |column: ColumnId| meanings.of(table, column).map(|found| &found.meaning.id);
    let columns = &catalog.tables[table].columns;
    let two = happened(birth) && happened(column) && birth < column && meaning(birth) != meaning(column);
    let first = first_word(&columns[birth].name);
    let words = two.then(|| normalise(&columns[column].name)).filter(|words| words.first() != first.as_ref())?;
    let known = words.iter().find_map(|word| step_days().iter().find(|(known, _)| known == word));
    let median = known.map_or(NEXT_STEP, |(_, days)| *days);
    Some(Lag { median, sigma: 0.7, max: median * 12.0, future: false })
}

fn first_word(name: &str) -> Option<String> {
    normalise(name).into_iter().next()
}

/// How many days after the step before a step comes (`data/step_days.csv`: word, days).
fn step_days() -> &'static [(String, f64)] {
    static DAYS: OnceLock<Vec<(String, f64)>> = OnceLock::new();
    DAYS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/step_days.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

/// Whether a column tells until when an order is held.
pub(super) fn holds(meanings: &Meanings, table: TableId, column: ColumnId) -> bool {
    let expires = meanings.of(table, column).is_some_and(|found| found.meaning.id == "stamp.expires");
    expires && [Role::Total, Role::Subtotal].iter().all(|role| meanings.with_role(table, *role).is_some())
}

/// Where a table's rows last hours, the stamp with which they begin: that of the period, else their own time.
fn session_of(catalog: &Catalog, meanings: &Meanings, table: TableId, birth: Option<ColumnId>) -> Option<(ColumnId, Session)> {
    let stamp = |column: &ColumnId| matches!(catalog.tables[table].columns[*column].data_type.kind, TypeKind::Timestamp { .. });
    let session = session(&catalog.tables[table].name)?;
    let starts = || meanings.all_with_role(table, Role::PeriodStart).into_iter().find(stamp);
    let begin = planned_begin(catalog, meanings, table).or_else(starts).or(birth.filter(|birth| stamp(birth) && !session.by_period))?;
    Some((begin, session))
}

/// Whether a table's rows come to be at a time that somebody planned.
pub(super) fn is_planned(catalog: &Catalog, meanings: &Meanings, table: TableId, birth: Option<ColumnId>) -> bool {
    let planned = session_of(catalog, meanings, table, birth).filter(|(_, session)| session.planned);
    planned.is_some_and(|(begin, _)| birth == Some(begin) && meanings.role(table, begin) != Some(Role::Created))
}

/// How long after its row's own time a stamp of this meaning comes, where the meaning says it.
fn lag(meanings: &Meanings, table: TableId, column: ColumnId, future: bool) -> Option<Lag> {
    let days = meanings.of(table, column)?.meaning.generator.get("days")?;
    let number = |name: &str| days.get(name).and_then(serde_json::Value::as_f64);
    Some(Lag { median: number("median")?, sigma: number("sigma")?, max: number("max")?, future })
}

/// A number that exists only once the thing has left the house.
pub(super) fn since_it_left(lifecycle: &Lifecycle, inner: Source) -> Source {
    Source::SinceEntered(entered::left(&lifecycle.states), Box::new(inner))
}
