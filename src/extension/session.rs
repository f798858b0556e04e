//! Settings of the session that are set for a moment and put back, without a trace for users' code.

use std::ffi::{CStr, c_int};

use pgrx::pg_sys;

use crate::engine::error::Error;
use crate::extension::text;

/// How values are printed: one text for one value, whatever the caller's session says.
const FORMATS: [(&CStr, &CStr); 7] = [
    (c"datestyle", c"ISO, YMD"),
    (c"timezone", c"UTC"),
    (c"intervalstyle", c"postgres"),
    (c"extra_float_digits", c"1"),
    (c"bytea_output", c"hex"),
    (c"xmlbinary", c"base64"),
    (c"lc_monetary", c"C"),
];

/// Under this path PostgreSQL prints every name that is not built in with its schema.
const PATH: (&CStr, &CStr) = (c"search_path", c"pg_catalog, pg_temp");

/// Statements over the catalog look costly to the planner and are not: compiling them takes longer than running them.
const INTERPRETED: (&CStr, &CStr) = (c"jit", c"off");

/// Settings changed until this goes out of scope. While an error unwinds they are left to PostgreSQL, which puts
/// them back with the (sub)transaction that it ends.
pub(super) struct Session {
    level: c_int,
}

impl Session {
    /// Changes the settings given, which any user may set.
    pub(super) fn with(settings: &[(&str, &str)]) -> Result<Self, Error> {
        let session = Self::begin();
        for (name, value) in settings {
            set((&text::to_server(name)?, &text::to_server(value)?));
        }
        Ok(session)
    }

    /// Pins search path and formats: for statements that hold only our own SQL.
    pub(super) fn pinned() -> Self {
        let session = Self::formats();
        set(PATH);
        set(INTERPRETED);
        session
    }

    /// Pins the formats alone: for printing what users' code returned.
    pub(super) fn formats() -> Self {
        let session = Self::begin();
        FORMATS.into_iter().for_each(set);
        session
    }

    fn begin() -> Self {
        // SAFETY: opens a level that `drop` or the transaction's end closes.
        Self { level: unsafe { pg_sys::NewGUCNestLevel() } }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: the level is the one opened by us; guards nest. What was set with GUC_ACTION_SAVE is put back.
            unsafe { pg_sys::AtEOXact_GUC(true, self.level) };
        }
    }
}

fn set((name, value): (&CStr, &CStr)) {
    // SAFETY: two live strings; PostgreSQL copies the value, and raises where it is no such setting's.
    unsafe {
        pg_sys::set_config_option(
            name.as_ptr(),
            value.as_ptr(),
            pg_sys::GucContext::PGC_USERSET,
            pg_sys::GucSource::PGC_S_SESSION,
            pg_sys::GucAction::GUC_ACTION_SAVE,
            true,
            0,
            false,
        )
    };
}
