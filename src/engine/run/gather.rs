//! Reads everything a plan is made from: catalog, rules, reference rows, what the tables hold.

use std::collections::BTreeMap;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{self, Catalog, ColumnId, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Inputs, Stored, TableState};
use crate::engine::port::World;
use crate::engine::reference::{self, Reference, Resolved, ResolvedTable};
use crate::engine::rules;
use crate::engine::run::course::Begun;
use crate::engine::run::model::Asked;
use crate::engine::run::{ask, moment};
use crate::engine::survey::{self, Survey};
use crate::engine::value::Value;
use crate::engine::vocabulary::Lists;

/// What was read.
pub(super) struct Gathered {
    pub(super) inputs: Inputs,
    pub(super) survey: Survey,
    pub(super) resolved: Resolved,
    /// Keys given to reference rows, by sequence: the first and how many.
    pub(super) numbered: BTreeMap<u32, (i64, u64)>,
    /// The caller's lists of words: name and CSV text.
    vocabularies: Vec<(String, String)>,
}

impl Gathered {
    /// All of it that a later transaction could not read again, to be saved.
    pub(super) fn begun(&self, asked: Asked) -> Result<Begun, Error> {
        let inputs = &self.inputs;
        Ok(Begun {
            arguments: inputs.arguments.clone(),
            catalog: printed(&inputs.catalog)?,
            as_of: inputs.as_of,
            rules: inputs.rules_document.clone(),
            vocabularies: self.vocabularies.clone(),
            states: inputs.states.clone(),
            samples: inputs.samples.clone(),
            resolved: self.resolved.clone(),
            numbered: self.numbered.clone(),
            asked,
        })
    }
}

/// What a run began from, for a transaction that goes on with it. The tables must be as they were defined then.
pub(super) fn again(world: &mut dyn World, begun: Begun) -> Result<Gathered, Error> {
    let catalog = catalog::read(world, &begun.arguments.target)?;
    if printed(&catalog)? != begun.catalog {
        return Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, "the tables' definitions changed since the run began")
            .hint("What it has committed stays as it is; another call begins a run of its own."));
    }
    let lists = lists(begun.vocabularies.clone())?;
    let rules = bound(&begun.rules, &catalog, &lists, &begun.arguments)?;
    let survey = survey::read(world, &catalog)?;
    let Begun { arguments, as_of, rules: rules_document, vocabularies, states, samples, resolved, numbered, .. } = begun;
    let inputs = Inputs { arguments, catalog, as_of, rules, rules_document, states, lists, samples };
    Ok(Gathered { inputs, survey, resolved, numbered, vocabularies })
}

fn printed(catalog: &Catalog) -> Result<serde_json::Value, Error> {
    serde_json::to_value(catalog).map_err(|error| Error::new(sqlstate::INTERNAL, format!("cannot print the catalog: {error}")))
}

fn lists(vocabularies: Vec<(String, String)>) -> Result<Lists, Error> {
    Lists::read(vocabularies)
        .map_err(|error| Error::new(sqlstate::INTERNAL, "a stored vocabulary cannot be read").detail(error.to_string()))
}

fn bound(document: &serde_json::Value, catalog: &Catalog, lists: &Lists, arguments: &Arguments) -> Result<rules::Bound, Error> {
    let (bound, problems) = rules::check_with(document, catalog, lists);
    match rules::refusal(&problems) {
        Some(error) => Err(error),
        None if arguments.contacts == "as_written" => Ok(bound),
        None => Ok(bound.with_safe_contacts()),
    }
}

