//! The dialogue: questions as their parents' answers come in, what is taken of each reply, what is asked once more.

mod outcome;
mod question;
mod take;

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde_json::json;

use crate::engine::catalog::ColumnId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::model::batch::{Batch, Batches};
use crate::engine::model::exchange::{Answer, Dialogue, Failure, Mode, Question, Verdict};
use crate::engine::model::facts::Telling;
use crate::engine::model::survey::Survey;
use crate::engine::model::{Authorship, Share, Templates};
use crate::engine::rows::Rows;

/// How the model is asked.
#[derive(Debug)]
pub struct Setup<'t> {
    /// The model's name.
    pub model: String,
    /// Rows of a batch.
    pub batch_rows: u64,
    /// Rows of a table that are written one by one.
    pub rows_per_table: u64,
    /// What prompts may hold.
    pub share: Share,
    /// How they are worded.
    pub templates: &'t Templates,
    /// Whether what fails is an error.
    pub mode: Mode,
}

/// A question that can be asked: repairs first, so that what waits for them waits least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    Repair(usize),
    Batch(usize),
    Author(usize, usize),
}

/// How far a batch is.
#[derive(Debug, Default)]
struct Progress {
    /// Columns asked together, by their place in the table's; mostly one group of all.
    groups: Vec<Vec<usize>>,
    /// The group that is asked.
    at: usize,
    /// Cells refused of the first attempt: line, column, reason.
    refused: Vec<(usize, usize, String)>,
    settled: bool,
    /// Key of the group's first attempt.
    key: String,
}

/// What came of a table.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    /// Cells that no reply gave in a usable form.
    pub(super) lost: u64,
    /// The last reason.
    pub(super) reason: String,
    /// Columns of which a vocabulary was written.
    pub(super) composed: BTreeSet<ColumnId>,
}

/// A dialogue under way.
pub struct Writing<'w, 'p> {
    pub(super) rows: &'w mut Rows<'p>,
    pub(super) setup: &'w Setup<'w>,
    pub(super) batches: Batches,
    progress: Vec<Progress>,
    ready: BTreeSet<Task>,
    under_way: HashMap<String, Task>,
    recent: Vec<VecDeque<String>>,
    tallies: Vec<Tally>,
    closed: bool,
    /// Keys of the questions whose replies were taken.
    answered: Vec<String>,
    system: String,
    telling: Telling,
    survey: Option<Survey>,
}

impl std::fmt::Debug for Writing<'_, '_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Writing").field("batches", &self.batches.batches.len()).field("ready", &self.ready).finish_non_exhaustive()
    }
}

impl<'w, 'p> Writing<'w, 'p> {
    /// A dialogue about all rows that a model is to write; `groups` are the columns asked together, as a survey found.
    #[expect(clippy::needless_pass_by_value, reason = "what the survey found is used up here")]
    pub(super) fn new(
        rows: &'w mut Rows<'p>,
        setup: &'w Setup<'w>,
        batches: Batches,
        groups: Option<Vec<Vec<Vec<usize>>>>,
    ) -> Result<Self, Error> {
        let surveyed = groups.is_none();
        let of_batch = |number: usize, batch: &Batch| match &groups {
            Some(groups) => groups[number].clone(),
            None => vec![(0..batches.tables[batch.place].columns.len()).collect()],
        };
        let progress: Vec<Progress> = batches
            .batches
            .iter()
            .enumerate()
            .map(|(number, batch)| Progress { groups: of_batch(number, batch), ..Progress::default() })
            .collect();
        let mut ready: BTreeSet<Task> =
            (0..batches.batches.len()).filter(|&number| batches.batches[number].waits == 0).map(Task::Batch).collect();
        for (place, table) in batches.tables.iter().enumerate() {
            ready.extend((0..table.parts.len()).map(|part| Task::Author(place, part)));
        }
        let tables = batches.tables.len();
        let survey = surveyed.then(|| Survey::new(&batches));
        Ok(Self {
            telling: Telling::new(rows.plan, setup.share),
            rows,
            setup,
            batches,
            progress,
            ready,
            under_way: HashMap::new(),
            recent: vec![VecDeque::new(); tables],
            tallies: vec![Tally::default(); tables],
            closed: false,
            answered: Vec::new(),
            system: setup.templates.render("system", json!({}))?,
            survey,
        })
    }

