//! The backend as the engine's world: what a call of ours holds while it works in the caller's transaction.

use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::CaughtError;
use pgrx::prelude::*;

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::DatabaseError;
use crate::extension::error::{self, Witness};
use crate::extension::savepoint::Savepoints;
use crate::extension::steps::Stepping;

/// The database, the sink, the observer and the ledger of one call.
///
/// Fields drop in order: open savepoints are undone while the witness still stands.
pub(super) struct Backend {
    pub(super) savepoints: Savepoints,
    witness: Witness,
    /// The extension's owner, once it was looked up.
    pub(super) owner: Option<pg_sys::Oid>,
    /// When the call began; the report alone tells time.
    pub(super) begun: std::time::Instant,
    /// How the call commits as it goes, if it does.
    pub(super) stepping: Option<Stepping>,
}

/// Runs one call of ours, start to end; whatever goes wrong leaves it as a PostgreSQL error.
///
/// Everything of ours is dropped before the error is raised: open savepoints are rolled back, so that
/// an EXCEPTION block around the call undoes its own savepoint and not one of ours.
pub(super) fn run<T>(work: impl FnOnce(&mut Backend) -> Result<T, Error>) -> T {
    let mut backend = Backend {
        savepoints: Savepoints::default(),
        witness: Witness::stand(),
        owner: None,
        begun: std::time::Instant::now(),
        stepping: None,
    };
    let outcome = catch(|| work(&mut backend));
    let seen = backend.witness.take();
    if outcome.is_err() {
        // What the error's transaction had pushed goes with it, in an order of PostgreSQL's.
        std::mem::forget(backend.stepping.take());
    }
    drop(backend);
    match outcome {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => error::raise(error),
        Err(caught) => error::reraise(*caught, seen),
    }
}

impl Backend {
    /// Runs one request to the database. Inside a savepoint an error comes back as a value, and the savepoint
    /// must then be rolled back; outside one it passes through to the caller of `run`.
    pub(super) fn attempt<T>(&mut self, request: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if self.savepoints.broken {
            return Err(Error::new(sqlstate::INTERNAL, "a request was sent after an error and before the savepoint's rollback"));
        }
        if self.savepoints.depth() == 0 {
            return request();
        }
        match catch(request) {
            Ok(result) => result,
            Err(caught) => {
                self.savepoints.broken = true;
                Err(self.refusal(*caught).into())
            }
        }
    }

    /// What the database said, unless the whole transaction is lost anyway: then the error passes on.
    fn refusal(&self, caught: CaughtError) -> DatabaseError {
        let CaughtError::PostgresError(report) = &caught else { caught.rethrow() };
        let error = error::describe(report, self.witness.take());
        if error::ends_transaction(&error.sqlstate) { caught.rethrow() } else { error }
    }
}

fn catch<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<Result<T, Error>, Box<CaughtError>> {
    PgTryBuilder::new(AssertUnwindSafe(|| Ok(work()))).catch_others(|caught| Err(Box::new(caught))).execute()
}