/// Reads all of it.
pub(super) fn gather(world: &mut dyn World, arguments: &Arguments) -> Result<Gathered, Error> {
    let catalog = catalog::read(world, &arguments.target)?;
    let stored = world.stored_rules(&arguments.target)?;
    let document = match rules::comment::hints(&catalog)? {
        Some(hints) => rules::merge(Some(&hints), stored.as_ref()),
        None => rules::merge(None, stored.as_ref()),
    };
    let document = rules::merge(Some(&document), arguments.rules.as_ref());
    let vocabularies = world.vocabularies()?;
    let lists = lists(vocabularies.clone())?;
    let bound = bound(&document, &catalog, &lists, arguments)?;
    let as_of = moment::parse(arguments.as_of.as_deref().or(bound.as_of.as_deref()).unwrap_or(&arguments.today))?;
    let survey = survey::read(world, &catalog)?;
    let stored = stored_reference(world, arguments)?;
    let mut existing = Existing { world, catalog: &catalog, survey: &survey, arguments, numbered: BTreeMap::new(), rows: BTreeMap::new() };
    let resolved = match &stored {
        Some(reference) => reference::resolve(reference, &catalog, as_of, &mut existing)?,
        None => Resolved::default(),
    };
    let mut states = Vec::with_capacity(catalog.tables.len());
    for table in 0..catalog.tables.len() {
        states.push(existing.state(table, &resolved)?);
    }
    let numbered = existing.numbered;
    agree_on_shared_sequences(&catalog, &mut states);
    let samples = ask::samples(world, &catalog)?;
    let inputs = Inputs { arguments: arguments.clone(), catalog, as_of, rules: bound, rules_document: document, states, samples, lists };
    Ok(Gathered { inputs, survey, resolved, numbered, vocabularies })
}

fn stored_reference(world: &mut dyn World, arguments: &Arguments) -> Result<Option<Reference>, Error> {
    let Some(document) = world.stored_reference(&arguments.target)? else { return Ok(None) };
    serde_json::from_value(document)
        .map(Some)
        .map_err(|cause| Error::new(sqlstate::INTERNAL, "the stored reference rows cannot be read").detail(cause.to_string()))
}

/// The rows that are there, read once per table.
struct Existing<'a> {
    world: &'a mut dyn World,
    catalog: &'a Catalog,
    survey: &'a Survey,
    arguments: &'a Arguments,
    numbered: BTreeMap<u32, (i64, u64)>,
    rows: BTreeMap<TableId, Vec<Vec<Value>>>,
}

impl Existing<'_> {
    fn read(&mut self, table: TableId) -> Result<Vec<Vec<Value>>, Error> {
        if self.survey.tables[table].rows.unwrap_or(0) == 0 {
            return Ok(Vec::new());
        }
        if let Some(rows) = self.rows.get(&table) {
            return Ok(rows.clone());
        }
        let columns: Vec<ColumnId> = (0..self.catalog.tables[table].columns.len()).collect();
        let rows = survey::rows(self.world, self.catalog, table, &columns, self.arguments.stored_rows.max(1) as u64)?.rows;
        self.rows.insert(table, rows.clone());
        Ok(rows)
    }

    /// The first key a sequence has free, beyond its next value and the farthest key present.
    fn first_free(&self, table: TableId, column: ColumnId) -> i64 {
        let Some(sequence) = &self.catalog.tables[table].columns[column].sequence else { return 1 };
        let next = self.survey.sequence(table, column).and_then(|state| state.next).unwrap_or(sequence.start);
        let Some(furthest) = self.survey.furthest(self.catalog, sequence.oid) else { return next };
        let behind = if sequence.increment > 0 { next <= furthest } else { next >= furthest };
        if behind { next + ((furthest - next) / sequence.increment + 1) * sequence.increment } else { next }
    }

    fn state(&mut self, table: TableId, resolved: &Resolved) -> Result<TableState, Error> {
        let definition = &self.catalog.tables[table];
        let existing = self.survey.tables[table].rows.unwrap_or(0);
        let mut state = TableState { existing, ..TableState::default() };
        let reference = resolved.tables.iter().find(|found| found.table == table);
        if existing > 0 {
            let keys = definition
                .primary_key
                .iter()
                .flat_map(|key| &key.columns)
                .map(|&column| quoted(&definition.columns[column].name))
                .collect::<Vec<_>>();
            state.ledger_base = self.world.row_base(definition.oid)?.max(0) as u64;
            state.foreign = self.world.foreign_rows(definition.oid, &definition.qualified, &keys)?.max(0) as u64;
            let rows = self.read(table)?;
            state.stored = Stored { weights: vec![1.0; rows.len()], rows, ..Stored::default() };
        }
        if let Some(reference) = reference {
            add_reference(definition.columns.len(), reference, &mut state.stored);
        }
        for column in 0..definition.columns.len() {
            if let Some(sequence) = &definition.columns[column].sequence {
                let next = self
                    .numbered
                    .get(&sequence.oid)
                    .map_or_else(|| self.first_free(table, column), |(first, count)| first + *count as i64 * sequence.increment);
                state.next_keys.insert(column, beyond(next, sequence.increment, reference, column));
            }
        }
        Ok(state)
    }
}

