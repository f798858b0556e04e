//! The sink: a table's rows by COPY inside the backend, with every check that COPY as a command makes.
//!
//! `CopyFrom` itself checks neither privileges nor row security nor a read-only transaction; the command does
//! it before, and so do we. Tables that take no COPY here get the same rows by INSERT (see `insert`).

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use pgrx::prelude::*;

use crate::engine::error::Error;
use crate::engine::port::{CopyTarget, RowSink, RowSource};
use crate::extension::backend::Backend;
use crate::extension::memory::Memory;
use crate::extension::relation::Target;
use crate::extension::{compat, insert};

impl RowSink for Backend {
    fn copy(&mut self, target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error> {
        let mut name = String::new();
        let copied = self.attempt(|| {
            let table = Target::open(target)?;
            table.name.clone_into(&mut name);
            table.takes_copy()?.then(|| copy_rows(&table, source)).transpose()
        });
        match copied.map_err(|error| with_line(error, &name))? {
            Some(stored) => Ok(stored),
            None => insert::rows(self, target, source),
        }
    }
}

/// Text that COPY pulls, on a stack: a trigger may fill another table by a COPY of ours while the first is under way.
struct Feed<'a> {
    source: &'a mut dyn RowSource,
    /// Whole rows not yet taken, from `taken` on.
    buffer: Vec<u8>,
    taken: usize,
    failure: Option<Error>,
    below: Option<NonNull<Feed<'static>>>,
}

thread_local! {
    static TOP: Cell<Option<NonNull<Feed<'static>>>> = const { Cell::new(None) };
}

fn copy_rows(table: &Target, source: &mut dyn RowSource) -> Result<u64, Error> {
    let mut feed = Feed { source, buffer: Vec::new(), taken: 0, failure: None, below: None };
    let stored = {
        let _stack = Stacked::push(&mut feed);
        let _memory = Memory::enter(c"synthgen copy");
        run_copy(table)
    };
    match feed.failure.take() {
        Some(error) => Err(error),
        None => Ok(stored),
    }
}

fn run_copy(table: &Target) -> u64 {
    let _snapshot = Snapshot::push();
    let (state, columns, options) = (table.parse_state(), table.column_list(), encoding_option());
    // SAFETY: the parse state has the one entry of the open table; the lists hold String and DefElem nodes.
    let copy = unsafe { compat::begin_copy_from(state, table.relation, Some(feed), columns, options) };
    // SAFETY: begun above; it pulls from the feed on top of the stack.
    let stored = unsafe { pg_sys::CopyFrom(copy) };
    // SAFETY: begun above and not used after this.
    unsafe { pg_sys::EndCopyFrom(copy) };
    // SAFETY: made for this COPY alone.
    unsafe { pg_sys::free_parsestate(state) };
    stored
}

/// `(ENCODING 'UTF8')`: without it COPY would take our text to be in the client's encoding.
fn encoding_option() -> *mut pg_sys::List {
    // SAFETY: copies a constant into the current memory context.
    let value = unsafe { compat::string_node(pg_sys::pstrdup(c"UTF8".as_ptr())) };
    // SAFETY: copies a constant into the current memory context.
    let name = unsafe { pg_sys::pstrdup(c"encoding".as_ptr()) };
    // SAFETY: both belong to the element from now on.
    let option = unsafe { pg_sys::makeDefElem(name, value, -1) };
    // SAFETY: NULL is the empty list.
    unsafe { pg_sys::lappend(std::ptr::null_mut(), option.cast()) }
}

/// Called by COPY for more text; returns the number of bytes, 0 at the end. An error of the source ends the data too.
#[pg_guard]
unsafe extern "C-unwind" fn feed(out: *mut c_void, _least: c_int, most: c_int) -> c_int {
    let Some(mut top) = TOP.get() else { return 0 };
    // SAFETY: the feed stands on the frame of `copy_rows`, which ends only after COPY has; sources run no SQL, so
    // nobody else holds it.
    let feed = unsafe { top.as_mut() };
    let piece = feed.next(most as usize);
    // SAFETY: COPY gives room for `most` bytes, and a piece is no longer.
    unsafe { std::ptr::copy_nonoverlapping(piece.as_ptr(), out.cast(), piece.len()) };
    piece.len() as c_int
}

