//! Text between Rust (UTF-8) and the database's encoding.

use std::ffi::{CStr, CString, c_char, c_int};

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};

/// UTF-8 as PostgreSQL numbers encodings.
const UTF8: c_int = pg_sys::pg_enc::PG_UTF8 as c_int;

/// A string of ours as PostgreSQL takes one.
pub(super) fn to_server(text: &str) -> Result<CString, Error> {
    let bytes = CString::new(text)
        .map_err(|_| Error::new(sqlstate::INVALID_TEXT, "a text holds the character NUL, which PostgreSQL cannot store"))?;
    if server_is_utf8() {
        return Ok(bytes);
    }
    // SAFETY: pointer and length are of one live string; what cannot be converted raises.
    let converted = unsafe { pg_sys::pg_any_to_server(bytes.as_ptr(), text.len() as c_int, UTF8) };
    // SAFETY: PostgreSQL returns our pointer or a string of its own, each ending in NUL.
    Ok(unsafe { CStr::from_ptr(converted) }.to_owned())
}

/// A string of PostgreSQL's as ours, without a copy where the database is UTF-8.
///
/// # Safety
/// `text` ends in NUL and outlives `'a`, as does the current memory context.
pub(super) unsafe fn from_server<'a>(text: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: promised by the caller.
    let mut found = unsafe { CStr::from_ptr(text) };
    if !server_is_utf8() {
        // SAFETY: pointer and length are of one live string.
        let converted = unsafe { pg_sys::pg_server_to_any(text, found.count_bytes() as c_int, UTF8) };
        // SAFETY: PostgreSQL returns the same pointer or a string in the current memory context.
        found = unsafe { CStr::from_ptr(converted) };
    }
    found.to_str().map_err(|_| Error::new(sqlstate::INVALID_TEXT, "the database returned a text that is not valid in its encoding"))
}

/// A message of PostgreSQL's for people; never fails, since it is read while an error is being handled: where a
/// conversion could, each byte is taken for the letter that it is in Latin-1.
pub(super) fn lossy(text: &CStr) -> String {
    text.to_str().map_or_else(|_| text.to_bytes().iter().map(|&byte| char::from(byte)).collect(), str::to_owned)
}

/// Whether text of ours is the server's as it stands.
pub(super) fn server_is_utf8() -> bool {
    // SAFETY: reads a process global that is set before any function of ours can run.
    unsafe { pg_sys::GetDatabaseEncoding() == UTF8 }
}
