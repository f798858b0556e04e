//! The dialogue: questions as their parents' answers come in, what is taken of each reply, what is asked once more.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Map, Value as Json, json};

use crate::engine::catalog::ColumnId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::model::asking::{self, AskedColumn};
use crate::engine::model::batch::{Batches, is_told};
use crate::engine::model::exchange::{Answer, Dialogue, Failure, FailureKind, Mode, Question, Verdict};
use crate::engine::model::survey::Survey;
use crate::engine::model::{Authorship, Share, Templates, author, check, facts, read};
use crate::engine::plan::RowIndex;
use crate::engine::rows::Rows;
use crate::engine::value::Value;

/// Values that a prompt says not to repeat.
const MOST_AVOIDED: usize = 40;

/// Longest value that is worth saying so of, in characters.
const LONGEST_AVOIDED: usize = 60;

/// Tokens of a reply beside those of its values: braces, keys, numbers.
const TOKENS_AROUND: u32 = 200;

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
    system: String,
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
        let of_batch = |number: usize, batch: &super::batch::Batch| match &groups {
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
            rows,
            setup,
            batches,
            progress,
            ready,
            under_way: HashMap::new(),
            recent: vec![VecDeque::new(); tables],
            tallies: vec![Tally::default(); tables],
            closed: false,
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
    pub fn authorship(self) -> Authorship {
        self.rows.settle();
        Authorship::new(self.batches, self.tallies)
    }

    /// The question of a task; `None` where it has nothing to ask.
    pub(super) fn question(&mut self, number: usize, repair: bool) -> Result<Option<Question>, Error> {
        let progress = &self.progress[number];
        let (columns, refused, first_key) = (progress.groups[progress.at].clone(), progress.refused.clone(), progress.key.clone());
        let kept: Vec<usize> = progress.groups[..progress.at].concat();
        let place = self.batches.batches[number].place;
        let lines = self.lines(number, &columns, &kept, repair.then_some(&refused));
        if lines.is_empty() {
            return Ok(None);
        }
        let columns: Vec<usize> =
            if repair { columns.into_iter().filter(|column| refused.iter().any(|(_, own, _)| own == column)).collect() } else { columns };
        let table = &self.batches.tables[place];
        let asked: Vec<&AskedColumn> = columns.iter().map(|&column| &table.asked[column]).collect();
        let versions = self.setup.templates.version(&["system", if repair { "repair" } else { "write" }]);
        let parts = if repair {
            json!({"repairs": first_key, "wording": versions, "refused": refused})
        } else {
            json!({"model": self.setup.model, "wording": versions, "seed": self.rows.plan.arguments.seed, "table": table.told, "columns": asked,
                   "rows": lines.iter().map(|line| json!([line.identity, line.facts, line.empty])).collect::<Vec<_>>()})
        };
        let key = asking::key(&parts);
        let count = lines.len();
        let nullable = |column: usize| {
            let place = columns[column];
            let definition = &self.rows.plan.catalog.tables[table.table].columns[table.columns[place].column];
            !definition.not_null
        };
        let schema = asking::schema(&asked.iter().enumerate().map(|(at, column)| (*column, nullable(at))).collect::<Vec<_>>(), count);
        let tokens: u32 = columns.iter().map(|&column| table.columns[column].tokens).sum();
        let values = json!({
            "table": table.told, "columns": asked, "asked": asking::listed(&asked), "count": count,
            "rows": lines.iter().enumerate().map(|(at, line)| line.text(at + 1)).collect::<Vec<_>>(),
            "avoid": self.avoided(place, &columns),
        });
        // A survey only looks for keys.
        let prompt =
            if self.is_survey() { String::new() } else { self.setup.templates.render(if repair { "repair" } else { "write" }, values)? };
        Ok(Some(Question {
            key,
            table_oid: self.rows.plan.catalog.tables[table.table].oid,
            table_name: self.rows.plan.catalog.tables[table.table].qualified.clone(),
            batch: self.batches.batches[number].number,
            attempt: if repair { 2 } else { 1 },
            purpose: if repair { "repair" } else { "write" },
            system: self.system.clone(),
            prompt,
            schema,
            most_tokens: TOKENS_AROUND + (tokens * 2 + 16 * columns.len() as u32 + 10) * count as u32,
        }))
    }

    /// The lines of a question: all rows, or those of which something was refused.
    fn lines(&mut self, number: usize, columns: &[usize], kept: &[usize], refused: Option<&Vec<(usize, usize, String)>>) -> Vec<Line> {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let id = |places: &[usize]| places.iter().map(|&place| table.columns[place].column).collect::<Vec<ColumnId>>();
        let mut lines = Vec::new();
        for (at, row) in batch.rows.iter().enumerate() {
            let reasons: Option<Vec<(usize, &str)>> = refused
                .map(|refused| refused.iter().filter(|(line, ..)| *line == at).map(|(_, column, why)| (*column, why.as_str())).collect());
            if reasons.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let (mut asked, mut kept) = (columns.to_vec(), kept.to_vec());
            if let Some(reasons) = &reasons {
                let wrong = |column: &usize| reasons.iter().any(|(own, _)| own == column);
                kept.extend(asked.iter().copied().filter(|column| !wrong(column) && !row.empty[*column]));
                asked.retain(wrong);
            }
            let mut told = facts::of_row(self.rows, table.table, row.index, &id(&asked), &id(&kept), self.setup.share);
            let own: Vec<ColumnId> = id(&(0..table.columns.len()).filter(|place| !kept.contains(place)).collect::<Vec<_>>());
            for column in own {
                told.remove(&self.rows.plan.catalog.tables[table.table].columns[column].name);
            }
            let name = |column: usize| table.asked[column].name.clone();
            lines.push(Line {
                identity: self.rows.identity(table.table, row.index),
                facts: told,
                empty: columns.iter().filter(|&&column| row.empty[column]).map(|&column| name(column)).collect(),
                refused: reasons.unwrap_or_default().into_iter().map(|(column, why)| (name(column), Json::from(why))).collect(),
            });
        }
        if refused.is_none() && batch.rows.iter().all(|row| columns.iter().all(|&column| row.empty[column])) {
            lines.clear();
        }
        lines
    }

    /// Values of the table that were taken last, of columns in which they should differ. They are told and not part of
    /// the key: which of them are known depends on the order in which replies come in.
    fn avoided(&self, place: usize, columns: &[usize]) -> Option<String> {
        let table = &self.batches.tables[place];
        let differs = columns.iter().any(|&column| !table.columns[column].repeats);
        let recent: Vec<String> = self.recent[place].iter().map(|value| asking::line(&Json::from(value.as_str()))).collect();
        (differs && !recent.is_empty()).then(|| recent.join(", "))
    }

    /// The question for a vocabulary.
    pub(super) fn author_question(&self, place: usize, part: usize) -> Result<Question, Error> {
        let table = &self.batches.tables[place];
        let plan = self.rows.plan;
        let composed = table.asked.iter().zip(&table.columns).filter(|(_, content)| author::is_composed(plan, table.table, content));
        let written: Vec<&AskedColumn> = composed.map(|(asked, _)| asked).collect();
        let facts: Vec<String> =
            author::facts(plan, table.table, &table.columns).into_iter().map(|(name, _)| format!("{{{name}}}")).collect();
        let about = table.parts[part].about.as_ref().map(|(column, values)| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{} is {}", plan.catalog.tables[table.table].columns[*column].name, values.join(" or "))
        });
        let number = table.parts[part].number;
        let wording = self.setup.templates.version(&["system", "author"]);
        let key = asking::key(&json!({"model": self.setup.model, "wording": wording, "seed": plan.arguments.seed, "author": number,
            "table": table.told, "columns": written, "facts": facts, "about": about}));
        let values = json!({"table": table.told, "columns": written, "facts": facts.join(", "), "about": about, "rows": table.further});
        Ok(Question {
            key,
            table_oid: plan.catalog.tables[table.table].oid,
            table_name: plan.catalog.tables[table.table].qualified.clone(),
            batch: table.batches.len() as u32 + number,
            attempt: 1,
            purpose: "author",
            system: self.system.clone(),
            prompt: self.setup.templates.render("author", values)?,
            schema: author::schema(&written),
            most_tokens: author::TOKENS,
        })
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
        if self.batches.tables[place].batches.clone().all(|batch| self.progress[batch].settled) {
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

    /// Of rows that were given the same unique value in different batches the first keeps it.
    fn keep_unique(&mut self, place: usize) {
        let table = &self.batches.tables[place];
        for content in table.columns.iter().filter(|content| content.unique) {
            let mut seen = BTreeSet::new();
            for row in self.batches.batches[table.batches.clone()].iter().flat_map(|batch| &batch.rows) {
                let Some(value) = self.rows.written.cell(table.table, row.index, content.column) else { continue };
                if !seen.insert(value.to_string().to_lowercase()) {
                    self.rows.written.withdraw(table.table, row.index, &[content.column]);
                    self.tallies[place].lost += 1;
                    self.tallies[place].reason = "another row has the same unique value".into();
                }
            }
        }
        self.rows.settle();
    }

    /// Takes what is usable of a reply; tells the cells that are not.
    fn take(&mut self, number: usize, answer: &Answer, repair: bool) -> Taken {
        let progress = &self.progress[number];
        let group = progress.groups[progress.at].clone();
        let place = self.batches.batches[number].place;
        let wanted: Vec<(usize, Vec<usize>)> = if repair {
            let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            progress.refused.iter().for_each(|(line, column, _)| wanted.entry(*line).or_default().push(*column));
            wanted.into_iter().collect()
        } else {
            let rows = self.batches.batches[number].rows.iter().enumerate();
            rows.map(|(line, row)| (line, group.iter().copied().filter(|&column| !row.empty[column]).collect())).collect()
        };
        let columns: Vec<usize> =
            group.iter().copied().filter(|column| wanted.iter().any(|(_, own)| own.contains(column)) || !repair).collect();
        let names: Vec<String> = columns.iter().map(|&column| self.batches.tables[place].asked[column].name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = read::rows(&answer.text, &names, wanted.len());
        let mut taken = Taken { extracted: rows.iter().map(|row| extracted(row, &names)).collect(), ..Taken::default() };
        let mut seen = Seen::of(self, number, &group);
        for (asked_line, (line, wanted)) in wanted.into_iter().enumerate() {
            let reply = rows.iter().find(|row| row.line == asked_line);
            for column in wanted {
                let cell = reply.and_then(|row| row.values[columns.iter().position(|own| *own == column)?].as_ref());
                let cell =
                    if reply.is_none() { Err("the row is missing".to_owned()) } else { self.cell(number, line, column, cell, &mut seen) };
                match cell {
                    Ok(()) => taken.cells += 1,
                    Err(reason) => taken.refused.push((line, column, reason)),
                }
            }
            self.test(number, line, &group, &mut taken);
        }
        self.rows.settle();
        taken
    }

    fn cell(&mut self, number: usize, line: usize, column: usize, cell: Option<&Json>, seen: &mut Seen) -> Result<(), String> {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let content = &table.columns[column];
        let value = check::value(self.rows.plan, table.table, content, cell)?;
        let text = value.to_string();
        if !content.repeats && content.options.is_empty() && !seen.values.insert((column, text.to_lowercase())) {
            return Err("another row has the same value".into());
        }
        if !content.repeats && text.chars().count() <= LONGEST_AVOIDED {
            let recent = &mut self.recent[batch.place];
            recent.push_back(text);
            if recent.len() > MOST_AVOIDED {
                recent.pop_front();
            }
        }
        self.rows.written.write(table.table, batch.rows[line].index, content.column, value);
        Ok(())
    }

    /// Takes a row's cells back where the row would break a CHECK that is tested on each row.
    fn test(&mut self, number: usize, line: usize, group: &[usize], taken: &mut Taken) {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let index = batch.rows[line].index;
        let columns: Vec<ColumnId> = group.iter().map(|&column| table.columns[column].column).collect();
        let Some(name) = self.rows.broken_test(table.table, index, &columns) else { return };
        for &column in group {
            if self.rows.written.withdraw(table.table, index, &[table.columns[column].column]) {
                taken.cells -= 1;
                taken.refused.push((line, column, format!("the row breaks the constraint {name}")));
            }
        }
    }

    fn batch_answered(
        &mut self,
        number: usize,
        repair: bool,
        question: &Question,
        answer: Result<Answer, Failure>,
    ) -> Result<Verdict, Error> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => return self.batch_failed(number, repair, question, failure),
        };
        let taken = self.take(number, &answer, repair);
        let verdict = self.verdict(number, repair, &taken);
        if !repair {
            self.progress[number].key.clone_from(&question.key);
        }
        if taken.refused.is_empty() {
            self.advance(number);
        } else if repair || self.closed {
            self.give_up(number, question, &taken.refused)?;
            self.advance(number);
        } else {
            self.progress[number].refused = taken.refused;
            self.ready.insert(Task::Repair(number));
        }
        Ok(verdict)
    }

    fn verdict(&self, number: usize, repair: bool, taken: &Taken) -> Verdict {
        let place = self.batches.batches[number].place;
        let outcome = match (taken.refused.is_empty(), taken.cells > 0) {
            (true, _) if repair => "repaired",
            (true, _) => "ok",
            (false, true) => "partial",
            (false, false) => "unusable",
        };
        let rejected = taken.refused.iter().map(
            |(line, column, reason)| json!({"row": line + 1, "column": self.batches.tables[place].asked[*column].name, "reason": reason}),
        );
        let rejected: Vec<Json> = rejected.collect();
        let some = |list: Vec<Json>| if list.is_empty() { None } else { Some(Json::from(list)) };
        Verdict { outcome, extracted: some(taken.extracted.clone()), rejected: some(rejected) }
    }

    /// Cells that stay the engine's own; an error where the model is required.
    fn give_up(&mut self, number: usize, question: &Question, refused: &[(usize, usize, String)]) -> Result<(), Error> {
        let place = self.batches.batches[number].place;
        let reason = refused.first().map_or("", |(_, _, reason)| reason.as_str()).to_owned();
        self.tallies[place].lost += refused.len() as u64;
        self.tallies[place].reason.clone_from(&reason);
        self.must_not_fail(question, &format!("{} values could not be used: {reason}", refused.len()))
    }

    fn must_not_fail(&self, question: &Question, why: &str) -> Result<(), Error> {
        if self.setup.mode != Mode::Require || self.is_survey() {
            return Ok(());
        }
        Err(Error::new(sqlstate::MODEL_FAILED, format!("the model did not write batch {} of {}", question.batch, question.table_name))
            .detail(format!("Reason: {why}."))
            .hint("Nothing was written; replies that came are kept. With llm => 'auto' such rows are made by algorithms."))
    }

    fn batch_failed(&mut self, number: usize, repair: bool, question: &Question, failure: Failure) -> Result<Verdict, Error> {
        if self.is_survey() {
            self.not_stored(number, repair);
            return Ok(Verdict { outcome: "failed", ..Verdict::default() });
        }
        self.failed(question, &failure)?;
        let refused = if repair { std::mem::take(&mut self.progress[number].refused) } else { self.all_cells(number) };
        self.give_up(number, question, &refused)?;
        let place = self.batches.batches[number].place;
        self.tallies[place].reason = failure.message;
        self.advance(number);
        Ok(Verdict { outcome: "failed", ..Verdict::default() })
    }

    /// What follows from a failure whatever was asked.
    fn failed(&mut self, question: &Question, failure: &Failure) -> Result<(), Error> {
        if failure.kind == FailureKind::Closed && !std::mem::replace(&mut self.closed, true) {
            self.tallies.iter_mut().filter(|tally| tally.reason.is_empty()).for_each(|tally| tally.reason.clone_from(&failure.message));
        }
        if self.setup.mode == Mode::Replay {
            return Err(Error::new(
                sqlstate::MODEL_FAILED,
                format!("no reply is stored for batch {} of {}", question.batch, question.table_name),
            )
            .detail("llm => 'replay' uses stored replies only.")
            .hint("plan_document tells how many are stored; llm => 'auto' asks for the others."));
        }
        self.must_not_fail(question, &failure.message)
    }

    fn all_cells(&self, number: usize) -> Vec<(usize, usize, String)> {
        let progress = &self.progress[number];
        let group = &progress.groups[progress.at];
        let rows = self.batches.batches[number].rows.iter().enumerate();
        rows.flat_map(|(line, row)| {
            group.iter().filter(|&&column| !row.empty[column]).map(move |&column| (line, column, "no reply".to_owned()))
        })
        .collect()
    }

    /// In a survey: tries other groups of columns, whose replies may be stored; else notes that the batch must be asked.
    fn not_stored(&mut self, number: usize, repair: bool) {
        let place = self.batches.batches[number].place;
        let progress = &mut self.progress[number];
        let survey = self.survey.as_mut().expect("only a survey asks for what may not be stored");
        if !repair && progress.at == 0 {
            if let Some(groups) = survey.further_groups(number, self.batches.tables[place].columns.len()) {
                progress.groups = groups;
                self.ready.insert(Task::Batch(number));
                return;
            }
            progress.groups = vec![(0..self.batches.tables[place].columns.len()).collect()];
        }
        survey.missing(place, number);
        let group = progress.groups[progress.at.min(progress.groups.len() - 1)].clone();
        let told = group.iter().any(|&column| is_told(self.rows, &self.batches.tables[place], column));
        if !told {
            self.settle(number);
        }
    }

    fn author_answered(
        &mut self,
        place: usize,
        part: usize,
        question: &Question,
        answer: Result<Answer, Failure>,
    ) -> Result<Verdict, Error> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(_) if self.is_survey() => {
                if let Some(survey) = &mut self.survey {
                    survey.missing_author(place);
                }
                return Ok(Verdict { outcome: "failed", ..Verdict::default() });
            }
            Err(failure) => {
                self.failed(question, &failure)?;
                self.tallies[place].reason = failure.message;
                return Ok(Verdict { outcome: "failed", ..Verdict::default() });
            }
        };
        let table = &self.batches.tables[place];
        let plan = self.rows.plan;
        let named = author::facts(plan, table.table, &table.columns);
        let reply = author::reply(&answer.text).unwrap_or_default();
        let (mut used, mut rejected) = (0, Vec::new());
        for (content, asked) in
            table.columns.iter().zip(&table.asked).filter(|(content, _)| author::is_composed(plan, table.table, content))
        {
            match author::composition(plan, table.table, content, &reply, &named, table.parts[part].about.clone()) {
                Ok(composition) => {
                    used += 1;
                    self.tallies[place].composed.insert(content.column);
                    self.rows.written.compose(table.table, content.column, composition);
                }
                Err(reason) => rejected.push(json!({"column": asked.name, "reason": reason})),
            }
        }
        let outcome = match (used, rejected.is_empty()) {
            (0, _) => "unusable",
            (_, true) => "ok",
            _ => "partial",
        };
        if used == 0 {
            self.must_not_fail(question, "its vocabulary could not be used")?;
        }
        let rejected = if rejected.is_empty() { None } else { Some(Json::from(rejected)) };
        self.rows.settle();
        Ok(Verdict { outcome, extracted: Some(Json::Object(reply)), rejected })
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
        match task {
            Task::Author(place, part) => self.author_answered(place, part, question, answer),
            Task::Batch(number) => self.batch_answered(number, false, question, answer),
            Task::Repair(number) => self.batch_answered(number, true, question, answer),
        }
    }
}

