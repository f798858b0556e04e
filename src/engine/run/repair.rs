//! A load that the database refuses in part: the refused row is redrawn, at last left out, and the rest goes on.
//!
//! COPY says the line of a refused row for CHECKs, unique and exclusion keys, NOT NULL and BEFORE triggers; what names
//! no line (AFTER triggers, foreign keys) is found by halving.

use crate::engine::catalog::{ColumnId, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::Plan;
use crate::engine::port::{CopyTarget, DatabaseError, Path, World};
use crate::engine::rows::{BARE, EXTENDED, LAST_RESORT, Rows, TableSource};
use crate::engine::run::course::{COMMIT_ROWS, Course, Stage};
use crate::engine::run::gather::quoted;
use crate::engine::run::learn;
use crate::engine::run::load::{supplied, written_keys};

/// Rows per COPY: foreign-key checks are queued until its end, some dozen bytes each.
pub(super) const CHUNK: u64 = 100_000;

/// Redraws of a refused row: plain ones, then beyond the lists, then by type alone, then with NULL wherever it may be.
const REDRAWS: [u32; 8] = [1, 1, 1, 1, EXTENDED, LAST_RESORT - EXTENDED, 1, BARE];

/// Plain redraws more of a row whose key a row that this load did not write has (a trigger's), and of one that a trigger
/// refuses, perhaps for what its keys name together; of all of a table's rows so many.
const TAKEN: usize = 12;
const TOGETHER: usize = 48;
const PATIENCE: usize = 5_000;

/// Plain redraws after which a row that no constraint of its own refuses is tried under other parents, and how many.
const OWN: usize = 2;
const ADOPTIONS: u32 = 12;

/// Rows left out in a row, none stored before them, after which the table is given up.
const HOPELESS: u64 = 12;

/// Keys that are checked at the end of the transaction: by then no row could be drawn anew.
const DEFERRED_KEYS: &str = "select conname::text from pg_catalog.pg_constraint where conrelid = $1::text::oid and condeferred and contype in ('p', 'u', 'x') order by 1";

/// What came of a load.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Rows the database stored.
    pub(super) stored: u64,
    /// Rows it refused however they were drawn.
    pub(super) left_out: u64,
    /// What it said of the last of them.
    pub(super) refusal: Option<Box<DatabaseError>>,
    /// Deferred triggers were left to the end of the transaction: alone, no row of the table passes them.
    pub(super) postponed: bool,
}

/// A table under way.
struct Loading<'a, 'r, 'p> {
    world: &'a mut dyn World,
    plan: &'a Plan,
    rows: &'r mut Rows<'p>,
    table: TableId,
    target: CopyTarget,
    columns: Vec<ColumnId>,
    loaded: Loaded,
    course: &'a mut Course,
    /// Keys and constraint triggers that wait for the end of the transaction, as SET CONSTRAINTS names them.
    deferred: String,
    /// Redraws of the row that was refused last, its parents so far beside its own, and its position.
    redraws: usize,
    adoptions: u32,
    /// Redraws that are left beyond the usual ones.
    patience: usize,
    row: u64,
    /// Rows that this load left out.
    own_left_out: Vec<u64>,
}

/// Loads a table's rows under savepoints; what ends the transaction ends the load too.
pub(super) fn load(world: &mut dyn World, plan: &Plan, rows: &mut Rows, table: TableId, course: &mut Course) -> Result<Loaded, Error> {
    let definition = &plan.catalog.tables[table];
    let columns = supplied(plan, table);
    let names = columns.iter().map(|&column| definition.columns[column].name.clone()).collect();
    let target = CopyTarget { oid: definition.oid, name: definition.qualified.clone(), columns: names };
    let layout = &rows.layouts[table];
    let loaded = match course.progress.stage {
        Stage::Table { position, stored, left_out, .. } if position > 0 => Loaded { stored, left_out, ..Loaded::default() },
        _ => Loaded { stored: layout.ringed, left_out: layout.left_out.len() as u64, ..Loaded::default() },
    };
    let deferred = deferred(world, definition)?;
    let own_left_out = Vec::new();
    let loading = Loading {
        world,
        plan,
        rows,
        table,
        target,
        columns,
        loaded,
        course,
        deferred,
        redraws: 0,
        adoptions: 0,
        patience: PATIENCE,
        row: u64::MAX,
        own_left_out,
    };
    loading.run()
}

