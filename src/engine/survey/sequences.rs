//! The state of sequences: what they give next, and what the current user may do with them.

use crate::engine::catalog::{Catalog, ColumnId, Sequence, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Path};
use crate::engine::survey::Survey;

const RIGHTS: &str = include_str!("../../../sql/survey/sequences.sql");

/// Sequences read in one statement.
const BATCH: usize = 50;

/// A sequence in use, and where.
struct Use<'a> {
    table: TableId,
    /// Place in `TableSurvey::sequences`.
    place: usize,
    sequence: &'a Sequence,
    may_read: bool,
}

pub(super) fn read(database: &mut dyn Database, catalog: &Catalog, survey: &mut Survey) -> Result<(), Error> {
    let mut uses = uses(catalog, survey);
    if uses.is_empty() {
        return Ok(());
    }
    let oids = serde_json::Value::from(uses.iter().map(|used| used.sequence.oid).collect::<Vec<_>>()).to_string();
    database.rows(Path::Pinned, RIGHTS, &[Some(&oids)], &mut |fields| rights(survey, &mut uses, fields))?;
    let readable: Vec<Use> = uses.into_iter().filter(|used| used.may_read).collect();
    for batch in readable.chunks(BATCH) {
        let selects: Vec<String> = batch.iter().enumerate().map(|(place, used)| select(place, used)).collect();
        database.rows(Path::Pinned, &selects.join("\nunion all\n"), &[], &mut |fields| state(survey, batch, fields))?;
    }
    Ok(())
}

fn uses<'a>(catalog: &'a Catalog, survey: &Survey) -> Vec<Use<'a>> {
    let tables = survey.tables.iter().enumerate();
    let columns =
        tables.flat_map(|(table, survey)| survey.sequences.iter().enumerate().map(move |(place, own)| (table, place, own.column)));
    let sequence = |table: TableId, column: ColumnId| catalog.tables[table].columns[column].sequence.as_ref();
    columns.filter_map(|(table, place, column)| Some(Use { table, place, sequence: sequence(table, column)?, may_read: false })).collect()
}

fn rights(survey: &mut Survey, uses: &mut [Use], fields: &Fields) -> Result<(), Error> {
    let [Some(place), select, update, usage, last] = fields else { return Err(unreadable()) };
    let sequence = place.parse().ok().and_then(|at: usize| uses.get_mut(at)).ok_or_else(unreadable)?;
    let [select, update, usage] = [select, update, usage].map(|right| *right == Some("t"));
    sequence.may_read = select;
    let state = &mut survey.tables[sequence.table].sequences[sequence.place];
    state.may_set = select && update;
    state.may_draw = usage || update;
    state.next = match last.map(str::parse::<i64>) {
        Some(last) => last.ok().map(|last| last.saturating_add(sequence.sequence.increment)),
        // Nothing was drawn; a RESTART that nobody used yet would not show here.
        None => usage.then_some(sequence.sequence.start),
    };
    Ok(())
}

fn select(place: usize, used: &Use) -> String {
    format!("select {place}, s.last_value::text, s.is_called from {} as s", used.sequence.name)
}

fn state(survey: &mut Survey, batch: &[Use], fields: &Fields) -> Result<(), Error> {
    let [Some(place), Some(last), Some(is_called)] = fields else { return Err(unreadable()) };
    let used = place.parse().ok().and_then(|place: usize| batch.get(place)).ok_or_else(unreadable)?;
    let last: i64 = last.parse().map_err(|_| unreadable())?;
    let step = if *is_called == "t" { used.sequence.increment } else { 0 };
    survey.tables[used.table].sequences[used.place].next = Some(last.saturating_add(step));
    Ok(())
}

fn unreadable() -> Error {
    Error::new(sqlstate::INTERNAL, "could not read the state of the sequences")
}
