//! Errors across the boundary: what PostgreSQL raised becomes a value, what the engine returns becomes an ereport.
//!
//! pgrx keeps SQLSTATE, message, detail and hint of an error and loses the rest. A `Witness` on PostgreSQL's
//! context stack reads the rest while the error is being built; `raise` adds it again when the error leaves us.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};

use pgrx::pg_sys::panic::{CaughtError, ErrorReport, ErrorReportWithLevel};
use pgrx::prelude::*;

use crate::engine::error::{Error, Report, sqlstate};
use crate::engine::port::DatabaseError;
use crate::extension::text;

/// Characters of an error's context that are shown.
const MAX_CONTEXT: usize = 1000;

// pgrx leaves these out of its bindings; only `errfinish` raises, and that from level ERROR on.
unsafe extern "C-unwind" {
    fn errstart(level: c_int, domain: *const c_char) -> bool;
    fn errfinish(file: *const c_char, line: c_int, function: *const c_char);
    fn errcode(code: c_int) -> c_int;
    fn errmsg_internal(format: *const c_char, ...) -> c_int;
    fn errdetail_internal(format: *const c_char, ...) -> c_int;
    fn errhint(format: *const c_char, ...) -> c_int;
    fn errcontext_msg(format: *const c_char, ...) -> c_int;
    fn err_generic_string(field: c_int, value: *const c_char) -> c_int;
}

/// Reads each error raised while it stands, with the fields that pgrx drops.
pub(super) struct Witness {
    callback: Box<pg_sys::ErrorContextCallback>,
    seen: Box<RefCell<Option<DatabaseError>>>,
}

impl Witness {
    /// Puts a witness on top of PostgreSQL's stack of error contexts.
    pub(super) fn stand() -> Self {
        let seen = Box::new(RefCell::new(None));
        // SAFETY: a process global, read by the one thread that PostgreSQL has.
        let previous = unsafe { pg_sys::error_context_stack };
        let arg = std::ptr::from_ref(seen.as_ref()).cast_mut().cast();
        let mut callback = Box::new(pg_sys::ErrorContextCallback { previous, callback: Some(watch), arg });
        // SAFETY: the box keeps its address until `drop`, which takes it off the stack.
        unsafe { pg_sys::error_context_stack = callback.as_mut() };
        Self { callback, seen }
    }

    /// The last error seen, once.
    pub(super) fn take(&self) -> Option<DatabaseError> {
        self.seen.borrow_mut().take()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // SAFETY: calls nest, so what stood below us when we came is what must stand there when we go.
        unsafe { pg_sys::error_context_stack = self.callback.previous };
    }
}

/// PostgreSQL calls this inside `errfinish`, in `ErrorContext`, for every message, notices too.
#[pg_guard]
unsafe extern "C-unwind" fn watch(seen: *mut c_void) {
    // SAFETY: `Witness::stand` passed this pointer; the box lives as long as the callback is on the stack.
    let seen = unsafe { &*seen.cast::<RefCell<Option<DatabaseError>>>() };
    // SAFETY: CopyErrorData must not allocate in ErrorContext; TopMemoryContext always exists, and the copy is freed below.
    let before = unsafe { pg_sys::MemoryContextSwitchTo(pg_sys::TopMemoryContext) };
    // SAFETY: an error is being built, which is all that CopyErrorData asks.
    let copy = unsafe { pg_sys::CopyErrorData() };
    // SAFETY: CopyErrorData returns a valid, unshared structure.
    let data = unsafe { &*copy };
    if data.elevel >= pg_sys::PGERROR as c_int {
        seen.replace(Some(read(data)));
    }
    // SAFETY: made above and not used after this.
    unsafe { pg_sys::FreeErrorData(copy) };
    // SAFETY: the context that was current when we were called.
    unsafe { pg_sys::MemoryContextSwitchTo(before) };
}

fn read(data: &pg_sys::ErrorData) -> DatabaseError {
    let sqlstate = unpack(data.sqlerrcode);
    // SAFETY: a setting's value, a string that lives as long as it is not set again.
    let path = field(unsafe { pg_sys::namespace_search_path }).unwrap_or_default();
    DatabaseError {
        hint: with_path(&sqlstate, field(data.hint), &path),
        sqlstate,
        message: field(data.message).unwrap_or_default(),
        detail: field(data.detail),
        context: field(data.context),
        constraint: field(data.constraint_name),
        column: field(data.column_name),
        table: field(data.table_name),
        line: None,
    }
}

/// Where something is not found by name, says under which path it was looked for: triggers, defaults and checks run
/// under the caller's, and their authors may have had another one.
fn with_path(sqlstate: &str, hint: Option<String>, path: &str) -> Option<String> {
    let is_lookup = matches!(sqlstate, "42P01" | "42883" | "42704");
    if !is_lookup || path.starts_with("pg_catalog,") {
        return hint;
    }
    let own = format!(
        "It was looked for along the search_path {path}. If a trigger, default or check needs another one: SET search_path = .. first."
    );
    Some(hint.map_or_else(|| own.clone(), |hint| format!("{hint} {own}")))
}

