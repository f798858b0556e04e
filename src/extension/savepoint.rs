//! Savepoints inside a function call, by internal subtransactions, as plpgsql's EXCEPTION blocks do them.

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};

/// The savepoints that are open, outermost first.
#[derive(Default)]
pub(super) struct Savepoints {
    open: Vec<Savepoint>,
    /// An error was caught since the innermost one was opened; only its rollback may follow.
    pub(super) broken: bool,
}

/// What PostgreSQL changes when a subtransaction begins or ends, and what callers must put back.
struct Savepoint {
    memory: pg_sys::MemoryContext,
    owner: pg_sys::ResourceOwner,
}

impl Savepoints {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn open(&mut self) -> Result<(), Error> {
        self.refuse_when_broken()?;
        // SAFETY: both are process globals, only read here, by the one thread that PostgreSQL has.
        let savepoint = unsafe { Savepoint { memory: pg_sys::CurrentMemoryContext, owner: pg_sys::CurrentResourceOwner } };
        // SAFETY: we are in a transaction, as every SQL function is; a nameless subtransaction is allowed in any.
        unsafe { pg_sys::BeginInternalSubTransaction(std::ptr::null()) };
        savepoint.restore_memory();
        self.open.push(savepoint);
        Ok(())
    }

    pub(super) fn release(&mut self) -> Result<(), Error> {
        self.refuse_when_broken()?;
        let savepoint = self.open.pop().ok_or_else(none_open)?;
        // SAFETY: the innermost subtransaction is the one we opened: users' code closes its own.
        unsafe { pg_sys::ReleaseCurrentSubTransaction() };
        savepoint.restore();
        Ok(())
    }

    pub(super) fn rollback(&mut self) -> Result<(), Error> {
        let savepoint = self.open.pop().ok_or_else(none_open)?;
        // SAFETY: as in `release`; after an error this is what returns the session to a known state.
        unsafe { pg_sys::RollbackAndReleaseCurrentSubTransaction() };
        savepoint.restore();
        self.broken = false;
        Ok(())
    }

    fn refuse_when_broken(&self) -> Result<(), Error> {
        if self.broken {
            return Err(Error::new(sqlstate::INTERNAL, "a savepoint was used after an error and before its rollback"));
        }
        Ok(())
    }
}

impl Savepoint {
    fn restore_memory(&self) {
        // SAFETY: the context was current when the savepoint was opened and belongs to the function call around it.
        unsafe { pg_sys::CurrentMemoryContext = self.memory };
    }

    fn restore(&self) {
        self.restore_memory();
        // SAFETY: the owner was current when the savepoint was opened; it is the outer transaction's and outlives it.
        unsafe { pg_sys::CurrentResourceOwner = self.owner };
    }
}

impl Drop for Savepoints {
    /// Undoes what an error left open: the outermost error belongs to the caller's transaction, not to ours.
    fn drop(&mut self) {
        while self.depth() > 0 {
            let _ = self.rollback();
        }
    }
}

fn none_open() -> Error {
    Error::new(sqlstate::INTERNAL, "no savepoint is open")
}
