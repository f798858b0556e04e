//! The model's part of a call: whether there is one, what it would be asked, and the rows it writes, all before
//! anything of the users' is locked or written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::engine::arguments::Arguments;
use crate::engine::error::{Error, sqlstate};
use crate::engine::model::{self, Access, Again, Authorship, Forecast, Mode, Prepared, Price, Setup, Share, Templates};
use crate::engine::plan::Plan;
use crate::engine::port::{Database, Path, World};
use crate::engine::rows::Rows;
use crate::engine::run::course::{Begun, Course, Stage};
use crate::engine::run::{gather, generate};
use crate::engine::{catalog, survey};

const TEMPLATES: &str = include_str!("../../../sql/model/templates.sql");

/// The model of a call, or why there is none.
pub(super) enum Chosen {
    /// None: a phrase for the report.
    None(String),
    /// This one.
    Model(Box<Model>),
}

/// How a call's model is asked.
pub(super) struct Model {
    name: String,
    batch_rows: u64,
    rows_per_table: u64,
    share: Share,
    mode: Mode,
    templates: Templates,
    replaced: BTreeMap<String, String>,
    /// What its tokens cost, where known.
    pub(super) price: Option<Price>,
    /// Calls that the run may make.
    pub(super) max_calls: u64,
    /// What the run may spend, in US dollars.
    pub(super) max_cost: f64,
}

/// Templates that somebody replaced, by name.
pub(super) fn replaced_templates(world: &mut dyn World) -> Result<BTreeMap<String, String>, Error> {
    let replaced = Database::document(world, Path::Pinned, TEMPLATES, &[])?;
    Ok(serde_json::from_value(replaced).unwrap_or_default())
}

impl Chosen {
    /// The model that the arguments and the session's settings name.
    pub(super) fn of(world: &mut dyn World, arguments: &Arguments) -> Result<Self, Error> {
        let mode = match arguments.llm.as_str() {
            "off" => return Ok(Self::None("llm => 'off'".into())),
            "replay" => Mode::Replay,
            "require" => Mode::Require,
            _ => Mode::Auto,
        };
        match world.access(arguments.model.as_deref())? {
            Access::None(reason) if mode == Mode::Auto => Ok(Self::None(reason)),
            Access::None(reason) => {
                Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("llm => '{}' needs a language model", arguments.llm))
                    .detail(format!("There is none: {reason}."))
                    .hint("SELECT * FROM synthgen.llm_check() tells what is missing."))
            }
            Access::Model { name, batch_rows, rows_per_table, max_calls, max_cost, price, share } => {
                let replaced = replaced_templates(world)?;
                let (templates, share) = (Templates::new(&replaced)?, Share::of(&share));
                let model = Model { name, batch_rows, rows_per_table, share, mode, templates, replaced, price, max_calls, max_cost };
                Ok(Self::Model(Box::new(model)))
            }
        }
    }
}

/// How a run's model is asked, as it is saved with the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Asked {
    /// There is none: a phrase for the report.
    None(String),
    /// This one, in this way.
    Model { name: String, batch_rows: u64, rows_per_table: u64, share: String, replaced: BTreeMap<String, String> },
}

impl Chosen {
    /// How it is asked.
    pub(super) fn asked(&self) -> Asked {
        match self {
            Self::None(reason) => Asked::None(reason.clone()),
            Self::Model(model) => Asked::Model {
                name: model.name.clone(),
                batch_rows: model.batch_rows,
                rows_per_table: model.rows_per_table,
                share: model.share.word().to_owned(),
                replaced: model.replaced.clone(),
            },
        }
    }

