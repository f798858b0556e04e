//! A memory context of our own for a piece of work, gone when the work is done.

use std::ffi::CStr;

use pgrx::pg_sys;

/// A fresh context that is current until this goes out of scope.
///
/// Its parent is the (sub)transaction's: while an error unwinds it is left alone, because resources that PostgreSQL
/// releases first may still point into it, and goes with the (sub)transaction that the error ends.
pub(super) struct Memory {
    own: pg_sys::MemoryContext,
    before: pg_sys::MemoryContext,
}

impl Memory {
    /// Makes the context and switches to it.
    pub(super) fn enter(name: &'static CStr) -> Self {
        // SAFETY: the parent exists in every transaction, and the name lives for ever.
        let own = unsafe {
            pg_sys::AllocSetContextCreateInternal(
                pg_sys::CurTransactionContext,
                name.as_ptr(),
                pg_sys::ALLOCSET_DEFAULT_MINSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_INITSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
            )
        };
        // SAFETY: made above.
        let before = unsafe { pg_sys::MemoryContextSwitchTo(own) };
        Self { own, before }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // SAFETY: was current when we came; guards nest.
        unsafe { pg_sys::MemoryContextSwitchTo(self.before) };
        // SAFETY: ours, and what was made in it is not used after this.
        unsafe { pg_sys::MemoryContextDelete(self.own) };
    }
}
