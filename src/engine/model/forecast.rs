//! What a run would ask: calls, tokens, and all that would leave the database. Nothing is paid for it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use crate::engine::error::Error;
use crate::engine::model::asking::{AskedColumn, AskedTable};
use crate::engine::model::batch::Batches;
use crate::engine::model::exchange::{Mode, Question};
use crate::engine::model::facts;
use crate::engine::model::survey::Survey;
use crate::engine::model::writing::{Setup, Writing};
use crate::engine::port::{LanguageModel, Observer};
use crate::engine::rows::Rows;

/// Characters of a token, roughly, in prompts of mostly English words.
const CHARACTERS_OF_A_TOKEN: usize = 4;

/// What a run would ask of a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableForecast {
    /// Schema-qualified, quoted where needed.
    pub table_name: String,
    /// The columns that are written.
    pub columns: Vec<String>,
    /// Rows that are written one by one.
    pub rows: u64,
    /// Questions in all, repairs not counted.
    pub calls: u64,
    /// Of these, questions whose replies are stored and cost nothing.
    pub stored: u64,
    /// Tokens of the prompts that are left to be sent, estimated.
    pub input_tokens: u64,
    /// Tokens of their replies, estimated.
    pub output_tokens: u64,
}

/// What a run would ask.
#[derive(Debug, Clone, Serialize)]
pub struct Forecast {
    /// The model.
    pub model: String,
    /// The level of `synthgen.llm_share`.
    pub share: &'static str,
    /// By table, in load order.
    pub tables: Vec<TableForecast>,
    /// All that prompts would hold, by table.
    pub leaves_database: Vec<Leaving>,
}

/// What leaves the database with the prompts of a table.
#[derive(Debug, Clone, Serialize)]
pub struct Leaving {
    table: AskedTable,
    columns: Vec<AskedColumn>,
    /// Names of the facts that are told of each row.
    facts: Vec<String>,
}

impl Forecast {
    /// Questions in all.
    pub fn calls(&self) -> u64 {
        self.tables.iter().map(|table| table.calls).sum()
    }

    /// Tokens of the prompts that are left to be sent, and of their replies.
    pub fn tokens(&self) -> (u64, u64) {
        self.tables.iter().fold((0, 0), |sums, table| (sums.0 + table.input_tokens, sums.1 + table.output_tokens))
    }

    /// Questions whose replies are stored.
    pub fn stored(&self) -> u64 {
        self.tables.iter().map(|table| table.stored).sum()
    }
}

/// A plan's rows with what is stored of them; the questions that are left can be asked from here.
pub struct Prepared {
    batches: Batches,
    groups: Vec<Vec<Vec<usize>>>,
    survey: Survey,
    settled: Vec<bool>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prepared").field("tables", &self.batches.tables).finish_non_exhaustive()
    }
}

/// Looks up what is stored. The rows then hold all that stored replies write; `Prepared::writing` begins without it.
pub fn prepare<W: LanguageModel + Observer + ?Sized>(rows: &mut Rows, setup: &Setup, world: &mut W) -> Result<Prepared, Error> {
    let batches = Batches::gather(rows, setup, &mut || world.interrupted())?;
    let mut survey = Writing::new(rows, setup, batches, None)?;
    world.converse(0, Mode::Replay, &setup.model, &mut survey)?;
    let settled = survey.settled();
    let (survey, groups, batches) = survey.surveyed();
    Ok(Prepared { batches, groups, survey, settled })
}

impl Prepared {
    /// Whether no table has a column that a model writes.
    pub fn is_empty(&self) -> bool {
        self.batches.tables.is_empty()
    }

    /// Questions in all, and how many of them have no stored reply.
    pub fn calls(&self) -> (u64, u64) {
        let tables = self.batches.tables.iter().enumerate().map(|(place, table)| {
            let open = self.survey.open(place, table.batches.clone().filter(|&batch| !self.settled[batch]));
            ((table.batches.len() + table.parts.len()) as u64, open)
        });
        tables.fold((0, 0), |sums, (calls, open)| (sums.0 + calls, sums.1 + open))
    }

