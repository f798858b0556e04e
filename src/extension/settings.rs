//! The settings `synthgen.*`.
//!
//! What bounds others' resources or guards production is a superuser's (also by ALTER DATABASE .. SET);
//! what only changes the caller's own run is the caller's.

use std::ffi::CStr;

use pgrx::{GucContext, GucFlags, GucRegistry, GucSetting, PostgresGucEnum};

use crate::extension::compat;

/// How the report of a run is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum Progress {
    /// Not at all.
    #[name = c"off"]
    Off,
    /// As notices, which `client_min_messages` can silence.
    #[name = c"notice"]
    Notice,
    /// As INFO, which always reaches the client.
    #[name = c"info"]
    Info,
}

/// What becomes of addresses and numbers that could reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum Contacts {
    /// Only reserved domains and numbers.
    #[name = c"safe"]
    Safe,
    /// As rules and reference rows write them.
    #[name = c"as_written"]
    AsWritten,
}

pub(super) static PROGRESS: GucSetting<Progress> = GucSetting::<Progress>::new(Progress::Notice);
pub(super) static CONTACTS: GucSetting<Contacts> = GucSetting::<Contacts>::new(Contacts::Safe);
pub(super) static ALLOW: GucSetting<bool> = GucSetting::<bool>::new(true);
pub(super) static STORED_ROWS: GucSetting<i32> = GucSetting::<i32>::new(100_000);
pub(super) static RANKED_ROWS: GucSetting<i32> = GucSetting::<i32>::new(4_000_000);
pub(super) static MAX_ROWS: GucSetting<i32> = GucSetting::<i32>::new(1_000_000_000);

/// Defines them all; called once a backend, when the library is loaded.
pub(super) fn define() {
    define_choices();
    define_limits();
    compat::reserve_settings_prefix(c"synthgen");
}

fn define_choices() {
    GucRegistry::define_enum_guc(
        c"synthgen.progress",
        c"How the report of a run is sent.",
        c"notice (client_min_messages applies), info (always reaches the client) or off.",
        &PROGRESS,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_enum_guc(
        c"synthgen.contacts",
        c"Whether made-up addresses and numbers may look like somebody's.",
        c"safe: only domains and numbers reserved for examples; as_written: as rules and reference rows say.",
        &CONTACTS,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_bool_guc(
        c"synthgen.allow",
        c"Whether functions that write may run.",
        c"Meant for ALTER DATABASE .. SET synthgen.allow = off where data are real.",
        &ALLOW,
        GucContext::Suset,
        GucFlags::default(),
    );
}

fn define_limits() {
    define_rows(
        c"synthgen.stored_rows",
        c"Greatest number of rows of a filled table that are read as parents.",
        &STORED_ROWS,
        GucContext::Userset,
    );
    define_rows(
        c"synthgen.ranked_rows",
        c"Greatest number of rows that are put in order of time together, at about 12 bytes each.",
        &RANKED_ROWS,
        GucContext::Userset,
    );
    define_rows(c"synthgen.max_rows", c"Greatest number of rows that one call may ask of one table.", &MAX_ROWS, GucContext::Suset);
}

fn define_rows(name: &'static CStr, description: &'static CStr, setting: &'static GucSetting<i32>, context: GucContext) {
    GucRegistry::define_int_guc(name, description, c"In rows.", setting, 1, i32::MAX, context, GucFlags::default());
}
