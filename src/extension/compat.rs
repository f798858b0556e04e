//! Where the server's majors differ: the only file of this door with a `cfg` for one.

use std::ffi::{CStr, c_char};

use pgrx::pg_sys;

/// The state of a COPY FROM under way.
#[cfg(feature = "pg13")]
pub(super) type CopyState = pg_sys::CopyState;
/// The state of a COPY FROM under way.
#[cfg(not(feature = "pg13"))]
pub(super) type CopyState = pg_sys::CopyFromState;

/// Begins a COPY FROM that pulls its text from `source`; PostgreSQL 13 knows no WHERE here.
///
/// # Safety
/// `state` has exactly the range-table entry of `relation`, which is open and locked; the lists hold String and DefElem nodes.
pub(super) unsafe fn begin_copy_from(
    state: *mut pg_sys::ParseState,
    relation: pg_sys::Relation,
    source: pg_sys::copy_data_source_cb,
    columns: *mut pg_sys::List,
    options: *mut pg_sys::List,
) -> CopyState {
    #[cfg(feature = "pg13")]
    // SAFETY: promised by the caller.
    return unsafe { pg_sys::BeginCopyFrom(state, relation, std::ptr::null(), false, source, columns, options) };
    #[cfg(not(feature = "pg13"))]
    // SAFETY: promised by the caller.
    return unsafe { pg_sys::BeginCopyFrom(state, relation, std::ptr::null_mut(), std::ptr::null(), false, source, columns, options) };
}

/// Notes which columns are inserted: PostgreSQL shows a failing row's values to those who may see them.
///
/// # Safety
/// `item` was returned by addRangeTableEntryForRelation.
pub(super) unsafe fn note_inserted_columns(item: *mut pg_sys::ParseNamespaceItem, columns: *mut pg_sys::Bitmapset) {
    #[cfg(any(feature = "pg13", feature = "pg14", feature = "pg15"))]
    // SAFETY: the item points at its range-table entry, both live in the parse state's memory context.
    unsafe {
        (*(*item).p_rte).insertedCols = columns;
    }
    #[cfg(not(any(feature = "pg13", feature = "pg14", feature = "pg15")))]
    // SAFETY: from 16 on the entry's permissions stand beside it.
    unsafe {
        (*(*item).p_perminfo).insertedCols = columns;
    }
}

/// A String node, of whichever type the major has for it.
///
/// # Safety
/// `text` was allocated by PostgreSQL and belongs to the node from now on.
pub(super) unsafe fn string_node(text: *mut c_char) -> *mut pg_sys::Node {
    // SAFETY: promised by the caller.
    unsafe { pg_sys::makeString(text) }.cast()
}

/// Makes an unknown `synthgen.x` an error where the major can, a warning before.
pub(super) fn reserve_settings_prefix(prefix: &CStr) {
    #[cfg(any(feature = "pg13", feature = "pg14"))]
    // SAFETY: the string lives for the call, all that is asked.
    unsafe {
        pg_sys::EmitWarningsOnPlaceholders(prefix.as_ptr());
    }
    #[cfg(not(any(feature = "pg13", feature = "pg14")))]
    // SAFETY: PostgreSQL copies the string.
    unsafe {
        pg_sys::MarkGUCPrefixReserved(prefix.as_ptr());
    }
}