    /// The model of a run that goes on: asked as before while it writes, and only read again afterwards.
    pub(super) fn again(world: &mut dyn World, begun: &Begun, stage: Stage) -> Result<Self, Error> {
        let Asked::Model { name, batch_rows, rows_per_table, share, replaced } = begun.asked.clone() else {
            let Asked::None(reason) = &begun.asked else { unreachable!("there is no third") };
            return Ok(Self::None(reason.clone()));
        };
        if stage == Stage::Model {
            let chosen = Self::of(world, &begun.arguments)?;
            if chosen.asked() == begun.asked {
                return Ok(chosen);
            }
            return Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, "the model is asked in another way than when the run began")
                .detail(format!("Then it was {name}, in batches of {batch_rows} rows, share {share}."))
                .hint("Set the settings synthgen.llm_* and the prompts' templates back."));
        }
        let (templates, share, mode) = (Templates::new(&replaced)?, Share::of(&share), Mode::Replay);
        let (price, max_calls, max_cost) = (None, 0, 0.0);
        let model = Model { name, batch_rows, rows_per_table, share, mode, templates, replaced, price, max_calls, max_cost };
        Ok(Self::Model(Box::new(model)))
    }

    /// The model's name.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::None(_) => None,
            Self::Model(model) => Some(model.name.clone()),
        }
    }

    /// What would be asked: calls, tokens, cost, and all that prompts would hold.
    pub(super) fn asking(&self, world: &mut dyn World, rows: &mut Rows) -> Result<Json, Error> {
        match self {
            Self::None(reason) => Ok(json!({"model": null, "model_detail": reason, "calls": 0, "leaves_database": []})),
            Self::Model(model) => {
                let forecast = model.forecast(world, rows)?;
                let (input, output) = forecast.tokens();
                Ok(json!({
                    "model": forecast.model,
                    "calls": forecast.calls(),
                    "stored": forecast.stored(),
                    "max_calls": model.max_calls,
                    "input_tokens": input,
                    "output_tokens": output,
                    "cost_usd": model.price.map(|price| price.of(input, output)),
                    "max_cost_usd": model.max_cost,
                    "share": forecast.share,
                    "written": forecast.tables,
                    "leaves_database": forecast.leaves_database,
                }))
            }
        }
    }

    /// The prompt of one question of a table.
    pub(super) fn prompt(&self, world: &mut dyn World, rows: &mut Rows, table: usize, batch: u32) -> Result<String, Error> {
        let model = match self {
            Self::Model(model) => model,
            Self::None(reason) => {
                return Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, "there is no language model to ask")
                    .detail(format!("Reason: {reason}."))
                    .hint("A superuser sets synthgen.llm_base_url and synthgen.llm_models; SELECT * FROM synthgen.llm_check() tells what is missing."));
            }
        };
        let name = rows.plan.catalog.tables[table].qualified.clone();
        model.prompt(world, rows, table, batch)?.ok_or_else(|| {
            Error::new(sqlstate::INVALID_PARAMETER, format!("batch {batch} of {name} does not exist"))
                .hint("plan_document tells under \"written\" which tables a model writes, and in how many calls.")
        })
    }
}

impl Model {
    fn setup(&self) -> Setup<'_> {
        Setup {
            model: self.name.clone(),
            batch_rows: self.batch_rows,
            rows_per_table: self.rows_per_table,
            share: self.share,
            templates: &self.templates,
            mode: self.mode,
        }
    }

    fn prepared(&self, world: &mut dyn World, rows: &mut Rows) -> Result<Prepared, Error> {
        model::prepare(rows, &self.setup(), world)
    }

    /// What the call would ask; the rows then hold what stored replies write.
    pub(super) fn forecast(&self, world: &mut dyn World, rows: &mut Rows) -> Result<Forecast, Error> {
        self.prepared(world, rows)?.forecast(rows, &self.setup())
    }

    /// Lets stored replies write.
    pub(super) fn replay(&self, world: &mut dyn World, rows: &mut Rows) -> Result<(), Error> {
        self.prepared(world, rows)?;
        remember_again(world, rows, &mut Course::new())
    }

    /// The prompt of one question, as it would be sent.
    pub(super) fn prompt(&self, world: &mut dyn World, rows: &mut Rows, table: usize, batch: u32) -> Result<Option<String>, Error> {
        let question = self.prepared(world, rows)?.question(rows, &self.setup(), table, batch)?;
        Ok(question.map(|question| format!("{}\n\n{}", question.system, question.prompt)))
    }

    /// Lets the model write; the rows then hold it, and unique keys are kept among what was written and what was made.
    pub(super) fn write(&self, world: &mut dyn World, course: &mut Course, rows: &mut Rows) -> Result<Authorship, Error> {
        let prepared = self.prepared(world, rows)?;
        if prepared.is_empty() {
            return Ok(Authorship::default());
        }
        self.within_limits(world, &prepared)?;
        let setup = self.setup();
        let mut writing = prepared.writing(rows, &setup)?;
        world.converse(course.run_id, self.mode, &self.name, &mut writing)?;
        let authorship = writing.authorship();
        remember_again(world, rows, course)?;
        Ok(authorship)
    }

    /// Writes again what it wrote earlier in the run; asks nothing.
    pub(super) fn write_again(&self, world: &mut dyn World, course: &mut Course, rows: &mut Rows) -> Result<Authorship, Error> {
        let prepared = self.prepared(world, rows)?;
        if prepared.is_empty() {
            return Ok(Authorship::default());
        }
        // What had no reply then has none now, and that is no error.
        let setup = Setup { mode: Mode::Auto, ..self.setup() };
        let mut writing = prepared.writing(rows, &setup)?;
        world.converse(0, Mode::Replay, &self.name, &mut Again::new(&mut writing, &course.progress.answered))?;
        let authorship = writing.authorship();
        remember_again(world, rows, course)?;
        Ok(authorship)
    }

    /// Tells how many questions there will be; more than may be asked are an error where the model must write all.
    fn within_limits(&self, world: &mut dyn World, prepared: &Prepared) -> Result<(), Error> {
        let (calls, open) = prepared.calls();
        world.notice(&format!("model: {}, {calls} questions, {} of them answered before", self.name, calls - open));
        if open <= self.max_calls {
            return Ok(());
        }
        if self.mode == Mode::Require {
            return Err(Error::new(sqlstate::PROGRAM_LIMIT, format!("{open} questions would be asked, at most {} may be", self.max_calls))
                .hint("Ask for fewer rows, or have a superuser raise synthgen.llm_max_calls."));
        }
        world.notice(&format!("model: at most {} may be asked, rows of the others are made by algorithms", self.max_calls));
        Ok(())
    }

    /// A line for the report.
    pub(super) fn line(&self, llm_rows: i64) -> String {
        format!("model: {} ({} rows; what was asked: SELECT * FROM synthgen.llm_call)", self.name, super::summary::grouped(llm_rows))
    }
}

