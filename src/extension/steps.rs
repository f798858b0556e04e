//! Runs that commit as they go. A procedure may commit where a function may not; requests to a model that are under way
//! stay under way meanwhile, and so do the rows' layouts: nothing is made anew but after an interruption.

use pgrx::pg_sys;

use crate::engine::arguments::Arguments;
use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::Ledger;
use crate::engine::run;
use crate::extension::backend::Backend;

/// What a call does at the end of a step.
pub(super) enum Stepping {
    /// It commits and goes on; the schemas whose locks it takes again, how often the run was saved, and the snapshot
    /// under which it works since its last commit.
    Commits { schemas: Vec<String>, saved: i64, snapshot: Option<Snapshot> },
    /// It ends there, and another call goes on.
    Pauses,
}

/// Carries a call out in steps, or goes on with the run that the same call began and did not end.
pub(super) fn carry_out(world: &mut Backend, call: pg_sys::FunctionCallInfo, arguments: &Arguments) -> Result<(), Error> {
    let connection = Connection::outside_a_transaction(call)?;
    let schemas = catalog::schemas(world, &arguments.target)?;
    world.stepping = Some(Stepping::Commits { schemas: schemas.clone(), saved: 0, snapshot: None });
    schemas.iter().try_for_each(|schema| world.lock(schema))?;
    match world.find_unended(arguments)? {
        Some(run_id) => resume(world, run_id).map(drop)?,
        None => run::generate(world, arguments).map(drop)?,
    }
    world.stepping = None;
    drop(connection);
    Ok(())
}

/// Does one step of a run; whether there are more.
pub(super) fn one(world: &mut Backend, run_id: i64) -> Result<bool, Error> {
    world.stepping = Some(Stepping::Pauses);
    let target = world.target_of_run(run_id)?.ok_or_else(|| nothing_to_do(run_id))?;
    for schema in catalog::schemas(world, &target)? {
        world.lock(&schema)?;
    }
    match resume(world, run_id) {
        Ok(_) => Ok(false),
        Err(Error::Paused) => Ok(true),
        Err(error) => Err(error),
    }
}

fn resume(world: &mut Backend, run_id: i64) -> Result<run::Summary, Error> {
    let unfinished = world.state_of_run(run_id)?.is_some_and(|(_, progress)| !progress.is_empty());
    if !unfinished {
        return Err(nothing_to_do(run_id));
    }
    let now = world.take_run(run_id)?;
    let (begun, progress) =
        world.state_of_run(run_id)?.filter(|(_, progress)| !progress.is_empty()).ok_or_else(|| nothing_to_do(run_id))?;
    if let Some(Stepping::Commits { saved, .. }) = &mut world.stepping {
        *saved = now;
    }
    run::resume(world, run_id, &begun, &progress)
}

fn nothing_to_do(run_id: i64) -> Error {
    Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("run {run_id} cannot go on"))
        .detail("It is no run of yours that generate_in_steps began and that did not come to its end.")
        .hint("SELECT run_id, status FROM synthgen.run tells.")
}

impl Backend {
    /// Ends a step that was saved as told.
    pub(super) fn end_step(&mut self, run_id: i64, now: i64) -> Result<(), Error> {
        match &mut self.stepping {
            Some(Stepping::Commits { saved, .. }) => *saved = now,
            Some(Stepping::Pauses) => return Err(Error::Paused),
            None => return Ok(()),
        }
        self.commit_and_go_on(run_id)
    }

    /// Commits a reply that was paid, where the call may; whether it did.
    pub(super) fn commit_reply(&mut self, run_id: i64) -> Result<bool, Error> {
        if !matches!(self.stepping, Some(Stepping::Commits { .. })) {
            return Ok(false);
        }
        self.commit_and_go_on(run_id).map(|()| true)
    }

    /// Between two transactions others may come in: the locks are taken again, and the run must be where it was.
    fn commit_and_go_on(&mut self, run_id: i64) -> Result<(), Error> {
        if self.savepoints.depth() > 0 {
            return Err(Error::new(sqlstate::INTERNAL, "a run was to commit inside a savepoint"));
        }
        let Some(Stepping::Commits { schemas, saved, snapshot }) = &mut self.stepping else { return Ok(()) };
        drop(snapshot.take());
        // SAFETY: the innermost connection to SPI is that of `Connection`, which allows it; no guard of ours is open.
        unsafe { pg_sys::SPI_commit() };
        *snapshot = Some(Snapshot::push());
        let (schemas, saved) = (schemas.clone(), *saved);
        schemas.iter().try_for_each(|schema| self.lock(schema))?;
        if self.take_run(run_id)? == saved { Ok(()) } else { Err(in_use(run_id)) }
    }

    /// Takes the lock of a run until the transaction ends; how often it was saved.
    pub(super) fn take_run(&mut self, run_id: i64) -> Result<i64, Error> {
        self.steps_of_run(run_id)?.ok_or_else(|| in_use(run_id))
    }
}

fn in_use(run_id: i64) -> Error {
    Error::new(sqlstate::IN_USE, format!("run {run_id} is carried out by another session"))
        .hint("The same call waits for nothing: run it again when that session has ended.")
}

/// The snapshot of a transaction that a commit began: what reads values kept out of line wants one.
pub(super) struct Snapshot(());

impl Snapshot {
    fn push() -> Self {
        // SAFETY: popped by `drop`, or by the transaction that an error ends.
        unsafe { pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot()) };
        Self(())
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: pushed by `push`; what was pushed later is popped already.
            unsafe { pg_sys::PopActiveSnapshot() };
        }
    }
}

/// A connection to SPI under which a procedure may commit. While an error unwinds it is left to PostgreSQL.
struct Connection(());

impl Connection {
    /// Fails where the procedure was called inside a transaction block or by a function.
    fn outside_a_transaction(call: pg_sys::FunctionCallInfo) -> Result<Self, Error> {
        // SAFETY: PostgreSQL's own argument.
        let context = unsafe { (*call).context };
        // SAFETY: NULL or a node.
        let is_call = !context.is_null() && unsafe { (*context).type_ } == pg_sys::NodeTag::T_CallContext;
        // SAFETY: a node of that tag is a CallContext.
        if !is_call || unsafe { (*context.cast::<pg_sys::CallContext>()).atomic } {
            return Err(Error::new(sqlstate::CANNOT_COMMIT, "generate_in_steps cannot commit here")
                .detail("It was called inside a transaction block, or by a function.")
                .hint("CALL it by itself; synthgen.generate() does the same in the caller's transaction."));
        }
        // SAFETY: connections nest; this one allows commits.
        match unsafe { pg_sys::SPI_connect_ext(pg_sys::SPI_OPT_NONATOMIC as std::ffi::c_int) } {
            code if code >= 0 => Ok(Self(())),
            code => Err(Error::new(sqlstate::INTERNAL, format!("could not connect inside the server: {code}"))),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: connected when `self` was made; connections nest and so do guards.
            unsafe { pg_sys::SPI_finish() };
        }
    }
}
