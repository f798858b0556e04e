//! The arguments of an SQL call, read in order. The functions are declared in sql/install/, where their
//! arguments have names, types and defaults; none is strict, so any argument may be NULL.

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};
use crate::extension::datum::Argument;

/// A call under way and the argument that comes next.
pub(super) struct Call {
    arguments: pg_sys::FunctionCallInfo,
    next: usize,
}

impl Call {
    /// Begins with the first argument.
    pub(super) fn new(arguments: pg_sys::FunctionCallInfo) -> Self {
        Self { arguments, next: 0 }
    }

    /// The next argument, `None` where it is NULL.
    pub(super) fn optional<T: Argument>(&mut self) -> Result<Option<T>, Error> {
        let place = self.next;
        self.next += 1;
        // SAFETY: PostgreSQL passes as many arguments as sql/install/ declares.
        let given = unsafe { pgrx::fcinfo::pg_getarg_datum(self.arguments, place) };
        // SAFETY: of the types declared there.
        given.map(|datum| unsafe { T::read(datum) }).transpose()
    }

    /// The next argument, which must not be NULL.
    pub(super) fn required<T: Argument>(&mut self, name: &str) -> Result<T, Error> {
        self.optional()?.ok_or_else(|| Error::new(sqlstate::NULL_NOT_ALLOWED, format!("the argument {name} must not be NULL")))
    }
}
