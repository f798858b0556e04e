//! SPI behind guards: a connection, statements with text parameters, rows read as text in batches.

use std::ffi::{CStr, CString, c_int, c_long};

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::Fields;
use crate::extension::memory::Memory;
use crate::extension::session::Session;
use crate::extension::text;

/// Rows fetched from a cursor at once.
const BATCH: c_long = 1000;

/// A connection to SPI, closed when it goes out of scope. While an error unwinds it is left to PostgreSQL,
/// which closes the connections of the (sub)transaction that it ends.
pub(super) struct Spi(());

impl Spi {
    pub(super) fn connect() -> Result<Self, Error> {
        // SAFETY: connections nest, and every SQL function runs inside a transaction.
        match unsafe { pg_sys::SPI_connect() } {
            code if code >= 0 => Ok(Self(())),
            code => Err(failure("connect", code)),
        }
    }

    /// Runs a statement; returns the number of rows it processed.
    #[expect(clippy::unused_self, reason = "a connection must be open")]
    pub(super) fn execute(&self, sql: &str, parameters: &Fields) -> Result<u64, Error> {
        let sql = text::to_server(sql)?;
        let mut given = Parameters::new(parameters)?;
        // SAFETY: the arrays are of one length and live for the call; SPI is connected while `self` lives.
        let code =
            unsafe { pg_sys::SPI_execute_with_args(sql.as_ptr(), given.count(), given.types(), given.values(), given.nulls(), false, 0) };
        if code < 0 {
            return Err(failure("run a statement", code));
        }
        // SAFETY: a process global, set by the call above.
        Ok(unsafe { pg_sys::SPI_processed })
    }

    /// Runs a query; hands its rows over as text, and returns how many there were. Values are printed in the pinned
    /// formats, whatever settings the query itself runs under.
    pub(super) fn rows(&self, sql: &str, parameters: &Fields, each: &mut dyn FnMut(&Fields) -> Result<(), Error>) -> Result<u64, Error> {
        let portal = self.open(sql, parameters)?;
        let outcome = drain(portal, each);
        // SAFETY: opened above; closed as well where `each` refused a row.
        unsafe { pg_sys::SPI_cursor_close(portal) };
        outcome
    }

    #[expect(clippy::unused_self, reason = "a connection must be open")]
    fn open(&self, sql: &str, parameters: &Fields) -> Result<pg_sys::Portal, Error> {
        let sql = text::to_server(sql)?;
        let mut given = Parameters::new(parameters)?;
        // SAFETY: as in `execute`; SPI copies the parameters into the portal.
        Ok(unsafe {
            pg_sys::SPI_cursor_open_with_args(
                std::ptr::null(),
                sql.as_ptr(),
                given.count(),
                given.types(),
                given.values(),
                given.nulls(),
                false,
                pg_sys::CURSOR_OPT_NO_SCROLL as c_int,
            )
        })
    }
}

fn drain(portal: pg_sys::Portal, each: &mut dyn FnMut(&Fields) -> Result<(), Error>) -> Result<u64, Error> {
    let mut total = 0;
    loop {
        // SAFETY: the caller holds the portal open.
        unsafe { pg_sys::SPI_cursor_fetch(portal, true, BATCH) };
        // SAFETY: a process global, set by the fetch.
        let table = unsafe { pg_sys::SPI_tuptable };
        // SAFETY: a process global, set by the fetch.
        let count = unsafe { pg_sys::SPI_processed };
        if count > 0 {
            hand_over(table, count, each)?;
        }
        // SAFETY: the batch is not used after this.
        unsafe { pg_sys::SPI_freetuptable(table) };
        total += count;
        if count < BATCH as u64 {
            return Ok(total);
        }
    }
}

impl Drop for Spi {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: connected when `self` was made; connections nest and so do guards.
            unsafe { pg_sys::SPI_finish() };
        }
    }
}

fn failure(what: &str, code: c_int) -> Error {
    // SAFETY: PostgreSQL returns a constant or a static buffer.
    let name = text::lossy(unsafe { CStr::from_ptr(pg_sys::SPI_result_code_string(code)) });
    Error::new(sqlstate::INTERNAL, format!("could not {what} inside the server: {name}"))
}

/// The parameters of a statement, all of type text.
struct Parameters {
    types: Vec<pg_sys::Oid>,
    values: Vec<pg_sys::Datum>,
    nulls: Vec<std::ffi::c_char>,
}