fn field(value: *const c_char) -> Option<String> {
    // SAFETY: a field of ErrorData is NULL or a string that ends in NUL.
    (!value.is_null()).then(|| text::lossy(unsafe { CStr::from_ptr(value) }))
}

/// The error as a value: what pgrx kept, and what the witness saw of the same error.
pub(super) fn describe(report: &ErrorReportWithLevel, seen: Option<DatabaseError>) -> DatabaseError {
    let told = DatabaseError {
        sqlstate: unpack(report.sql_error_code() as c_int),
        message: report.message().to_owned(),
        detail: report.detail().map(str::to_owned),
        hint: report.hint().map(str::to_owned),
        ..DatabaseError::default()
    };
    match seen {
        // What pgrx could not read as UTF-8 it has marked so; the witness reads better.
        Some(seen) if seen.message == told.message || told.message.contains('\u{fffd}') => seen,
        _ => told,
    }
}

/// Sends a message below ERROR, in the server's encoding.
pub(super) fn tell(level: PgLogLevel, message: &str) -> Result<(), Error> {
    let message = text::to_server(message)?;
    // SAFETY: NULL stands for PostgreSQL's own texts; true: somebody wants to hear it.
    if unsafe { errstart(level as c_int, std::ptr::null()) } {
        // SAFETY: between errstart and errfinish; the format takes exactly one string, which PostgreSQL copies.
        unsafe { errmsg_internal(c"%s".as_ptr(), message.as_ptr()) };
        // SAFETY: ends what errstart began; both names are constants.
        unsafe { errfinish(c"error.rs".as_ptr(), 0, c"tell".as_ptr()) };
    }
    Ok(())
}

/// Whether an error is no judgement on a row: cancel, shutdown, serialisation, lost resources, corruption.
pub(super) fn ends_transaction(sqlstate: &str) -> bool {
    // The file of a foreign table that is not there (58P01) is the table's own affair.
    let lost = matches!(sqlstate.get(..2), Some("40" | "53" | "57" | "58")) && sqlstate != "58P01";
    lost || matches!(sqlstate, "XX001" | "XX002")
}

/// Raises the engine's error: the one place where its conditions become SQLSTATE, detail and hint.
pub(super) fn raise(error: Error) -> ! {
    match error {
        Error::Report(report) => raise_report(*report),
        Error::Database(error) => raise_database(*error),
        // Whoever asks for a step takes it as an answer.
        Error::Paused => {
            raise_report(Report { sqlstate: sqlstate::INTERNAL, message: Error::Paused.to_string(), detail: None, hint: None })
        }
        Error::Cancelled => {
            pgrx::check_for_interrupts!();
            raise_database(DatabaseError { sqlstate: "57014".into(), message: Error::Cancelled.to_string(), ..DatabaseError::default() })
        }
    }
}

/// Raises again what came out of PostgreSQL or a panic, with the fields that the witness saw.
pub(super) fn reraise(caught: CaughtError, seen: Option<DatabaseError>) -> ! {
    match caught {
        CaughtError::PostgresError(report) => raise_database(describe(&report, seen)),
        CaughtError::ErrorReport(report) => raise_database(describe(&report, None)),
        CaughtError::RustPanic { ereport, .. } => raise_database(fault(&ereport)),
    }
}

/// A fault of ours, without the backtrace that pgrx would show where RUST_BACKTRACE is set.
fn fault(report: &ErrorReportWithLevel) -> DatabaseError {
    let place = format!("{}:{}", report.file(), report.line_number());
    DatabaseError {
        sqlstate: sqlstate::INTERNAL.to_owned(),
        message: format!("internal error: {}", report.message()),
        hint: Some(format!("This is a fault of synthgen, at {place}. Please report it.")),
        ..DatabaseError::default()
    }
}

fn raise_report(report: Report) -> ! {
    let Report { sqlstate, message, detail, hint } = report;
    raise_database(DatabaseError { sqlstate: sqlstate.into(), message, detail, hint, ..DatabaseError::default() })
}

fn raise_database(error: DatabaseError) -> ! {
    let mut report = ErrorReport::new(PgSqlErrorCode::from(pack(&error.sqlstate)), error.message.clone(), "synthgen");
    if let Some(detail) = &error.detail {
        report = report.set_detail(detail.clone());
    }
    if let Some(hint) = &error.hint {
        report = report.set_hint(hint.clone());
    }
    amend_next_error(error);
    report.report(PgLogLevel::ERROR);
    unreachable!("an ERROR does not return")
}

thread_local! {
    /// What `amend` adds to the error that is being raised.
    static AMENDMENT: RefCell<Option<DatabaseError>> = const { RefCell::new(None) };
}

