//! What follows from a reply, and from its failure: the next question, a repair, an error.

use serde_json::{Value as Json, json};

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::author;
use crate::engine::model::batch::is_told;
use crate::engine::model::exchange::{Answer, Failure, FailureKind, Mode, Question, Verdict};
use crate::engine::model::writing::take::Taken;
use crate::engine::model::writing::{Task, Writing};

impl Writing<'_, '_> {
    pub(super) fn batch_answered(
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

    pub(super) fn author_answered(
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