impl Feed<'_> {
    fn next(&mut self, most: usize) -> &[u8] {
        if self.taken == self.buffer.len() {
            self.refill();
        }
        let from = self.taken;
        self.taken = self.buffer.len().min(from + most);
        &self.buffer[from..self.taken]
    }

    /// Only whole rows are handed over: what a source leaves behind as it fails is dropped.
    fn refill(&mut self) {
        self.buffer.clear();
        self.taken = 0;
        if self.failure.is_some() {
            return;
        }
        if let Err(error) = self.source.fill(&mut self.buffer) {
            self.buffer.clear();
            self.failure = Some(error);
        }
    }
}

/// A feed on top of the stack until this goes out of scope, also by an error.
struct Stacked(Option<NonNull<Feed<'static>>>);

impl Stacked {
    fn push(feed: &mut Feed<'_>) -> Self {
        feed.below = TOP.get();
        let below = feed.below;
        TOP.set(Some(NonNull::from(feed).cast()));
        Self(below)
    }
}

impl Drop for Stacked {
    fn drop(&mut self) {
        TOP.set(self.0);
    }
}

/// A fresh snapshot for one COPY, so that it sees what the statements before it did.
struct Snapshot(());

impl Snapshot {
    fn push() -> Self {
        // SAFETY: makes the effects of earlier commands of this transaction visible to the next snapshot.
        unsafe { pg_sys::CommandCounterIncrement() };
        // SAFETY: popped by `drop`, or by the (sub)transaction that an error ends.
        unsafe { pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot()) };
        Self(())
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // SAFETY: pushed by `push`; guards nest.
        unsafe { pg_sys::PopActiveSnapshot() };
        // SAFETY: makes the rows of this COPY visible to the next command.
        unsafe { pg_sys::CommandCounterIncrement() };
    }
}

/// Adds the line of the refused row, which COPY tells in its context only.
fn with_line(error: Error, table: &str) -> Error {
    match error {
        Error::Database(mut refusal) => {
            refusal.line = refusal.context.as_deref().and_then(|context| line_of(context, table));
            Error::Database(refusal)
        }
        other => other,
    }
}

/// The line in COPY's own context, which comes last: `COPY t, line 42: "..."`. The words are translated, the relation's
/// name and the number are not, and in every language the text begins with COPY or with the name.
fn line_of(context: &str, table: &str) -> Option<u64> {
    let last = context.rsplit('\n').next().unwrap_or(context);
    let last = last.strip_prefix("COPY ").unwrap_or(last);
    let rest = last.strip_prefix(table)?;
    let digits = rest.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn the_line_is_the_first_integer_after_the_name() {
        assert_eq!(line_of("COPY t2, line 42: \"7\t8\"", "t2"), Some(42));
        assert_eq!(line_of("COPY t2, Zeile 42, Spalte a: »7«", "t2"), Some(42));
        assert_eq!(line_of("t2のCOPY、行 42: \"9\"", "t2"), Some(42));
    }

    #[test]
    fn a_trigger_inside_is_passed_over() {
        let context = "SQL statement \"select 1\"\nPL/pgSQL function t2() line 3 at RAISE\nCOPY t2, line 17: \"1\"";
        assert_eq!(line_of(context, "t2"), Some(17));
    }

    #[test]
    fn another_context_has_no_line() {
        assert_eq!(line_of("PL/pgSQL function t2() line 3 at RAISE", "t2"), None);
        assert_eq!(line_of("SQL statement \"SELECT 1 FROM ONLY t2 x WHERE a = 5\"", "t2"), None);
    }
}