/// Lets the error that is raised next carry context, constraint, column, table and any SQLSTATE.
fn amend_next_error(error: DatabaseError) {
    AMENDMENT.with(|slot| slot.replace(Some(error)));
    let callback = Box::new(pg_sys::ErrorContextCallback {
        // SAFETY: a process global, read by the one thread that PostgreSQL has.
        previous: unsafe { pg_sys::error_context_stack },
        callback: Some(amend),
        arg: std::ptr::null_mut(),
    });
    // SAFETY: leaked on purpose (24 bytes an error): whoever catches the error restores the stack that it saved before
    // it called us, so nobody takes this one off, and it must stay valid until then.
    unsafe { pg_sys::error_context_stack = Box::leak(callback) };
}

#[pg_guard]
unsafe extern "C-unwind" fn amend(_unused: *mut c_void) {
    let Some(error) = AMENDMENT.with(RefCell::take) else { return };
    // SAFETY: we are inside errfinish, where the error's fields may be set.
    unsafe { errcode(pack(&error.sqlstate)) };
    if !text::server_is_utf8() {
        spell(&error);
    }
    for (field, value) in [
        (pg_sys::PG_DIAG_CONSTRAINT_NAME, &error.constraint),
        (pg_sys::PG_DIAG_COLUMN_NAME, &error.column),
        (pg_sys::PG_DIAG_TABLE_NAME, &error.table),
    ] {
        if let Some(value) = value.as_deref().and_then(c_string) {
            // SAFETY: as above; PostgreSQL copies the string.
            unsafe { err_generic_string(c_int::from(field), value.as_ptr()) };
        }
    }
    if let Some(context) = error.context.as_deref().map(shortened).and_then(|context| c_string(&context)) {
        // SAFETY: as above; the format takes exactly one string.
        unsafe { errcontext_msg(c"%s".as_ptr(), context.as_ptr()) };
    }
}

/// Says the error again in the server's encoding: pgrx said it in UTF-8. What has no such spelling stays as it was.
fn spell(error: &DatabaseError) {
    let spelled = |text: &str| text::to_server(text).ok();
    if let Some(message) = spelled(&error.message) {
        // SAFETY: we are inside errfinish; the format takes exactly one string, which PostgreSQL copies.
        unsafe { errmsg_internal(c"%s".as_ptr(), message.as_ptr()) };
    }
    if let Some(detail) = error.detail.as_deref().and_then(spelled) {
        // SAFETY: as above.
        unsafe { errdetail_internal(c"%s".as_ptr(), detail.as_ptr()) };
    }
    if let Some(hint) = error.hint.as_deref().and_then(spelled) {
        // SAFETY: as above.
        unsafe { errhint(c"%s".as_ptr(), hint.as_ptr()) };
    }
}

/// Contexts quote whole statements, and ours may hold hundreds of rows.
fn shortened(context: &str) -> String {
    match context.char_indices().nth(MAX_CONTEXT) {
        Some((end, _)) => format!("{} ..", &context[..end]),
        None => context.to_owned(),
    }
}

fn c_string(value: &str) -> Option<CString> {
    CString::new(value).ok()
}

/// PostgreSQL's integer for the five characters of a SQLSTATE: six bits each, the first lowest.
fn pack(sqlstate: &str) -> c_int {
    sqlstate.bytes().take(5).rev().fold(0, |code, byte| (code << 6) | c_int::from(byte.wrapping_sub(b'0') & 0x3f))
}

fn unpack(code: c_int) -> String {
    (0..5).map(|place| char::from(b'0' + ((code >> (6 * place)) & 0x3f) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::{ends_transaction, pack, shortened, unpack, with_path};

    #[test]
    fn a_sqlstate_survives_packing() {
        for state in ["23505", "XX000", "0A000", "P0001", "22P02", "AB9ZZ"] {
            assert_eq!(unpack(pack(state)), state);
        }
        assert_eq!(pack("23505"), 83_906_754, "ERRCODE_UNIQUE_VIOLATION of errcodes.h");
    }

    #[test]
    fn what_is_not_found_was_looked_for_along_a_path() {
        let hint = with_path("42P01", None, "app, public").expect("a hint");
        assert!(hint.contains("search_path app, public."), "{hint}");
        assert!(with_path("42883", Some("Cast it.".into()), "a").expect("both").starts_with("Cast it. It was"));
        assert_eq!(with_path("42P01", None, "pg_catalog, pg_temp"), None, "our own statements name schemas");
        assert_eq!(with_path("23505", None, "a"), None);
    }

    #[test]
    fn a_long_context_is_cut_between_characters() {
        assert_eq!(shortened("COPY t, line 2"), "COPY t, line 2");
        assert_eq!(shortened(&"é".repeat(2000)).chars().count(), 1003);
    }

    #[test]
    fn a_cancel_is_not_a_judgement_on_a_row() {
        assert!(ends_transaction("57014") && ends_transaction("40P01"));
        assert!(!ends_transaction("23505") && !ends_transaction("42501"));
        assert!(ends_transaction("58030") && !ends_transaction("58P01"));
    }
}