/// Columns that share a sequence begin at one key, the farthest of theirs; their blocks follow each other from there.
fn agree_on_shared_sequences(catalog: &Catalog, states: &mut [TableState]) {
    let uses = |table: TableId| {
        let columns = catalog.tables[table].columns.iter().enumerate();
        columns.filter_map(move |(column, definition)| Some((table, column, definition.sequence.as_ref()?)))
    };
    let mut next: BTreeMap<u32, i64> = BTreeMap::new();
    for (table, column, sequence) in (0..states.len()).flat_map(uses) {
        let Some(&own) = states[table].next_keys.get(&column) else { continue };
        let farthest = next.entry(sequence.oid).or_insert(own);
        *farthest = if sequence.increment > 0 { own.max(*farthest) } else { own.min(*farthest) };
    }
    for (table, column, sequence) in (0..states.len()).flat_map(uses) {
        if let (Some(own), Some(&agreed)) = (states[table].next_keys.get_mut(&column), next.get(&sequence.oid)) {
            *own = agreed;
        }
    }
}

/// A key beyond those that reference rows bring along.
fn beyond(next: i64, increment: i64, reference: Option<&ResolvedTable>, column: ColumnId) -> i64 {
    let Some(reference) = reference else { return next };
    let Some(place) = reference.columns.iter().position(|own| *own == column) else { return next };
    let keys = reference.rows.iter().filter_map(|row| if let Value::Int(key) = row[place] { Some(key) } else { None });
    let farthest = if increment > 0 { keys.max() } else { keys.min() };
    match farthest {
        Some(key) if (increment > 0 && next <= key) || (increment < 0 && next >= key) => next + ((key - next) / increment + 1) * increment,
        _ => next,
    }
}

fn add_reference(columns: usize, reference: &ResolvedTable, stored: &mut Stored) {
    stored.reference = reference.matched.len();
    for matched in &reference.matched {
        if let Some(weight) = stored.weights.get_mut(matched.row) {
            *weight = matched.weight;
        }
    }
    for (row, weight) in reference.rows.iter().zip(&reference.weights) {
        let mut values = vec![Value::Null; columns];
        for (&column, value) in reference.columns.iter().zip(row) {
            values[column] = value.clone();
        }
        stored.rows.push(values);
        stored.weights.push(*weight);
    }
    stored.inserted = reference.rows.len();
    stored.columns.clone_from(&reference.columns);
}

impl reference::Stored for Existing<'_> {
    fn rows(&mut self, table: TableId) -> Result<Vec<Vec<Value>>, Error> {
        self.read(table)
    }

    fn next_key(&mut self, table: TableId, column: ColumnId) -> Result<i64, Error> {
        let first = self.first_free(table, column);
        let Some(sequence) = &self.catalog.tables[table].columns[column].sequence else { return Ok(first) };
        let (first, count) = self.numbered.entry(sequence.oid).or_insert((first, 0));
        *count += 1;
        Ok(*first + (*count as i64 - 1) * sequence.increment)
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