/// A line of a question.
struct Line {
    identity: u64,
    facts: facts::Facts,
    empty: Vec<String>,
    refused: Map<String, Json>,
}

impl Line {
    fn text(&self, number: usize) -> String {
        let mut row = Map::new();
        row.insert("row".to_owned(), Json::from(number));
        row.extend(self.facts.iter().map(|(name, value)| (name.clone(), value.clone())));
        if !self.empty.is_empty() {
            row.insert("leave_empty".to_owned(), json!(self.empty));
        }
        if !self.refused.is_empty() {
            row.insert("refused".to_owned(), Json::Object(self.refused.clone()));
        }
        asking::line(&Json::Object(row))
    }
}

/// What was taken of a reply.
#[derive(Debug, Default)]
struct Taken {
    cells: usize,
    extracted: Vec<Json>,
    refused: Vec<(usize, usize, String)>,
}

/// Values of a batch that other rows of it must not repeat.
struct Seen {
    values: BTreeSet<(usize, String)>,
}

impl Seen {
    fn of(writing: &Writing, number: usize, columns: &[usize]) -> Self {
        let batch = &writing.batches.batches[number];
        let table = &writing.batches.tables[batch.place];
        let cell = |index: RowIndex, column: usize| writing.rows.written.cell(table.table, index, table.columns[column].column);
        let values = batch.rows.iter().flat_map(|row| {
            columns.iter().filter_map(move |&column| Some((column, cell(row.index, column).map(Value::to_string)?.to_lowercase())))
        });
        Self { values: values.collect() }
    }
}

fn extracted(row: &read::ReadRow, names: &[&str]) -> Json {
    let mut object = Map::new();
    object.insert("row".to_owned(), Json::from(row.line + 1));
    object.extend(names.iter().zip(&row.values).filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))));
    Json::Object(object)
}
