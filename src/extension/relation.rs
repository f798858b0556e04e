//! A table opened for COPY: locked first, then checked for all that the command would check.

use std::ffi::{CStr, CString, c_char, c_int};

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::CopyTarget;
use crate::extension::session::Session;
use crate::extension::spi::Spi;
use crate::extension::{compat, text};

/// `RLS_ENABLED` of utils/rls.h: policies apply to this user and table.
const POLICIES_APPLY: c_int = 2;

/// Extensions that take over COPY as a command, and whether the table is one of theirs.
const TAKEN_OVER: [(&CStr, &str); 2] =
    [(c"citus", include_str!("../../sql/copy/citus_table.sql")), (c"timescaledb", include_str!("../../sql/copy/timescale_table.sql"))];

/// An open table and the columns that will be filled.
pub(super) struct Target {
    pub(super) relation: pg_sys::Relation,
    /// The table's name alone, as COPY writes it in its context.
    pub(super) name: String,
    columns: Vec<(CString, pg_sys::AttrNumber)>,
}

impl Target {
    /// Opens and locks the table, as COPY FROM does, and finds its columns. The lock stays until the transaction ends.
    pub(super) fn open(target: &CopyTarget) -> Result<Self, Error> {
        // SAFETY: raises where the table is gone; what is opened is closed by `drop`.
        let relation = unsafe { pg_sys::table_open(pg_sys::Oid::from(target.oid), pg_sys::RowExclusiveLock as c_int) };
        let mut table = Self { relation, name: String::new(), columns: Vec::new() };
        // SAFETY: a name is an array of 64 bytes that ends in NUL, and the relation is open.
        unsafe { text::from_server((*table.form()).relname.data.as_ptr()) }?.clone_into(&mut table.name);
        for column in &target.columns {
            table.columns.push(table.column(column)?);
        }
        table.check_kind(&target.name)?;
        Ok(table)
    }

    /// Whether COPY may fill the table as this user; refusals are PostgreSQL's own. False: an INSERT would do, and
    /// asks for its rights itself.
    pub(super) fn takes_copy(&self) -> Result<bool, Error> {
        self.check_transaction();
        if self.is_taken_over()? {
            return Ok(false);
        }
        self.check_privileges();
        // SAFETY: an OID of an open table; raises where row_security is off and policies would apply.
        Ok(unsafe { pg_sys::check_enable_rls(self.oid(), pg_sys::InvalidOid, false) } != POLICIES_APPLY)
    }

    /// A parse state with the one range-table entry that COPY wants.
    pub(super) fn parse_state(&self) -> *mut pg_sys::ParseState {
        // SAFETY: NULL means no outer query.
        let state = unsafe { pg_sys::make_parsestate(std::ptr::null_mut()) };
        // SAFETY: the relation is open and locked in this mode.
        let item = unsafe {
            pg_sys::addRangeTableEntryForRelation(
                state,
                self.relation,
                pg_sys::RowExclusiveLock as c_int,
                std::ptr::null_mut(),
                false,
                false,
            )
        };
        // SAFETY: the item is the one just made.
        unsafe { compat::note_inserted_columns(item, self.column_set()) };
        state
    }

    /// The columns as COPY's list of names.
    pub(super) fn column_list(&self) -> *mut pg_sys::List {
        self.columns.iter().fold(std::ptr::null_mut(), |list, (name, _)| {
            // SAFETY: copies the name into the current memory context, for the node to own.
            let node = unsafe { compat::string_node(pg_sys::pstrdup(name.as_ptr())) };
            // SAFETY: the list is NULL or of nodes.
            unsafe { pg_sys::lappend(list, node.cast()) }
        })
    }

    fn column_set(&self) -> *mut pg_sys::Bitmapset {
        self.columns.iter().fold(std::ptr::null_mut(), |set, (_, number)| {
            let member = c_int::from(*number) - pg_sys::FirstLowInvalidHeapAttributeNumber;
            // SAFETY: the set is NULL, which is empty, or made here.
            unsafe { pg_sys::bms_add_member(set, member) }
        })
    }

    fn column(&self, name: &str) -> Result<(CString, pg_sys::AttrNumber), Error> {
        let spelled = text::to_server(name)?;
        // SAFETY: an OID of an open table and a live string.
        match unsafe { pg_sys::get_attnum(self.oid(), spelled.as_ptr()) } {
            number if number > 0 => Ok((spelled, number)),
            _ => Err(Error::new(sqlstate::UNDEFINED_COLUMN, format!("column \"{name}\" of relation \"{}\" does not exist", self.name))),
        }
    }