impl Parameters {
    fn new(fields: &Fields) -> Result<Self, Error> {
        let mut given = Self { types: vec![pg_sys::TEXTOID; fields.len()], values: Vec::new(), nulls: Vec::new() };
        for field in fields {
            given.values.push(field.map_or(Ok(pg_sys::Datum::from(0)), datum)?);
            given.nulls.push(if field.is_some() { b' ' } else { b'n' } as _);
        }
        Ok(given)
    }

    fn count(&self) -> c_int {
        self.types.len() as c_int
    }

    fn types(&mut self) -> *mut pg_sys::Oid {
        self.types.as_mut_ptr()
    }

    fn values(&mut self) -> *mut pg_sys::Datum {
        self.values.as_mut_ptr()
    }

    fn nulls(&self) -> *const std::ffi::c_char {
        self.nulls.as_ptr()
    }
}

fn datum(value: &str) -> Result<pg_sys::Datum, Error> {
    let value: CString = text::to_server(value)?;
    // SAFETY: pointer and length are of one live string; the copy lives in SPI's own context until it is closed.
    Ok(unsafe { pg_sys::cstring_to_text_with_len(value.as_ptr(), value.count_bytes() as c_int) }.into())
}

/// Prints a batch and hands it over row by row. The text lives in a context of its own, gone with the batch.
fn hand_over(table: *mut pg_sys::SPITupleTable, count: u64, each: &mut dyn FnMut(&Fields) -> Result<(), Error>) -> Result<(), Error> {
    let _formats = Session::formats();
    let _memory = Memory::enter(c"synthgen rows");
    print_rows(table, count, each)
}

fn print_rows(table: *mut pg_sys::SPITupleTable, count: u64, each: &mut dyn FnMut(&Fields) -> Result<(), Error>) -> Result<(), Error> {
    // SAFETY: SPI set the table with a descriptor and `count` tuples.
    let (descriptor, tuples) = unsafe { ((*table).tupdesc, std::slice::from_raw_parts((*table).vals, count as usize)) };
    let mut printer = Printer::new(descriptor);
    let mut fields = Vec::with_capacity(printer.columns.len());
    for tuple in tuples {
        fields.clear();
        printer.print(*tuple, &mut fields)?;
        each(&fields)?;
    }
    Ok(())
}

/// Turns tuples of one descriptor into text by their types' output functions.
struct Printer {
    descriptor: pg_sys::TupleDesc,
    columns: Vec<pg_sys::FmgrInfo>,
    values: Vec<pg_sys::Datum>,
    nulls: Vec<bool>,
}

impl Printer {
    fn new(descriptor: pg_sys::TupleDesc) -> Self {
        // SAFETY: a descriptor of SPI's, alive with the batch.
        let width = unsafe { (*descriptor).natts } as usize;
        let columns = (1..=width as c_int).map(|number| output_function(descriptor, number)).collect();
        Self { descriptor, columns, values: vec![pg_sys::Datum::from(0); width], nulls: vec![true; width] }
    }

    fn print(&mut self, tuple: pg_sys::HeapTuple, fields: &mut Vec<Option<&str>>) -> Result<(), Error> {
        // SAFETY: the arrays are as long as the descriptor is wide, and the tuple is of that descriptor.
        unsafe { pg_sys::heap_deform_tuple(tuple, self.descriptor, self.values.as_mut_ptr(), self.nulls.as_mut_ptr()) };
        for (place, function) in self.columns.iter_mut().enumerate() {
            if self.nulls[place] {
                fields.push(None);
                continue;
            }
            // SAFETY: the function is the output function of this column's type.
            let printed = unsafe { pg_sys::OutputFunctionCall(function, self.values[place]) };
            // SAFETY: output functions return a string in the current context, which lives as long as the batch.
            fields.push(Some(unsafe { text::from_server(printed) }?));
        }
        Ok(())
    }
}

fn output_function(descriptor: pg_sys::TupleDesc, number: c_int) -> pg_sys::FmgrInfo {
    let (mut function, mut variable_length) = (pg_sys::InvalidOid, false);
    // SAFETY: the number is within the descriptor's width.
    let kind = unsafe { pg_sys::SPI_gettypeid(descriptor, number) };
    // SAFETY: both places are ours.
    unsafe { pg_sys::getTypeOutputInfo(kind, &raw mut function, &raw mut variable_length) };
    let mut info = pg_sys::FmgrInfo::default();
    // SAFETY: the function exists; what it allocates belongs to the batch's context.
    unsafe { pg_sys::fmgr_info(function, &raw mut info) };
    info
}