impl Loading<'_, '_, '_> {
    fn run(mut self) -> Result<Loaded, Error> {
        let made = self.rows.layouts[self.table].made;
        // Rows of a ring are there already, and those that were committed.
        let (mut at, mut step) = (self.rows.layouts[self.table].ringed.max(self.course.position()), CHUNK);
        while at < made {
            self.world.interrupted()?;
            let most = if self.world.commits() { self.course.position() + COMMIT_ROWS } else { made };
            let end = (at + step).min(made).min(most);
            self.world.savepoint()?;
            match self.copy(at, end).and_then(|stored| self.try_deferred().map(|()| stored)) {
                Ok(stored) => {
                    self.world.release()?;
                    self.loaded.stored += stored;
                    at = end;
                    step = (step * 2).min(CHUNK);
                    self.commit(at)?;
                }
                Err(Error::Database(refusal)) => {
                    self.world.rollback()?;
                    let row = refusal.line.and_then(|line| self.position(at, end, line)).or_else(|| (end - at == 1).then_some(at));
                    match row {
                        // The rows before it pass: they go first, then it is drawn anew.
                        Some(row) if row > at => step = row - at,
                        Some(row) => {
                            let named = refusal.line.is_some();
                            at += self.again(row, refusal)?;
                            step = if named { CHUNK } else { 1 };
                            if self.is_hopeless() {
                                if !self.postpone() {
                                    return Ok(self.loaded);
                                }
                                (at, step) = (self.rows.layouts[self.table].ringed, CHUNK);
                            }
                        }
                        None => step = (end - at) / 2,
                    }
                }
                Err(error) => {
                    self.world.rollback()?;
                    return Err(error);
                }
            }
        }
        Ok(self.loaded)
    }

    /// Commits what is loaded up to a position, with its keys, where that is much.
    fn commit(&mut self, at: u64) -> Result<(), Error> {
        let (before, Stage::Table { place, .. }) = (self.course.position(), self.course.progress.stage) else { return Ok(()) };
        if !self.world.commits() || at < before + COMMIT_ROWS {
            return Ok(());
        }
        for keys in written_keys(self.plan, self.rows, self.table, before..at) {
            self.world.keys(self.course.run_id, self.target.oid, &self.target.name, &keys)?;
        }
        let Loaded { stored, left_out, .. } = self.loaded;
        self.course.commit(self.world, self.rows, Stage::Table { place, position: at, stored, left_out })
    }

    fn copy(&mut self, start: u64, end: u64) -> Result<u64, Error> {
        let mut source = TableSource::new(self.rows, self.table, self.columns.clone(), start..end);
        self.world.copy(&self.target, &mut source)
    }

    /// Asks keys and constraint triggers of the rows now that else would wait for the end of the transaction. What the
    /// triggers do is undone: they do it again then, when all tables have their rows.
    fn try_deferred(&mut self) -> Result<(), Error> {
        if self.deferred.is_empty() || self.loaded.postponed {
            return Ok(());
        }
        self.world.savepoint()?;
        let said = self.world.execute(Path::Caller, &format!("set constraints {} immediate", self.deferred), &[]);
        self.world.rollback()?;
        said.map(|_| ())
    }

    /// Where no row passes its deferred triggers, rows of other tables may be what they wait for: the load begins again
    /// without them. False where there are none, or it has.
    fn postpone(&mut self) -> bool {
        if self.deferred.is_empty() || self.loaded.postponed {
            return false;
        }
        let layout = &mut self.rows.layouts[self.table];
        for position in self.own_left_out.drain(..) {
            layout.left_out.remove(&position);
            self.loaded.left_out -= 1;
        }
        self.loaded.refusal = None;
        self.loaded.postponed = true;
        true
    }

    /// The position of a line of what was sent.
    fn position(&self, start: u64, end: u64, line: u64) -> Option<u64> {
        let layout = &self.rows.layouts[self.table];
        (start..end).filter(|position| !layout.left_out.contains(position)).nth(line.checked_sub(1)? as usize)
    }

    /// Redraws a refused row, or leaves it out; how far the load may go on.
    fn again(&mut self, row: u64, refusal: Box<DatabaseError>) -> Result<u64, Error> {
        if self.row != row {
            (self.row, self.redraws, self.adoptions) = (row, 0, 0);
        }
        // A trigger may refuse a row for the parent that it hangs under.
        let by_trigger = refusal.constraint.is_none() && refusal.sqlstate != sqlstate::NOT_NULL;
        if by_trigger
            && !self.world.commits()
            && self.redraws >= OWN
            && self.adoptions < ADOPTIONS
            && self.rows.adopt(self.table, row, self.adoptions)
        {
            self.adoptions += 1;
            return Ok(0);
        }
        let redrawable = self.plan.tables[self.table].columns.iter().any(|column| column.redrawn);
        let more = match () {
            () if refusal.sqlstate == sqlstate::UNIQUE => TAKEN,
            () if by_trigger => TOGETHER,
            () => 0,
        };
        let more = more.min(self.patience);
        self.patience -= usize::from(self.redraws < more);
        let done = self.redraws.saturating_sub(more);
        let next = if redrawable { REDRAWS.get(done) } else { None };
        self.redraws += 1;
        if let Some(step) = next {
            self.rows.redraw(self.table, row, *step);
            return Ok(0);
        }
        if learn::learn(self.world, self.plan, self.rows, self.table, row, &refusal)? {
            self.redraws = 0;
            return Ok(0);
        }
        self.rows.layouts[self.table].left_out.insert(row);
        self.own_left_out.push(row);
        self.loaded.left_out += 1;
        self.loaded.refusal = Some(refusal);
        Ok(1)
    }

    fn is_hopeless(&self) -> bool {
        self.loaded.stored == 0 && self.loaded.left_out >= HOPELESS
    }
}

/// The names of a table's keys and constraint triggers that are initially deferred, as SET CONSTRAINTS takes them.
fn deferred(world: &mut dyn World, definition: &Table) -> Result<String, Error> {
    let waiting = definition.triggers.iter().filter(|trigger| trigger.definition.contains(" INITIALLY DEFERRED "));
    let mut names: Vec<String> = waiting.map(|trigger| trigger.name.clone()).collect();
    let keys = definition.primary_key.iter().chain(&definition.unique_keys);
    if keys.into_iter().any(|key| key.deferrable)
        || definition.exclusions.iter().any(|exclusion| exclusion.definition.contains(" DEFERRED"))
    {
        world.rows(Path::Pinned, DEFERRED_KEYS, &[Some(&definition.oid.to_string())], &mut |fields| {
            names.extend(fields[0].map(str::to_owned));
            Ok(())
        })?;
    }
    let names: Vec<String> = names.iter().map(|name| format!("{}.{}", quoted(&definition.schema), quoted(name))).collect();
    Ok(names.join(", "))
}
