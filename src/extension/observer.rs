//! Notices and interrupts.

use pgrx::prelude::*;

use crate::engine::error::Error;
use crate::engine::port::Observer;
use crate::extension::backend::Backend;
use crate::extension::error;
use crate::extension::settings::{PROGRESS, Progress};

impl Observer for Backend {
    fn notice(&mut self, text: &str) {
        let level = match PROGRESS.get() {
            Progress::Off => return,
            Progress::Notice => PgLogLevel::NOTICE,
            Progress::Info => PgLogLevel::INFO,
        };
        // A line of the report that cannot be said is no reason to fail.
        let _ = error::tell(level, text);
    }

    /// A cancel or a timeout is raised from here at once, through the engine's frames as a panic: PostgreSQL sets the
    /// same flag for requests that end nothing (a barrier, a log request), and only it can tell them apart.
    fn interrupted(&mut self) -> Result<(), Error> {
        pgrx::check_for_interrupts!();
        Ok(())
    }

    fn elapsed_ms(&mut self) -> f64 {
        self.begun.elapsed().as_secs_f64() * 1000.0
    }
}

// pgrx leaves them out of its bindings.
unsafe extern "C-unwind" {
    fn PostmasterIsAliveInternal() -> bool;
    fn proc_exit(code: std::ffi::c_int) -> !;
}

/// Ends the process where the server is gone, as waiting inside PostgreSQL does: while requests to others are waited for,
/// nobody else looks, and the server could not be started again.
pub(super) fn end_with_the_server() {
    // SAFETY: reads a pipe that the server's first process holds open.
    if !unsafe { PostmasterIsAliveInternal() } {
        // SAFETY: what is under way is lost with the server's memory; PostgreSQL ends its processes in this way too.
        unsafe { proc_exit(1) };
    }
}