    fn is_survey(&self) -> bool {
        self.survey.is_some()
    }

    /// By batch, whether it is settled.
    pub(super) fn settled(&self) -> Vec<bool> {
        self.progress.iter().map(|progress| progress.settled).collect()
    }

    /// What was found and the groups in which each batch's columns are to be asked.
    pub(super) fn surveyed(mut self) -> (Survey, Vec<Vec<Vec<usize>>>, Batches) {
        self.rows.settle();
        let survey = self.survey.take().unwrap_or_default();
        let groups = self.progress.into_iter().map(|progress| progress.groups).collect();
        (survey, groups, self.batches)
    }

    /// Who wrote what, once the dialogue has ended.
    pub fn authorship(mut self) -> Authorship {
        for place in 0..self.batches.tables.len() {
            // Those given up half-way were not looked through yet.
            if !self.is_settled(place) {
                self.keep_unique(place);
            }
        }
        self.rows.settle();
        Authorship::new(self.batches, self.tallies, self.answered)
    }

    /// Whether all batches of a table are settled.
    fn is_settled(&self, place: usize) -> bool {
        self.batches.tables[place].batches.clone().all(|batch| self.progress[batch].settled)
    }

    /// Ends a batch's group: the next one is asked, or what waits for the batch may go on.
    fn advance(&mut self, number: usize) {
        let progress = &mut self.progress[number];
        progress.refused.clear();
        progress.at += 1;
        if progress.at < progress.groups.len() {
            self.ready.insert(Task::Batch(number));
        } else {
            self.settle(number);
        }
    }

    fn settle(&mut self, number: usize) {
        if std::mem::replace(&mut self.progress[number].settled, true) {
            return;
        }
        let place = self.batches.batches[number].place;
        if self.is_settled(place) {
            self.keep_unique(place);
        }
        for dependent in self.batches.batches[number].dependents.clone() {
            let waiting = &mut self.batches.batches[dependent];
            waiting.waits -= 1;
            if waiting.waits == 0 {
                self.ready.insert(Task::Batch(dependent));
            }
        }
    }
}

impl Dialogue for Writing<'_, '_> {
    fn next(&mut self) -> Result<Option<Question>, Error> {
        loop {
            if self.closed {
                return Ok(None);
            }
            let Some(task) = self.ready.pop_first() else {
                // Batches that wait for one another in a circle would wait for ever: the first goes without.
                let stuck =
                    (0..self.progress.len()).find(|&number| !self.progress[number].settled && self.batches.batches[number].waits > 0);
                let stuck = stuck.filter(|_| self.under_way.is_empty() && !self.is_survey());
                let Some(number) = stuck else { return Ok(None) };
                self.batches.batches[number].waits = usize::MAX;
                self.ready.insert(Task::Batch(number));
                continue;
            };
            let question = match task {
                Task::Author(place, part) => Some(self.author_question(place, part)?),
                Task::Batch(number) | Task::Repair(number) if self.progress[number].settled => None,
                Task::Batch(number) => self.question(number, false)?,
                Task::Repair(number) => self.question(number, true)?,
            };
            match (question, task) {
                (Some(question), _) => {
                    self.under_way.insert(question.key.clone(), task);
                    return Ok(Some(question));
                }
                (None, Task::Batch(number) | Task::Repair(number)) if !self.progress[number].settled => self.advance(number),
                (None, _) => {}
            }
        }
    }

    fn answered(&mut self, question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error> {
        let Some(task) = self.under_way.remove(&question.key) else {
            return Err(Error::new(sqlstate::INTERNAL, "a reply came to a question that was not asked"));
        };
        if answer.is_ok() {
            self.answered.push(question.key.clone());
        }
        match task {
            Task::Author(place, part) => self.author_answered(place, part, question, answer),
            Task::Batch(number) => self.batch_answered(number, false, question, answer),
            Task::Repair(number) => self.batch_answered(number, true, question, answer),
        }
    }
}
