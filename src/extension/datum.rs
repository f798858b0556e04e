//! Text and JSON between SQL and us, in whatever encoding the database has.
//!
//! pgrx takes every database for UTF-8: in another one its `String` and `JsonB` panic on arguments beyond ASCII, and
//! return bytes that the database takes for other letters.

use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::{Array, Datum, FromDatum, IntoDatum, TimestampWithTimeZone};
use pgrx::pg_sys;
use pgrx::pgrx_sql_entity_graph::metadata::{ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin};
use serde_json::Value as Json;

use crate::engine::error::{Error, sqlstate};
use crate::extension::text;

/// An SQL argument as ours.
pub(super) trait Argument: Sized {
    /// Reads an argument that is not NULL.
    ///
    /// # Safety
    /// The datum is of the SQL type that the implementation names.
    unsafe fn read(datum: pg_sys::Datum) -> Result<Self, Error>;
}

/// Types that look alike in every encoding.
macro_rules! plain_arguments {
    ($($kind:ty),*) => {
        $(impl Argument for $kind {
            unsafe fn read(datum: pg_sys::Datum) -> Result<Self, Error> {
                // SAFETY: promised by the caller.
                unsafe { Self::from_datum(datum, false) }.ok_or_else(unreadable)
            }
        })*
    };
}

plain_arguments!(bool, i32, i64, f64, TimestampWithTimeZone);

/// SQL type text.
impl Argument for String {
    unsafe fn read(datum: pg_sys::Datum) -> Result<Self, Error> {
        // SAFETY: the caller promises a text; the copy is ours and ends in NUL.
        let copy = unsafe { pg_sys::text_to_cstring(datum.cast_mut_ptr()) };
        // SAFETY: as above; both live as long as the function's memory context.
        unsafe { text::from_server(copy) }.map(str::to_owned)
    }
}

/// SQL type jsonb.
impl Argument for Json {
    unsafe fn read(datum: pg_sys::Datum) -> Result<Self, Error> {
        // SAFETY: the caller promises a jsonb.
        let printed = unsafe { pgrx::direct_function_call::<&std::ffi::CStr>(pg_sys::jsonb_out, &[Some(datum)]) }.ok_or_else(unreadable)?;
        // SAFETY: output functions return a string in the current memory context.
        let printed = unsafe { text::from_server(printed.as_ptr()) }?;
        serde_json::from_str(printed).map_err(|error| Error::new(sqlstate::INTERNAL, format!("an argument is not JSON: {error}")))
    }
}

/// SQL type text[].
impl Argument for Vec<Option<String>> {
    unsafe fn read(datum: pg_sys::Datum) -> Result<Self, Error> {
        // SAFETY: the caller promises an array of text.
        let array = unsafe { Array::<pg_sys::Datum>::from_datum(datum, false) }.ok_or_else(unreadable)?;
        // SAFETY: its elements are texts.
        array.iter().map(|element| element.map(|element| unsafe { String::read(element) }).transpose()).collect()
    }
}

fn unreadable() -> Error {
    Error::new(sqlstate::INTERNAL, "an argument cannot be read")
}

/// A text that a function of ours returns.
pub(super) struct Text(pub(super) String);

/// A jsonb that a function of ours returns.
pub(super) struct Document(pub(super) Json);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl IntoDatum for Text {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        let text = text::to_server(&self.0).unwrap_or_else(|error| crate::extension::error::raise(error));
        // SAFETY: a live string that ends in NUL; the copy lives in the current memory context.
        Some(unsafe { pg_sys::cstring_to_text(text.as_ptr()) }.into())
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::TEXTOID
    }
}

impl IntoDatum for Document {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        let text = text::to_server(&self.0.to_string()).unwrap_or_else(|error| crate::extension::error::raise(error));
        // SAFETY: the input function takes a string that ends in NUL, and copies what it needs of it.
        unsafe { pgrx::direct_function_call_as_datum(pg_sys::jsonb_in, &[Some(text.as_ptr().into())]) }
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::JSONBOID
    }
}

/// What pgrx asks of a type that a function returns; the functions themselves are declared in sql/install/.
macro_rules! returned {
    ($kind:ident, $sql:literal) => {
        // SAFETY: the datum is handed over to the function's result, as for any type of pgrx's own.
        unsafe impl BoxRet for $kind {
            unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
                match self.into_datum() {
                    // SAFETY: made above, of the type that the function returns.
                    Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
                    None => fcinfo.return_null(),
                }
            }
        }

        // SAFETY: the SQL type named is the one that `into_datum` makes.
        unsafe impl SqlTranslatable for $kind {
            const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!($kind);
            const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
            const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal($sql));
            const RETURN_SQL: Result<ReturnsRef, ReturnsError> = Ok(ReturnsRef::One(SqlMappingRef::literal($sql)));
        }
    };
}

returned!(Text, "text");
returned!(Document, "jsonb");