    /// The dialogue itself, from the beginning.
    pub fn writing<'w, 'p>(self, rows: &'w mut Rows<'p>, setup: &'w Setup<'w>) -> Result<Writing<'w, 'p>, Error> {
        rows.written = crate::engine::rows::Written::default();
        rows.settle();
        let mut batches = self.batches;
        batches.wait_anew();
        Writing::new(rows, setup, batches, Some(self.groups))
    }

    /// The forecast.
    pub fn forecast(mut self, rows: &mut Rows, setup: &Setup) -> Result<Forecast, Error> {
        let telling = facts::Telling::new(rows.plan, setup.share);
        let leaves_database = (0..self.batches.tables.len()).map(|place| leaving(rows, &self.batches, place, &telling)).collect();
        self.batches.wait_anew();
        let (survey, settled) = (self.survey, self.settled);
        let mut writing = Writing::new(rows, setup, self.batches, Some(self.groups))?;
        let mut tables = Vec::new();
        for place in 0..writing.batches.tables.len() {
            let range = writing.batches.tables[place].batches.clone();
            let sample = match range.clone().next() {
                Some(first) => writing.question(first, false)?,
                None => None,
            };
            let table = &writing.batches.tables[place];
            let calls = (range.len() + table.parts.len()) as u64;
            let open = survey.open(place, range.clone().filter(|&batch| !settled[batch]));
            let input = sample.as_ref().map_or(0, |question| tokens(&question.system) + tokens(&question.prompt));
            let words: u64 = table.columns.iter().map(|content| u64::from(content.tokens) + 8).sum();
            tables.push(TableForecast {
                table_name: writing.rows.plan.catalog.tables[table.table].qualified.clone(),
                columns: table.asked.iter().map(|column| column.name.clone()).collect(),
                rows: writing.batches.batches[range].iter().map(|batch| batch.rows.len() as u64).sum(),
                calls,
                stored: calls - open,
                input_tokens: input * open,
                output_tokens: words * setup.batch_rows * open,
            });
        }
        Ok(Forecast { model: setup.model.clone(), share: setup.share.word(), tables, leaves_database })
    }

    /// The question of a table's batch, from 1, vocabularies last; `None` where there is none.
    pub fn question(mut self, rows: &mut Rows, setup: &Setup, table: usize, batch: u32) -> Result<Option<Question>, Error> {
        self.batches.wait_anew();
        let Some(place) = self.batches.tables.iter().position(|own| own.table == table) else { return Ok(None) };
        let range = self.batches.tables[place].batches.clone();
        let Some(number) = (batch as usize).checked_sub(1) else { return Ok(None) };
        let parts = self.batches.tables[place].parts.len();
        let mut writing = Writing::new(rows, setup, self.batches, Some(self.groups))?;
        if number < range.len() {
            return writing.question(range.start + number, false);
        }
        if number - range.len() < parts { writing.author_question(place, number - range.len()).map(Some) } else { Ok(None) }
    }
}

fn tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(CHARACTERS_OF_A_TOKEN) as u64
}

fn leaving(rows: &mut Rows, batches: &Batches, place: usize, telling: &facts::Telling) -> Leaving {
    let table = &batches.tables[place];
    let written: Vec<usize> = table.columns.iter().map(|content| content.column).collect();
    let mut names = BTreeSet::new();
    for row in batches.batches[table.batches.clone()].iter().flat_map(|batch| &batch.rows) {
        let told = facts::of_row(rows, telling, (table.table, row.index), &written, &[]);
        for (name, value) in &told {
            paths(name, value, &mut names);
        }
    }
    Leaving { table: table.told.clone(), columns: table.asked.clone(), facts: names.into_iter().collect() }
}

fn paths(name: &str, value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(object) => object.iter().for_each(|(inner, value)| paths(&format!("{name}.{inner}"), value, found)),
        _ => drop(found.insert(name.to_owned())),
    }
}
