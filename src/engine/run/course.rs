//! How far a run is. A run that commits as it goes saves it with each commit, and is taken up again from there: the
//! plan is made anew from what was read at its beginning, the model's replies are read again from where they are
//! stored, and what the database refused is noted here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::Table;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Remembered, TableState};
use crate::engine::port::{TableOutcome, World};
use crate::engine::reference::Resolved;
use crate::engine::rows::{Learned, Rows};
use crate::engine::run::model::Asked;
use crate::engine::run::probe;
use crate::engine::value::Value;

/// Rows after which a table's load is committed.
pub(super) const COMMIT_ROWS: u64 = 250_000;

/// What a run was planned from, as it was when it began.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) arguments: Arguments,
    pub(super) catalog: Json,
    pub(super) as_of: i64,
    pub(super) rules: Json,
    pub(super) vocabularies: Vec<(String, String)>,
    pub(super) states: Vec<TableState>,
    pub(super) samples: BTreeMap<String, Vec<String>>,
    pub(super) resolved: Resolved,
    pub(super) numbered: BTreeMap<u32, (i64, u64)>,
    pub(super) asked: Asked,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// The model writes.
    Model,
    /// Keys are reserved, reference rows go in.
    Reference,
    /// A table by its place in the order of loading, from a position on; rows stored and left out before it.
    Table { place: usize, position: u64, stored: u64, left_out: u64 },
}

impl Stage {
    /// A table from its first row on.
    pub(super) fn table(place: usize) -> Self {
        Self::Table { place, position: 0, stored: 0, left_out: 0 }
    }
}

/// How far a run is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    pub(super) stage: Stage,
    /// Keys of the questions whose replies were taken.
    pub(super) answered: Vec<String>,
    /// Which of the candidate keys shown to the database were taken, in the order in which it was asked.
    probes: Vec<Vec<usize>>,
    /// Reference rows inserted, by table.
    pub(super) inserted: Vec<i64>,
    /// Tables that are done.
    pub(super) outcomes: Vec<TableOutcome>,
    /// Where the database refused something, by table.
    redrawn: Vec<Redrawn>,
}

/// What became of a table's rows that were laid out otherwise.
#[derive(Debug, Serialize, Deserialize)]
struct Redrawn {
    ringed: u64,
    lost: bool,
    shortened: Option<String>,
    attempts: Vec<(u64, u32)>,
    left_out: BTreeSet<u64>,
    learned: Vec<Learned>,
}

/// A run under way.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) run_id: i64,
    pub(super) progress: Progress,
    /// Probes of `progress` that were answered again so far.
    answered_again: usize,
    /// Whether an earlier transaction began it.
    pub(super) resumed: bool,
}

impl Course {
    /// A run that begins.
    pub(super) fn new() -> Self {
        let progress = Progress {
            stage: Stage::Model,
            answered: Vec::new(),
            probes: Vec::new(),
            inserted: Vec::new(),
            outcomes: Vec::new(),
            redrawn: Vec::new(),
        };
        Self { run_id: 0, progress, answered_again: 0, resumed: false }
    }

    /// A run that goes on from where it was saved.
    pub(super) fn resumed(run_id: i64, progress: &str) -> Result<Self, Error> {
        Ok(Self { run_id, progress: read(progress)?, answered_again: 0, resumed: true })
    }

    /// Which candidate keys a table holds already: in a resumed run as the database said the first time, for now it
    /// holds the run's own rows.
    pub(super) fn taken(
        &mut self,
        world: &mut dyn World,
        table: &Table,
        key: &Remembered,
        candidates: &[Vec<Value>],
    ) -> Result<Vec<bool>, Error> {
        if let Some(places) = self.progress.probes.get(self.answered_again) {
            self.answered_again += 1;
            return Ok((0..candidates.len()).map(|place| places.contains(&place)).collect());
        }
        let taken = probe::taken(world, table, key, candidates)?;
        if world.commits() {
            self.answered_again += 1;
            self.progress.probes.push(taken.iter().enumerate().filter(|(_, taken)| **taken).map(|(place, _)| place).collect());
        }
        Ok(taken)
    }

    /// The position up to which the rows of the table under way are committed.
    pub(super) fn position(&self) -> u64 {
        if let Stage::Table { position, .. } = self.progress.stage { position } else { 0 }
    }

    /// Saves what the run began from.
    pub(super) fn begin(&mut self, world: &mut dyn World, begun: &Begun) -> Result<(), Error> {
        world.keep_begun(self.run_id, &written(begun)?)
    }

    /// Saves how far the run is and commits; nothing where the call is one transaction.
    pub(super) fn commit(&mut self, world: &mut dyn World, rows: &Rows, stage: Stage) -> Result<(), Error> {
        self.progress.stage = stage;
        if !world.commits() {
            return Ok(());
        }
        self.progress.redrawn = rows.layouts.iter().map(Redrawn::of).collect();
        let progress = written(&self.progress)?;
        world.commit(self.run_id, &progress)
    }

    /// Brings the rows to where they were when the run was saved.
    pub(super) fn restore(&self, rows: &mut Rows) {
        for (layout, saved) in rows.layouts.iter_mut().zip(&self.progress.redrawn) {
            layout.ringed = saved.ringed;
            layout.lost = saved.lost;
            layout.shortened.clone_from(&saved.shortened);
            layout.attempts = saved.attempts.iter().copied().collect();
            layout.left_out.clone_from(&saved.left_out);
            layout.learned.clone_from(&saved.learned);
        }
        rows.settle();
    }
}

impl Redrawn {
    fn of(layout: &crate::engine::rows::Layout) -> Self {
        Self {
            ringed: layout.ringed,
            lost: layout.lost,
            shortened: layout.shortened.clone(),
            attempts: layout.attempts.iter().map(|(slot, attempt)| (*slot, *attempt)).collect(),
            left_out: layout.left_out.clone(),
            learned: layout.learned.clone(),
        }
    }
}

fn written<T: Serialize>(state: &T) -> Result<String, Error> {
    serde_json::to_string(state).map_err(|error| Error::new(sqlstate::INTERNAL, format!("cannot save how far the run is: {error}")))
}

/// What was saved, as it was.
pub(super) fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, "cannot read how far the run was")
            .detail(format!("{error}."))
            .hint("Another version of synthgen began it.")
    })
}