    /// Tables, partitioned and foreign tables; no catalogs, no other session's temporary tables.
    fn check_kind(&self, name: &str) -> Result<(), Error> {
        // SAFETY: the relation is open.
        let kind = unsafe { (*self.form()).relkind } as u8;
        if !matches!(kind, b'r' | b'p' | b'f') {
            return Err(Error::new("42809", format!("cannot copy to {name}")).detail("It is not a table."));
        }
        // SAFETY: an OID and a row of pg_class of an open relation.
        if unsafe { pg_sys::IsSystemClass(self.oid(), self.form()) } {
            return Err(
                Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("cannot fill {name}")).detail("It belongs to the system catalog.")
            );
        }
        if self.is_temporary() && !self.is_own_temporary() {
            return Err(Error::new(sqlstate::NOT_SUPPORTED, "cannot access temporary tables of other sessions"));
        }
        Ok(())
    }

    fn check_transaction(&self) {
        if !self.is_own_temporary() {
            // SAFETY: a constant string; raises in a read-only transaction.
            unsafe { pg_sys::PreventCommandIfReadOnly(c"COPY FROM".as_ptr()) };
        }
        // SAFETY: a constant string; raises in a parallel worker or under one.
        unsafe { pg_sys::PreventCommandIfParallelMode(c"COPY FROM".as_ptr()) };
    }

    /// INSERT on the table, or on every column that is filled.
    fn check_privileges(&self) {
        // SAFETY: reads a process global.
        let user = unsafe { pg_sys::GetUserId() };
        let insert = pg_sys::AclMode::from(pg_sys::ACL_INSERT);
        // SAFETY: an OID of an open table.
        let whole = unsafe { pg_sys::pg_class_aclcheck(self.oid(), user, insert) };
        // SAFETY: an OID of an open table and a number of one of its columns.
        let may_fill =
            |number| unsafe { pg_sys::pg_attribute_aclcheck(self.oid(), number, user, insert) } == pg_sys::AclResult::ACLCHECK_OK;
        let may = whole == pg_sys::AclResult::ACLCHECK_OK
            || (!self.columns.is_empty() && self.columns.iter().all(|(_, number)| may_fill(*number)));
        if !may {
            self.deny();
        }
    }

    fn deny(&self) {
        // SAFETY: the relation is open.
        let form = unsafe { &*self.form() };
        // SAFETY: the kind is one of pg_class's.
        let kind = unsafe { pg_sys::get_relkind_objtype(form.relkind as c_char) };
        // SAFETY: a name that ends in NUL; raises `permission denied for table ..`.
        unsafe { pg_sys::aclcheck_error(pg_sys::AclResult::ACLCHECK_NO_PRIV, kind, form.relname.data.as_ptr()) };
    }

    /// Citus and Timescale catch COPY only as a command: raw COPY would write past them.
    fn is_taken_over(&self) -> Result<bool, Error> {
        let oid = u32::from(self.oid()).to_string();
        for (extension, query) in TAKEN_OVER {
            // SAFETY: a constant string; true: 0 where the extension is missing.
            if unsafe { pg_sys::get_extension_oid(extension.as_ptr(), true) } == pg_sys::InvalidOid {
                continue;
            }
            let _settings = Session::pinned();
            let found = Spi::connect()?.rows(query, &[Some(&oid)], &mut |_| Ok(()))?;
            if found > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_temporary(&self) -> bool {
        // SAFETY: the relation is open.
        let persistence = unsafe { (*self.form()).relpersistence };
        persistence as u8 == pg_sys::RELPERSISTENCE_TEMP
    }

    fn is_own_temporary(&self) -> bool {
        // SAFETY: the relation is open.
        unsafe { (*self.relation).rd_islocaltemp }
    }

    fn oid(&self) -> pg_sys::Oid {
        // SAFETY: the relation is open.
        unsafe { (*self.relation).rd_id }
    }

    fn form(&self) -> pg_sys::Form_pg_class {
        // SAFETY: the relation is open.
        unsafe { (*self.relation).rd_rel }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: opened by `open`; NoLock keeps the lock until the transaction ends.
            unsafe { pg_sys::table_close(self.relation, pg_sys::NoLock as c_int) };
        }
    }
}