/// Redraws what repeats a unique key, now that some of the keys' columns are written.
pub(super) fn remember_again(world: &mut dyn World, rows: &mut Rows, course: &mut Course) -> Result<(), Error> {
    if rows.written.is_empty() {
        return Ok(());
    }
    let plan = rows.plan;
    for table in plan.layout_order() {
        let world = std::cell::RefCell::new(&mut *world);
        let definition = &plan.catalog.tables[table];
        let mut asked = |key: &crate::engine::plan::Remembered, candidates: &[Vec<crate::engine::value::Value>]| {
            course.taken(*world.borrow_mut(), definition, key, candidates)
        };
        let mut interrupted = || world.borrow_mut().interrupted();
        rows.remember_again(table, &mut asked, &mut interrupted)?;
    }
    rows.settle();
    Ok(())
}

/// Whether the tables are still as the plan saw them: the model took its time, and nothing was locked.
pub(super) fn still_stands(world: &mut dyn World, plan: &Plan) -> Result<(), Error> {
    let now = catalog::read(world, &plan.arguments.target)?;
    let same = serde_json::to_value(&now).ok() == serde_json::to_value(&plan.catalog).ok();
    let counts = survey::read(world, &now)?;
    let changed =
        plan.tables.iter().enumerate().find(|(table, planned)| same && counts.tables[*table].rows.unwrap_or(0) != planned.existing);
    let what = match changed {
        _ if !same => "the tables' definitions changed".to_owned(),
        Some((table, _)) => format!("rows of {} came or went", plan.catalog.tables[table].qualified),
        None => return Ok(()),
    };
    Err(Error::new(sqlstate::SERIALIZATION, format!("{what} while the model was asked"))
        .hint("Nothing was written, and replies that came are kept; run the call again."))
}

/// A plan, its rows laid out, and the model that would be asked.
pub(super) fn with_model<T>(
    world: &mut dyn World,
    arguments: &Arguments,
    work: impl FnOnce(&mut dyn World, &Plan, &mut Rows, &Chosen) -> Result<T, Error>,
) -> Result<T, Error> {
    super::arguments::check(arguments)?;
    let inputs = gather::gather(world, arguments)?.inputs;
    let mut plan = Plan::build_while(inputs, &mut || world.interrupted())?;
    let chosen = Chosen::of(world, arguments)?;
    plan.model = chosen.name();
    let mut rows = Rows::new(&plan);
    generate::lay_out(world, &plan, &mut rows, &mut Course::new())?;
    work(world, &plan, &mut rows, &chosen)
}
